"""What a person habitually means by less: `Wilkerson` is the one in California for who always asks
for that one, though most people mean another.

No model: of what this person asked for before that says all that was said just now and more of one
value, the share that was this very request. Two turns that never were stand against it, so that a
few say nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sayso.understanding.fold import fold
from sayso.understanding.online.entries import Asked, Entry
from sayso.understanding.online.figures import values_of
from sayso.understanding.online.habits import Habits

_NEVER_WERE = 2.0  # turns


@dataclass(frozen=True, slots=True)
class Longer:
    """A request of one's own that says more, and the probability that it is meant."""

    entry: Entry
    probability: float


def longer(asked: Asked, habits: Habits) -> Longer | None:
    """What this person usually means where a value was said in part; None where there is nothing.

    What was said must have been read with the same intent, and the value lie within the other.
    """
    if asked.skill is None or not asked.values:
        return None
    said = set(asked.words.split())
    mine = {name: fold(value) for name, value in asked.values.items()}
    fitting = [
        entry
        for entry in habits.by_intent.get((asked.skill, asked.intent or ""), ())
        if said < set(entry.words.split()) and _more_of_one(mine, values_of(entry.slots))
    ]
    if not fitting:
        return None
    best = max(fitting, key=lambda entry: (entry.turns, entry.words))
    plain = habits.by_words.get(asked.words)
    alike = sum(entry.turns for entry in fitting if entry.reading == best.reading)
    every = sum(entry.turns for entry in fitting) + (plain.turns if plain is not None else 0)
    return Longer(best, alike / (every + _NEVER_WERE))


def _more_of_one(mine: Mapping[str, str], theirs: Mapping[str, str]) -> bool:
    """Whether all values are the same but one, of which there is more."""
    if mine.keys() != theirs.keys():
        return False
    apart = [name for name in mine if mine[name] != theirs[name]]
    if len(apart) != 1:
        return False
    short, long = mine[apart[0]].split(), theirs[apart[0]].split()
    return bool(short) and set(short) < set(long)
