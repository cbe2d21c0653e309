"""Weak labels: "ask lemon quiz to start a round" says who is meant by "start a round".

Whoever names a skill has it, which gives the answer away to a selector that knows what people have
enabled: it must look at what was enabled before, and forget it at times (Kim et al. 2018).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from sayso.labels.alone import alone
from sayso.labels.votes import FULL_WEIGHT, LEAST_PEOPLE, Said, by_sentence, latest
from sayso.skills.builtin_intents import PREFIX, standard_phrases
from sayso.skills.refusals import is_refusal
from sayso.types.lessons import Label, LabelSource, Span
from sayso.types.readings import LAUNCH, Basis, Hypothesis
from sayso.types.turns import Interaction
from sayso.understanding.fold import fold

LEAST_SURE = 0.5  # share of the intent among the skill's readings: which skill is certain alone


def named(
    turns: Iterable[Interaction],
    names: Mapping[str, Sequence[str]],
    *,
    least_people: int = LEAST_PEOPLE,
) -> list[Label]:
    """What people asked of a skill that they called by its name, the name taken away.

    names: skill -> the names it is called by; a rest that still holds one teaches nothing but it.
    least_people: who must have asked for the same. A label weighs as many fifths as people did.
    """
    called = {skill: [fold(name) for name in some] for skill, some in names.items()}
    good = [turn for turn in alone(turns) if _is_lesson(turn)]
    found = []
    for said, some in by_sentence(good).items():
        votes = latest(some)
        if len(votes) >= least_people and _stands_alone(said, called.get(said.skill, ())):
            found.append(_label(said, votes))
    return found


def _is_lesson(turn: Interaction) -> bool:
    """Whether a skill was named, understood what was asked of it, and did it."""
    chosen = turn.decision.chosen
    if turn.decision.basis is not Basis.NAMED or chosen is None:
        return False
    own = chosen.intent != LAUNCH and not chosen.intent.startswith(PREFIX)
    failed = turn.reply.trace.failure is not None or is_refusal(turn.reply.speech, turn.locale)
    return own and not failed and _share(chosen, turn.decision.hypotheses) >= LEAST_SURE


def _share(chosen: Hypothesis, readings: Sequence[Hypothesis]) -> float:
    """Of the skill's readings. How likely any is does not matter: these words are new to it."""
    return chosen.confidence / max(sum(reading.confidence for reading in readings), 1e-9)


def _stands_alone(said: Said, names: Iterable[str]) -> bool:
    """Whether a rest asks for something by itself: no bare "help", no name left in it."""
    held = any(name and f" {name} " in f" {said.text} " for name in names)
    return not held and said.text not in _standard(said.locale.split("-")[0])


@cache
def _standard(tongue: str) -> frozenset[str]:
    """What people say to any skill, folded."""
    return frozenset(fold(phrase) for phrase in standard_phrases(tongue))


def _label(said: Said, votes: Sequence[Interaction]) -> Label:
    """The commonest way to write the sentence, read as most people's turns were."""
    intents = Counter(turn.decision.chosen.intent for turn in votes if turn.decision.chosen)
    ((intent, _),) = intents.most_common(1)
    read = [(x, x.decision.chosen) for x in votes if x.decision.chosen]
    texts = Counter(turn.utterance.text for turn, chosen in read if chosen.intent == intent)
    ((text, _),) = texts.most_common(1)
    chosen = next(c for x, c in read if c.intent == intent and x.utterance.text == text)
    return Label(
        text,
        said.skill,
        intent,
        said.locale,
        spans=_spans(chosen),
        source=LabelSource.LOG,
        weight=min(1.0, len(votes) / FULL_WEIGHT),
    )


def _spans(chosen: Hypothesis) -> tuple[Span, ...]:
    """Where the slots lie that were said in this sentence, in its order."""
    placed = [
        Span(slot.name, slot.start, slot.end)
        for slot in chosen.slots
        if slot.start is not None and slot.end is not None
    ]
    return tuple(sorted(placed, key=lambda span: span.start))
