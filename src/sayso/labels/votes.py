"""Turns -> who said what to which skill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sayso.types.lessons import Label
from sayso.types.turns import Interaction
from sayso.understanding.fold import fold

LEAST_PEOPLE = 3  # who must have said it: what one or two say may be a whim, or private
FULL_WEIGHT = 5  # people from which on a label weighs as much as a sample


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, folded, in a locale, and the skill that got it."""

    text: str
    skill: str
    locale: str


def said_by(label: Label) -> Said:
    """The sentence that a label is of."""
    return Said(fold(label.text), label.skill, label.locale)


def by_sentence(turns: Iterable[Interaction]) -> dict[Said, list[Interaction]]:
    """The turns of each sentence and skill."""
    found: dict[Said, list[Interaction]] = defaultdict(list)
    for turn in turns:
        text, chosen = fold(turn.utterance.text), turn.decision.chosen
        if text and chosen is not None:
            found[Said(text, chosen.skill, turn.locale)].append(turn)
    return found


def latest(turns: Iterable[Interaction]) -> list[Interaction]:
    """Each person's latest turn. One vote per person: an insistent one must not teach everyone."""
    votes: dict[str, Interaction] = {}
    for turn in sorted(turns, key=lambda turn: turn.at):
        votes[turn.user] = turn
    return list(votes.values())
