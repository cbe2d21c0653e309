"""What a person wants of a skill: its intents, or none (any more)."""

from __future__ import annotations

import numpy as np

from sayso.understanding.described.figures import TURN, turn_figures
from sayso.understanding.described.looked import Floats, Looked, rivals
from sayso.understanding.described.slots import DescribedIntent

INTENTS = (
    "none", "before", "none_before", "proposed", "title_near", "told_near", "title_lead",
    "told_lead", "common_words", "words_lead", "goal", "goal_sharp", "goal_lead", "missing",
    "complete", "side_effects", "intents",
    "first", *TURN,
)  # fmt: skip


def intent_rows(one: Looked) -> tuple[list[str | None], Floats]:
    """The intents, and None for no intent (any more); (intents + 1, figures)."""
    skill, past, seen = one.skill, one.past, one.seen
    pooled, turn = seen.heard.pooled, turn_figures(one)
    stems, other_goals = one.sensed.stems, rivals(one.goals[1, 0])
    near = [
        (
            float(each.title @ pooled) if pooled is not None else 0.0,
            float(each.told @ pooled) if pooled is not None else 0.0,
            float(len(each.words & stems)),
        )
        for each in skill.intents
    ]
    rows = []
    for at, each in enumerate(skill.intents):
        others = [x for place, x in enumerate(near) if place != at]
        leads = [near[at][kind] - max((x[kind] for x in others), default=0.0) for kind in range(3)]
        missing = _missing(each, one)
        rows.append(
            [
                0.0,
                float(past.intent == each.name),
                float(past.intent is None),
                float(past.proposed == each.name),
                near[at][0],
                near[at][1],
                leads[0],
                leads[1],
                near[at][2],
                leads[2],
                float(one.goals[0, 0, at]),
                float(one.goals[1, 0, at]),
                float(one.goals[1, 0, at] - other_goals[at]),
                float(missing),
                float(missing == 0),
                float(each.side_effects),
                float(len(skill.intents)),
                float(at == 0),
            ]
        )
    nan = float("nan")
    none = [1.0, float(past.intent is None), float(past.intent is None), 0.0]
    rows.append([*none, *[nan] * 12, float(len(skill.intents)), 0.0])
    figures = np.array(rows, np.float32)
    names: list[str | None] = [each.name for each in skill.intents]
    repeated = np.repeat(turn[None], len(rows), axis=0)
    return [*names, None], np.concatenate([figures, repeated], axis=1)


def _missing(intent: DescribedIntent, one: Looked) -> int:
    filled = {one.skill.places[name] for name in one.past.filled if name in one.skill.places}
    return len(intent.required - filled)
