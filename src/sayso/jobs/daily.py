"""How the turns of each day went, with what is left to chance.

People are what is drawn, not turns: one who fails ten times a day is one who fails. A share is a
ratio of sums over people, and its variance follows from theirs (Cochran, Sampling Techniques, 1977,
chapter 6). Sums are of whole numbers, the same on every engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt
from typing import TYPE_CHECKING, Any

from sayso.rewriting.ballots import DAY
from sayso.types.lessons import CERTAIN, Arm

if TYPE_CHECKING:
    from ibis.expr.types import Table

_95 = 1.96  # standard errors


@dataclass(frozen=True, slots=True)
class Share:
    """Expected share of turns that went wrong, with its 95 % interval; people: who made them."""

    turns: int
    people: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Day:
    """A day, UTC. all: of all its turns; applied, held_out: of those in which something that was
    learnt was read in place of what was said, or would have been; None where there were none.
    """

    day: str
    all: Share
    applied: Share | None = None
    held_out: Share | None = None


def by_day(turns: Table, verdicts: Table) -> list[Day]:
    """The days on which anything was said, in order. The tables of `events` and `feedback`."""
    of = verdicts.select("turn", "defect_bp")
    judged = turns.select("at", "user", "arm", turn="number").join(of, "turn")
    judged = judged.mutate(day=judged["at"] // DAY)
    applied = _shares(judged.filter(judged.arm == str(Arm.APPLIED)))
    held_out = _shares(judged.filter(judged.arm == str(Arm.HELD_OUT)))
    return [
        Day(_date(day), share, applied.get(day), held_out.get(day))
        for day, share in sorted(_shares(judged).items())
    ]


def _shares(judged: Table) -> Mapping[int, Share]:
    """Day, in days since 1970 -> how it went. judged: user, day, defect_bp of turns."""
    of_person = judged.group_by("day", "user").agg(
        n=judged.count(), bad=judged.defect_bp.cast("int64").sum()
    )
    sums = of_person.group_by("day").agg(
        people=of_person.count(),
        n=of_person.n.sum(),
        bad=of_person.bad.sum(),
        bad_bad=(of_person.bad * of_person.bad).sum(),
        bad_n=(of_person.bad * of_person.n).sum(),
        n_n=(of_person.n * of_person.n).sum(),
    )
    return {int(row["day"]): _share(row) for row in sums.to_pyarrow().to_pylist()}


def _share(row: Mapping[str, Any]) -> Share:
    people, turns = int(row["people"]), int(row["n"])
    value = int(row["bad"]) / CERTAIN / turns
    if people < 2:
        return Share(turns, people, value, 0.0, 1.0)  # of one person nothing follows for others
    bad_bad, bad_n = int(row["bad_bad"]) / CERTAIN**2, int(row["bad_n"]) / CERTAIN
    spread = bad_bad - 2 * value * bad_n + value**2 * int(row["n_n"])
    error = sqrt(max(0.0, spread) * people / (people - 1)) / turns
    return Share(turns, people, value, max(0.0, value - _95 * error), min(1.0, value + _95 * error))


def _date(day: int) -> str:
    return f"{datetime.fromtimestamp(day * (DAY // 1_000_000), UTC):%Y-%m-%d}"
