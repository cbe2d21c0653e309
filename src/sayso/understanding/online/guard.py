"""The rules that no probability overrides, for what was heard and one request that may be meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sayso.types.readings import Outcome
from sayso.understanding.online.differences import (
    SAME,
    Crossing,
    Difference,
    difference,
    other_value,
)
from sayso.understanding.online.entries import NOTHING, Asked, Undone
from sayso.understanding.online.figures import Found, likeness, values_of
from sayso.understanding.online.sounds import alike
from sayso.understanding.values.likeness import sounds

# Likeness without which nothing is rewritten unasked: of runs of sounds, of all sounds in order, of
# those of the words that differ, and of these where a value differs that is no habit.
LIKE_RUNS, LIKE_SOUNDS, LIKE_APART, LIKE_VALUES = 0.3, 0.5, 0.25, 0.5
HABIT = 2  # turns


@dataclass(frozen=True, slots=True)
class Guard:
    """The rules for what was found, each looked at once."""

    asked: Asked
    found: Sequence[Found]
    undone: Undone
    known: dict[int, Difference] = field(default_factory=dict)

    def __call__(self, at: int) -> Difference:
        """What stands against the request at that place."""
        if at not in self.known:
            self.known[at] = against(self.asked, self.found[at], self.undone)
        return self.known[at]


def against(asked: Asked, one: Found, undone: Undone = NOTHING) -> Difference:
    """What stands against a request that a model thinks likely: `guard`, and that it only says more
    than a sentence which is whole, and understood. Whoever means more habitually is known for it
    (`longer.py`).
    """
    mine = (asked.skill, asked.intent)
    understood = asked.outcome is Outcome.ACT and mine == (one.entry.skill, one.entry.intent)
    if understood and set(asked.words.split()) <= set(one.entry.words.split()):
        return Difference(Crossing.NEVER, "what was said is whole, and understood")
    return guard(asked, one, undone)


def guard(asked: Asked, one: Found, undone: Undone = NOTHING) -> Difference:
    """The rules that no probability overrides: the worst that stands against this request."""
    entry = one.entry
    if undone.forbids(asked.words, entry.words):
        return Difference(Crossing.NEVER, "this person took it back before")
    found = [
        _unlike(asked, one),
        difference(asked.words, entry.words, asked.locale),
        other_value(
            asked.known,
            asked.words,
            entry.words,
            values_of(entry.slots),
            own=one.own is not None,
        ),
    ]
    if entry.side_effects or asked.side_effects:
        found.append(Difference(Crossing.ASK, "it is not lightly undone"))
    return max(found, key=lambda each: each.crossing, default=SAME)


def _unlike(asked: Asked, one: Found) -> Difference:
    """Whether it takes more than a mishearing to come from one to the other.

    Who was understood to want nothing may want just what no skill does: other words with the same
    sense are asked about, and so is what nobody but the crowd would add to a whole request.
    """
    said, meant = asked.words.split(), one.entry.words.split()
    if alike(asked.runs, one.kept.runs) < LIKE_RUNS or _like(said, meant) < LIKE_SOUNDS:
        return Difference(Crossing.ASK, "it sounds different")
    mine, theirs = [x for x in said if x not in meant], [x for x in meant if x not in said]
    enough = LIKE_APART
    if one.own is not None and one.own.turns < HABIT and not _says_all(asked, one):
        # Milk was put on the list once: butter, put there in the same words, was not misheard.
        enough = LIKE_VALUES
    if mine and theirs and _like(mine, theirs) < enough:
        return Difference(Crossing.ASK, f'"{" ".join(mine)}" sounds different')
    if one.own is None and not mine and theirs:
        return Difference(Crossing.ASK, "it says more")
    return SAME


def _says_all(asked: Asked, one: Found) -> bool:
    """Whether all values of a request were said word for word."""
    said = f" {asked.words} "
    return all(f" {value} " in said for value in values_of(one.entry.slots).values())


def _like(said: Sequence[str], meant: Sequence[str]) -> float:
    return likeness(sounds(" ".join(said)), sounds(" ".join(meant)))


def reads_the_same(asked: Asked, one: Found) -> bool:
    """Whether what was heard is acted on just as this request would be, as it stands."""
    entry = one.entry
    if asked.outcome is not Outcome.ACT:
        return False  # it may be read so, but nobody is sure enough of that
    if (asked.skill, asked.intent) != (entry.skill, entry.intent):
        return False
    return asked.folded == values_of(entry.slots)
