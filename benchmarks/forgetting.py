"""What a home has lost by growing, in figures: the arithmetic of `benchmarks.growth`."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sayso.types.lessons import Label

ORDERS = 5
T_OF_FIVE = 2.776  # Student's t, 4 degrees of freedom, two-sided 95 %
MEASURES = ("acted", "reading", "shortlist")
FIGURES = (
    "old_lost",
    "old_lost_with_fitting",
    "old_lost_by_joint",
    "old_lost_not_moved",
    "behind_joint",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """Skill that a request reached, in each sense; None for none."""

    acted: str | None
    reading: str | None
    shortlist: str | None


def kept(
    before: Sequence[Seen],
    after: Sequence[Seen],
    joint: Sequence[Seen],
    old: Sequence[Label],
    judged: Sequence[str],
    new: set[str],
) -> dict[str, Any]:
    """What requests for old skills lost, with and without those that moved rightly."""
    moved = [i for i, each in enumerate(after) if each.reading in new]
    fitting = {i for i in moved if after[i].reading == judged[i]}
    stayed = [i for i in range(len(old)) if i not in fitting]
    return {
        "old_before": {name: accuracy(before, old, name) for name in MEASURES},
        "old_lost": lost(before, after, old, stayed),
        "old_lost_with_fitting": lost(before, after, old, range(len(old))),
        "old_lost_by_joint": lost(before, joint, old, stayed),
        "old_lost_not_moved": lost(
            before, after, old, [i for i in range(len(old)) if after[i].reading not in new]
        ),
        "went_wrong": went(before, after, old, new),
        "moved": len(moved),
        "fitting": len(fitting),
        "moved_requests": [
            f"{old[i].text} | {old[i].intent} -> {after[i].reading}{' (fits)' * (i in fitting)}"
            for i in moved
        ],
    }


def lost(
    before: Sequence[Seen], after: Sequence[Seen], asked: Sequence[Label], rows: Sequence[int]
) -> dict[str, float]:
    """Points of accuracy that some of the requests lost, in each of the three senses."""
    some, was, now = [asked[i] for i in rows], [before[i] for i in rows], [after[i] for i in rows]
    return {
        name: points(accuracy(was, some, name) - accuracy(now, some, name)) for name in MEASURES
    }


def went(
    before: Sequence[Seen], after: Sequence[Seen], old: Sequence[Label], new: set[str]
) -> dict[str, int]:
    """Where requests that were acted upon rightly went after growth, those that went wrong."""
    places: Counter[str] = Counter()
    for was, now, asked in zip(before, after, old, strict=True):
        if was.acted == asked.intent != now.acted:
            if now.acted is None:
                places["not acted"] += 1
            else:
                places["new skill" if now.acted in new else "old skill"] += 1
    return dict(places)


def moved_most(
    before: Sequence[Mapping[str, float]], after: Sequence[Mapping[str, float]]
) -> float:
    """By how much a score that is there before and after has moved at most."""
    pairs = list(zip(before, after, strict=True))
    return max(abs(now[name] - was[name]) for was, now in pairs for name in was.keys() & now)


def changed(before: Sequence[Seen], after: Sequence[Seen]) -> int:
    """Requests that end elsewhere."""
    return sum(was != now for was, now in zip(before, after, strict=True))


def accuracy(seen: Sequence[Seen], asked: Sequence[Label], name: str) -> float:
    """Share of the requests that reach their skill, in one of the three senses."""
    right = sum(bool(getattr(x, name) == y.intent) for x, y in zip(seen, asked, strict=True))
    return right / max(len(asked), 1)


def points(share: float) -> float:
    """A difference of shares in percentage points."""
    return round(100 * share, 2)


def over_orders(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Mean over orders with its interval, of every figure in points."""
    return {
        figure: {name: _interval([run[figure][name] for run in runs]) for name in MEASURES}
        for figure in FIGURES
    }


def _interval(values: Sequence[float]) -> dict[str, float]:
    mean = statistics.fmean(values)
    if len(values) != ORDERS:  # no interval for a look
        return {"mean": round(mean, 2)}
    half = T_OF_FIVE * statistics.stdev(values) / len(values) ** 0.5
    return {
        "mean": round(mean, 2),
        "low": round(mean - half, 2),
        "high": round(mean + half, 2),
        "worst": max(values),
    }
