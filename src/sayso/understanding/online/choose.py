"""Probabilities -> what is done about a turn: a request read instead, a question, or neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sayso.types.readings import Outcome
from sayso.understanding.online.differences import Crossing
from sayso.understanding.online.figures import Floats
from sayso.understanding.online.ranker import Thresholds

GUARDED = 4  # requests, the likeliest first, that are tried against the rules
NAMED = 0.1  # probability of a second request that is worth naming in a question


@dataclass(frozen=True, slots=True)
class Choice:
    """What is done about one turn: places among the requests that were found.

    other: the one that is asked about beside it, None where there is none.
    """

    at: int
    other: int | None
    applies: bool


def choose(
    meant: Floats,
    kept: float,
    outcome: Outcome,
    limits: Thresholds,
    *,
    idle: Callable[[int], bool],
    crossing: Callable[[int], Crossing],
    reading: Callable[[int], object],
) -> Choice | None:
    """What to do about a turn; None to go on as it is.

    meant: (n,) probability of each request; kept: that what was heard is right as it stands;
    outcome: what would be done then. idle: whether a request reads like what was heard; crossing:
    what stands against it; reading: what it means. They are asked only of what may be chosen.
    """
    order = np.argsort(-meant, kind="stable")[:GUARDED].tolist()
    allowed = (at for at in order if meant[at] > NAMED and crossing(at) is not Crossing.NEVER)
    first = next(allowed, None)
    # What was understood anyway is right, or the likeliest request would be another.
    if first is None or any(idle(at) for at in order[: order.index(first) + 1]):
        return None
    probability = float(meant[first])
    if limits.sure(probability, kept) and crossing(first) is Crossing.NONE:
        return Choice(first, None, applies=True)
    if outcome is Outcome.ACT:
        asks = limits.asks(probability, probability + kept, kept, outcome)
        return Choice(first, None, applies=False) if asks else None
    others = (at for at in allowed if reading(at) != reading(first))
    other = next(others, None) if probability > limits.least else None
    offered = probability + (float(meant[other]) if other is not None else 0.0)
    asks = limits.asks(probability, offered, kept, outcome)
    return Choice(first, other, applies=False) if asks else None
