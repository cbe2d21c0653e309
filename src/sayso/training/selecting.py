"""Requests of which the right skill is known -> the weights of the selection score.

List-wise: of each request's candidates the right one shall have the highest share of the softmax.
Adam (Kingma and Ba 2015, arXiv:1412.6980) with weights pulled towards zero; a few seconds of numpy
for a thousand requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.fusion import CLIP, Floats, Fusion
from sayso.understanding.linear import Array, minimise
from sayso.understanding.personal import PERSONAL, Personal

HIDDEN = 32
EPOCHS = 15
BATCH = 32  # requests a step
RATE = 0.005  # of the first step; falls to zero
DECAY = 0.01  # share of itself, times the rate, that a weight loses a step
KEPT = 0.9  # share of the hidden units that take part in a step
PULL = 1e-3  # of the personal weights to zero
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Request:
    """One request's candidates: features (n, F), and the place of the right one.

    The right one must have been found as the others were: one that is put among them by force is
    known by being worse than they are. also: places of others that are as right; of them all, it is
    enough to find one. weight: how many requests it counts as.
    """

    features: Floats
    right: int
    also: Sequence[int] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class PersonalRequest:
    """One person's request: the candidates' scores (n,) for anybody and features (n, P).

    Flags are from before the request, and some are left out at random: what people enable in order
    to ask gives the answer away. weight: how many requests it counts as.
    """

    scores: Floats
    features: Floats
    right: int
    weight: float = 1.0


Weights = dict[str, Floats]


def fit_fusion(requests: Sequence[Request], *, hidden: int = HIDDEN, seed: int = 0) -> Fusion:
    """The weights that find the right ones of these requests; there must be one at least."""
    chance = np.random.default_rng(seed)
    rows = np.concatenate([request.features for request in requests])
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + np.float32(_TINY)
    tables = [np.clip((each.features - mean) / scale, -CLIP, CLIP) for each in requests]
    targets = [_wanted(request) for request in requests]
    counts = np.array([request.weight for request in requests], np.float32)
    width = rows.shape[1]
    reach = 1 / np.sqrt(width)
    weights = {
        "linear": chance.uniform(-reach, reach, width).astype(np.float32),
        "hidden": chance.uniform(-reach, reach, (width, hidden)).astype(np.float32),
        "bias": chance.uniform(-reach, reach, hidden).astype(np.float32),
        "out": np.zeros(hidden, np.float32),
    }
    adam = _Adam(weights)
    steps = list(_batches(len(tables), chance))
    for number, batch in enumerate(steps):
        masked = (chance.random(hidden) < KEPT).astype(np.float32) / np.float32(KEPT)
        wanted = np.concatenate([targets[i] for i in batch])
        lists = [tables[i] for i in batch]
        gradient = _gradient(lists, wanted, counts[batch], weights, masked)
        adam.step(gradient, RATE * (1 - number / len(steps)))
    return Fusion(mean, scale, **{name: value.copy() for name, value in weights.items()})


def _wanted(request: Request) -> NDArray[np.bool_]:
    """(n,) which candidates are right."""
    wanted = np.zeros(len(request.features), np.bool_)
    wanted[[request.right, *request.also]] = True
    return wanted


def _batches(count: int, chance: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """The places of each step's requests, in a new order each epoch."""
    for _ in range(EPOCHS):
        order = chance.permutation(count)
        yield from (order[at : at + BATCH] for at in range(0, count, BATCH))


def _gradient(
    tables: Sequence[Floats],
    wanted: NDArray[np.bool_],
    counts: Floats,
    weights: Weights,
    masked: Floats,
) -> Weights:
    """Of the mean of -log softmax(wanted), by each of the weights.

    wanted: of all rows of the tables; counts: of each table; masked: (H,) of the units.
    """
    rows = np.concatenate(tables)
    starts = np.cumsum([0, *map(len, tables[:-1])])
    before = rows @ weights["hidden"] + weights["bias"]
    bent = np.maximum(before, 0) * masked
    scores = rows @ weights["linear"] + bent @ weights["out"]
    errors = softmax_by_list(scores, starts)
    errors -= softmax_by_list(np.where(wanted, scores, np.float32(-np.inf)), starts)
    errors *= np.repeat(counts / np.float32(len(tables)), [len(table) for table in tables])
    back = (errors[:, None] * weights["out"]) * masked * (before > 0)
    return {
        "linear": errors @ rows,
        "hidden": rows.T @ back,
        "bias": back.sum(axis=0),
        "out": errors @ bent,
    }


def softmax_by_list(scores: Array, starts: NDArray[np.intp]) -> Array:
    """Shares (r,) of scores (r,) that are lists one after another; they sum to 1 in each."""
    lengths = np.diff(starts, append=len(scores))
    powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
    shares: Array = powers / np.repeat(np.add.reduceat(powers, starts), lengths)
    return shares


class _Adam:
    """Adam with decay apart from the gradient (Loshchilov and Hutter 2019, arXiv:1711.05101)."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.first = {name: np.zeros_like(value) for name, value in weights.items()}
        self.second = {name: np.zeros_like(value) for name, value in weights.items()}
        self.steps = 0

    def step(self, gradient: Weights, rate: float) -> None:
        """Move the weights, in place."""
        self.steps += 1
        for name, slope in gradient.items():
            first, second, weight = self.first[name], self.second[name], self.weights[name]
            first += 0.1 * (slope - first)
            second += 0.001 * (slope**2 - second)
            spread = np.sqrt(second / (1 - 0.999**self.steps)) + 1e-8
            weight -= rate * (first / (1 - 0.9**self.steps) / spread + DECAY * weight)


def fit_personal(requests: Sequence[PersonalRequest], names: Sequence[str] = PERSONAL) -> Personal:
    """Weights of these features that find the right ones, by L-BFGS; the others count for nothing.

    The loss is convex: there is one best set of weights.
    """
    columns = [PERSONAL.index(name) for name in names]
    rows = np.concatenate([each.features[:, columns] for each in requests]).astype(np.float64)
    scores = np.concatenate([each.scores for each in requests]).astype(np.float64)
    lengths = np.array([len(each.scores) for each in requests])
    starts = np.cumsum(lengths) - lengths
    rights = starts + np.array([each.right for each in requests])
    counts = np.array([each.weight for each in requests])
    counts /= counts.sum()

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        shares = softmax_by_list(scores + rows @ weights, starts)
        value = -float(counts @ np.log(np.maximum(shares[rights], 1e-12)))
        errors = shares * np.repeat(counts, lengths)
        errors[rights] -= counts
        value += 0.5 * PULL * float(weights @ weights)
        return value, errors @ rows + PULL * weights

    found = minimise(loss, np.zeros(len(columns)), 200, 1e-7)
    return Personal(dict(zip(names, map(float, found), strict=True)))
