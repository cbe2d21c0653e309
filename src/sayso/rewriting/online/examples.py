"""Turns whose truth is known, or was mined -> figures to fit on, and to judge a ranker by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.online.entries import Asked, Entry
from sayso.understanding.online.figures import KEEP, MEANT, Floats
from sayso.understanding.online.guard import against, reads_the_same
from sayso.understanding.online.habits import NOBODY, Habits
from sayso.understanding.online.suggest import Online

Ints = NDArray[np.int64]
_PER_TURN = ("keep", "right", "person", "there", "weight")


@dataclass(frozen=True, slots=True)
class Case:
    """A turn and how it should have gone.

    right: what was heard, read as it stands, is what was meant. meant: whether to read this
    request in its place would be right. person: a number of theirs. weight: how many turns
    it stands for.
    """

    asked: Asked
    right: bool
    meant: Callable[[Entry], bool]
    habits: Habits = NOBODY
    person: int = 0
    weight: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """n turns with m requests that were found for them.

    keep: (n, len(KEEP)); right: (n,); person: (n,); there: (n,) whether a right one was found.
    meant: (m, len(MEANT)); correct, own: (m,); turn: (m,) ascending, whose each is; crossing: (m,)
    see `Crossing`; idle: (m,) it reads like what was heard. reading: (m,) number of what it means.
    weight: (n,) how many turns each stands for.
    """

    keep: Floats
    right: NDArray[np.bool_]
    person: Ints
    there: NDArray[np.bool_]
    meant: Floats
    correct: NDArray[np.bool_]
    own: NDArray[np.bool_]
    turn: Ints
    crossing: Ints
    idle: NDArray[np.bool_]
    reading: Ints
    weight: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.right)

    def of(self, chosen: NDArray[np.bool_]) -> Examples:
        """Those of some turns; chosen: (n,)."""
        rows = chosen[self.turn]
        number = np.cumsum(chosen) - 1
        held = {each.name: getattr(self, each.name) for each in fields(self)}
        per_turn = {name: held[name][chosen] for name in _PER_TURN}
        per_row = {name: held[name][rows] for name in held if name not in per_turn}
        per_row["turn"] = number[per_row["turn"]]
        return Examples(**per_turn, **per_row)


def collect(online: Online, cases: Iterable[Case]) -> Examples:
    """What `online` finds for each case, with its figures."""
    keep, right, person, there, weight = [], [], [], [], []
    meant, correct, own, turn, crossing, idle = [], [], [], [], [], []
    reading: list[int] = []
    readings: dict[tuple[str, str, str], int] = {}
    for number, case in enumerate(cases):
        looked = online.consider(case.asked, case.habits)
        keep.append(looked.keep)
        right.append(case.right)
        person.append(case.person)
        weight.append(case.weight)
        fits = [case.meant(one.entry) for one in looked.found]
        there.append(any(fits))
        meant.append(looked.meant)
        correct += fits
        own += [one.own is not None for one in looked.found]
        turn += [number] * len(looked.found)
        crossing += [int(against(case.asked, one).crossing) for one in looked.found]
        idle += [reads_the_same(case.asked, one) for one in looked.found]
        means = [one.entry.reading for one in looked.found]
        reading += [readings.setdefault(each, len(readings)) for each in means]
    return Examples(
        np.concatenate([np.zeros((0, len(KEEP)), np.float32), *keep]),
        np.array(right, np.bool_),
        np.array(person, np.int64),
        np.array(there, np.bool_),
        np.concatenate([np.zeros((0, len(MEANT)), np.float32), *meant]),
        np.array(correct, np.bool_),
        np.array(own, np.bool_),
        np.array(turn, np.int64),
        np.array(crossing, np.int64),
        np.array(idle, np.bool_),
        np.array(reading, np.int64),
        np.array(weight, np.float64),
    )
