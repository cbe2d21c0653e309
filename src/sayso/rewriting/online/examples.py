"""Turns whose truth is known, or was mined -> figures to fit on, and to judge a ranker by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.online.entries import Asked, Entry
from sayso.understanding.online.figures import KEEP, MEANT, Floats
from sayso.understanding.online.habits import NOBODY, Habits
from sayso.understanding.online.suggest import Online, guard, reads_the_same

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Case:
    """A turn and how it should have gone.

    right: what was heard, read as it stands, is what was meant. meant: whether to read this
    request in its place would be right. person: a number of theirs.
    """

    asked: Asked
    right: bool
    meant: Callable[[Entry], bool]
    habits: Habits = NOBODY
    person: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """n turns with m requests that were found for them.

    keep: (n, len(KEEP)); right: (n,); person: (n,); there: (n,) whether a right one was found.
    meant: (m, len(MEANT)); correct, own: (m,); turn: (m,) ascending, whose each is; crossing: (m,)
    see `Crossing`; idle: (m,) it reads like what was heard.
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

    def __len__(self) -> int:
        return len(self.right)

    def of(self, chosen: NDArray[np.bool_]) -> Examples:
        """Those of some turns; chosen: (n,)."""
        rows = chosen[self.turn]
        number = np.cumsum(chosen) - 1
        held = {each.name: getattr(self, each.name) for each in fields(self)}
        per_turn = {name: held[name][chosen] for name in ("keep", "right", "person", "there")}
        per_row = {name: held[name][rows] for name in held if name not in per_turn}
        per_row["turn"] = number[per_row["turn"]]
        return Examples(**per_turn, **per_row)


def collect(online: Online, cases: Iterable[Case]) -> Examples:
    """What `online` finds for each case, with its figures."""
    keep, right, person, there = [], [], [], []
    meant, correct, own, turn, crossing, idle = [], [], [], [], [], []
    for number, case in enumerate(cases):
        looked = online.consider(case.asked, case.habits)
        keep.append(looked.keep)
        right.append(case.right)
        person.append(case.person)
        fits = [case.meant(one.entry) for one in looked.found]
        there.append(any(fits))
        meant.append(looked.meant)
        correct += fits
        own += [one.own is not None for one in looked.found]
        turn += [number] * len(looked.found)
        crossing += [int(guard(case.asked, one, case.habits).crossing) for one in looked.found]
        idle += [reads_the_same(case.asked, one) for one in looked.found]
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
    )
