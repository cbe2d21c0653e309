"""Negative labels: a skill that turned a request down was wrongly chosen for it.

After Kim and Kim 2020 (arXiv:2003.03728). One refusal may be the recogniser's fault or a bad day of
the skill's, so several people must have met it, and more of them than were served.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sayso.labels.alone import alone
from sayso.labels.votes import LEAST_PEOPLE, Said, by_sentence, latest
from sayso.skills.refusals import is_refusal
from sayso.types.lessons import Label, LabelSource
from sayso.types.turns import Interaction

DOUBT = 1.0  # people that might have been served, beside those who were asked for: shrinks a weight
FAILED = 0.5  # of a refusal: a back-end that breaks down may be at fault, not the choice
DOWN = 0.5  # share of failed turns from which on a skill is out of order: they say nothing then


def refused(
    turns: Iterable[Interaction],
    versions: Mapping[str, str] | None = None,
    *,
    least_people: int = LEAST_PEOPLE,
) -> list[Label]:
    """What a skill was asked for and turned down, with weights in (-1, 0).

    The weight is the share of people who were refused, one person more counted as served.
    versions: skill -> its version today; what another version of it did says nothing. None counts
    all. least_people: who must have been refused.
    """
    rows = [turn for turn in alone(turns) if versions is None or _is_todays(turn, versions)]
    down = _out_of_order(rows)
    found = []
    for said, some in by_sentence(rows).items():
        votes = latest(some)
        against = sum(_against(turn, said.skill in down) for turn in votes)
        if against >= least_people and 2 * against > len(votes):
            found.append(_label(said, votes, -against / (len(votes) + DOUBT)))
    return found


def _is_todays(turn: Interaction, versions: Mapping[str, str]) -> bool:
    chosen = turn.decision.chosen
    did = turn.reply.trace.versions.get("skill")
    return chosen is not None and did is not None and versions.get(chosen.skill) == did


def _against(turn: Interaction, down: bool) -> float:
    """How much one person's turn says that the skill was wrongly chosen, 0 to 1."""
    if is_refusal(turn.reply.speech, turn.locale):
        return 1.0
    failed = turn.reply.trace.failure is not None
    return FAILED if failed and not down else 0.0


def _out_of_order(turns: Sequence[Interaction]) -> set[str]:
    """Skills that fail at most of what they are asked for."""
    asked, failed = Counter[str](), Counter[str]()
    for turn in turns:
        if turn.decision.chosen is not None:
            skill = turn.decision.chosen.skill
            asked[skill] += 1
            failed[skill] += turn.reply.trace.failure is not None
    return {skill for skill, count in asked.items() if failed[skill] >= DOWN * count}


def _label(said: Said, votes: Sequence[Interaction], weight: float) -> Label:
    texts: Mapping[str, int] = Counter(turn.utterance.text for turn in votes)
    intents = Counter(turn.decision.chosen.intent for turn in votes if turn.decision.chosen)
    ((intent, _),) = intents.most_common(1)
    return Label(
        max(texts, key=lambda text: texts[text]),
        said.skill,
        intent,
        said.locale,
        source=LabelSource.LOG,
        weight=weight,
    )
