"""Readings of which the right one is known -> the ranker of a home.

Whether any is meant: a list-wise logit with "none of these" among the choices, fitted by Newton's
method and held to the shipped weights by a Gaussian prior so that a home with three skills gets
sane numbers too. Which one is meant: the shipped weights, as sharp as the home's readings bear out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sayso.routing.rank import DEFAULT_NONE, DEFAULT_WEIGHTS, FEATURES, WHICH, Ranker, shipped
from sayso.types.readings import Hypothesis

# Not these: nothing here shows them at work.
FITTED = tuple(name for name in FEATURES if name not in ("denied", "known", "framed", "active"))
PRIOR = 1.0  # strength of the pull to the shipped weights, as if that many lists spoke for them
PULL = 10.0  # of the sharpness to 1: that many nats where it is e times as high
SHARPNESSES = np.exp(np.linspace(-1.1, 1.1, 61))  # a third to three, 1 among them


@dataclass(frozen=True, slots=True)
class Choice:
    """Readings of one sentence.

    right: the place of the right one; their number if none of these is.
    weight: how many lists it counts as.
    """

    readings: Sequence[Hypothesis]
    right: int
    weight: float = 1.0

    @property
    def meant(self) -> Hypothesis | None:
        """The right reading, if it is there."""
        return self.readings[self.right] if self.right < len(self.readings) else None


def fit(choices: Sequence[Choice]) -> Ranker:
    """The ranker that these choices teach."""
    weights, none = whether(choices)
    return Ranker(weights, none, WHICH, sharpness(choices))


def sharpness(choices: Sequence[Choice]) -> float:
    """How sharp the shipped weights may be: the choices are then least surprising."""
    losses = PULL * np.log(SHARPNESSES) ** 2
    for each in choices:
        if each.meant is not None:
            scores = np.array([shipped().score(x.features) for x in each.readings])
            behind = SHARPNESSES[:, None] * (scores - scores[each.right])
            losses += each.weight * np.logaddexp.reduce(behind, axis=1)
    return float(SHARPNESSES[losses.argmin()])


def whether(choices: Sequence[Choice]) -> tuple[Mapping[str, float], float]:
    """Weights, and the score of none of these: Newton's method on the list-wise logit."""
    prior = np.array([*(DEFAULT_WEIGHTS.get(name, 0.0) for name in FITTED), DEFAULT_NONE])
    tables = [_table(each.readings) for each in choices]
    weights = prior.copy()
    offsets = [_fixed(each.readings) for each in choices]
    for _ in range(50):
        gradient = PRIOR * (prior - weights)
        curvature = PRIOR * np.eye(len(weights))
        for table, offset, each in zip(tables, offsets, choices, strict=True):
            scores = table @ weights + offset
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            mean = chances @ table
            gradient += each.weight * (table[each.right] - mean)
            spread = (table * chances[:, None]).T @ table - np.outer(mean, mean)
            curvature += each.weight * spread
        step = np.linalg.solve(curvature, gradient)
        weights += step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-9))
        if float(np.abs(step).max()) < 1e-4:
            break
    fitted = dict(zip(FITTED, map(float, weights), strict=False))
    return {**DEFAULT_WEIGHTS, **fitted}, float(weights[-1])


def _table(readings: Sequence[Hypothesis]) -> NDArray[np.float64]:
    """(readings + 1, features + 1): the last row stands for none of these."""
    table = np.zeros((len(readings) + 1, len(FITTED) + 1))
    for i, reading in enumerate(readings):
        table[i, :-1] = [reading.features[name] for name in FITTED]
    table[-1, -1] = 1.0
    return table


def _fixed(readings: Sequence[Hypothesis]) -> NDArray[np.float64]:
    """(readings + 1,): what the features that are not fitted add to the scores."""
    fixed = {name: weight for name, weight in DEFAULT_WEIGHTS.items() if name not in FITTED}
    scores = [sum(w * reading.features[k] for k, w in fixed.items()) for reading in readings]
    return np.array([*scores, 0.0])
