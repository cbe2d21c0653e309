"""Multinomial logistic regression: which of k classes a row belongs to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.crowd import CROWDED, Crowd
from sayso.understanding.features import Hashes
from sayso.understanding.linear import Array, Floats, Linear, Rows, halves, minimise


def fit(
    rows: Rows,
    vocabulary: Hashes,
    classes: NDArray[np.int64],
    weights: Floats,
    count: int,
    *,
    l2: float,
    steps: int = 200,
    tolerance: float = 1e-5,
) -> Linear:
    """The map with the least weighted log loss plus l2/2 of its squared weights.

    classes: (n,) in [0, count); weights: (n,), a negative one says "not this class".
    """
    width, size = rows.dense.shape[1], len(vocabulary) + 1
    unknown = len(vocabulary)
    # As the sums below want them; else each step would make its own copies.
    rows = Rows(rows.dense.astype(np.float64), rows.columns, rows.values.astype(np.float64))

    crowd = Crowd(rows, size) if len(rows) * count > CROWDED else None

    def loss(flat: Floats) -> tuple[float, Floats]:
        table = flat.reshape(width + size, count)
        dense, sparse = table[:width], table[width:]
        if crowd is None:
            picked = np.einsum("nf,nfk->nk", rows.values, sparse[rows.columns])
            scores = rows.dense @ dense + picked
        else:
            scores = crowd.scores(table)
        value, residuals = _log_loss(probabilities(scores), classes, weights)
        if crowd is None:
            below = rows.sparse_gradient(residuals, size)
            gradient = np.concatenate([rows.dense.T @ residuals, below])
        else:
            gradient = crowd.gradient(residuals)
        gradient[width + unknown] = 0.0
        return value + 0.5 * l2 * float(flat @ flat), gradient.ravel() + l2 * flat

    table = minimise(loss, np.zeros((width + size) * count), steps, tolerance)
    table = table.reshape(width + size, count)
    return Linear(vocabulary, halves(table[width:]), halves(table[:width]))


def probabilities(scores: Array) -> Array:
    """Softmax of the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    chances: Array = powers / powers.sum(axis=-1, keepdims=True)
    return chances


def ranked(scores: Mapping[str, float]) -> list[tuple[str, float]]:
    """Names with their probabilities, which sum to 1, best first."""
    if not scores:
        return []
    names = list(scores)
    chances = probabilities(np.array([scores[name] for name in names]))
    return [(names[i], float(chances[i])) for i in np.argsort(-chances, kind="stable")]


def _log_loss(chances: Floats, classes: Array, weights: Floats) -> tuple[float, Floats]:
    """Loss, and its derivative by the scores (n, k)."""
    at = np.arange(len(classes))
    right = np.clip(chances[at, classes], 1e-12, 1 - 1e-9)
    against = weights < 0
    losses = np.where(against, np.log1p(-right) * weights, -np.log(right) * weights)
    targets = np.zeros_like(chances)
    targets[at, classes] = 1.0
    # "Not this": the others share the mass as the model shares it now.
    others = chances * (1.0 - targets) / (1.0 - right)[:, None]
    targets = np.where(against[:, None], others, targets)
    return float(losses.sum()), (chances - targets) * np.abs(weights)[:, None]
