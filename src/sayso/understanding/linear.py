"""Linear scores of rows that are partly dense (vectors) and partly sparse (hashed features).

Both heads of both engines are such maps, fitted by the same L-BFGS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.features import Hashes

Floats = NDArray[np.float64]
Array = NDArray[Any]

_MEMORY = 12  # pairs that L-BFGS remembers
_INT8, _DENSE_STEPS, _SPARSE_STEPS = 127, 20, 64
_TABLES = ("sparse", "dense", "sparse_step", "dense_steps")
_WHOLE = np.ones(1, np.float32)


@dataclass(frozen=True, slots=True)
class Rows:
    """n rows of features.

    dense: (n, d); columns: (n, f) indices into a vocabulary, its length where there is no feature;
    values: (n, f), 0 there.
    """

    dense: Array
    columns: NDArray[np.int64]
    values: Array

    def __len__(self) -> int:
        return len(self.dense)

    def sparse_gradient(self, residuals: Array, size: int) -> Array:
        """(size, k): the sum over rows of value x residual, by column."""
        # A count a class is several times faster than np.add.at or reduceat, and holds no copy.
        rows, places = np.nonzero(self.values)  # most are padding
        columns, values = self.columns[rows, places], self.values[rows, places]
        counts = [
            np.bincount(columns, residual[rows] * values, size)
            for residual in np.ascontiguousarray(residuals.T)
        ]
        return np.stack(counts, axis=1)


@dataclass(frozen=True, slots=True)
class Linear:
    """A fitted map: row -> k scores.

    vocabulary: (v,) sorted hashes; sparse: (v + 1, k), the last row zero, for unknown features;
    dense: (d, k). Both tables are whole numbers of steps once they are `rounded`:
    sparse_step: (1,); dense_steps: (k,).
    """

    vocabulary: Hashes
    sparse: Array
    dense: Array
    sparse_step: NDArray[np.float32] = field(default_factory=lambda: _WHOLE)
    dense_steps: NDArray[np.float32] = field(default_factory=lambda: _WHOLE)

    def scores(self, dense: Array, hashes: Hashes, values: Array) -> NDArray[np.float32]:
        """(n, k) for n rows: dense (n, d), hashes and values (n, f)."""
        columns = find(self.vocabulary, hashes)
        picked = np.add.reduce(self.sparse[columns] * values[..., None], axis=-2)
        scores: NDArray[np.float32]
        scores = (dense @ self.dense) * self.dense_steps + picked * self.sparse_step
        return scores

    def rounded(self) -> Linear:
        """The same map in a byte a weight, as a bundle keeps it; features without weight left out.

        A column of `dense` has steps of 1/20 of its root mean square, or of 1/127 of its largest
        weight where that is more; `sparse` has 64 steps up to its largest weight. On real skills
        that costs less than 0.05 points of intent accuracy and of slot F1 (docs/bundle.md).
        """
        if self.dense.dtype == np.int8:
            return self
        spread = np.sqrt(np.square(self.dense).sum(axis=0) / max(len(self.dense), 1))
        most = np.abs(self.dense).max(axis=0, initial=0.0)
        dense_steps = _steps(np.maximum(spread / _DENSE_STEPS, most / _INT8))
        sparse_step = _steps(np.abs(self.sparse).max(initial=0.0, keepdims=True)[0] / _SPARSE_STEPS)
        sparse = np.rint(self.sparse / sparse_step).astype(np.int8)
        kept = np.append(sparse[:-1].any(axis=1), True)
        return Linear(
            self.vocabulary[kept[:-1]],
            sparse[kept],
            np.rint(self.dense / dense_steps).astype(np.int8),
            sparse_step,
            dense_steps,
        )

    def whole(self) -> Linear:
        """The same map in steps of 1, so that it can be changed."""
        return Linear(
            self.vocabulary,
            (self.sparse * self.sparse_step).astype(np.float32),
            (self.dense * self.dense_steps).astype(np.float32),
        )

    def pack(self, prefix: str) -> dict[str, Array]:
        """Arrays by name, rounded; (4, v) bytes stand for the vocabulary (`_planes`)."""
        small = self.rounded()
        tables = {f"{prefix}.{name}": getattr(small, name) for name in _TABLES}
        return {**tables, f"{prefix}.vocabulary": _planes(small.vocabulary)}

    @classmethod
    def unpack(cls, tensors: Mapping[str, Array], prefix: str) -> Linear:
        """The counterpart of `pack`. The tables are not copied."""
        tables = (tensors[f"{prefix}.{name}"] for name in _TABLES)
        return cls(_hashes(tensors[f"{prefix}.vocabulary"]), *tables)


def _planes(vocabulary: Hashes) -> NDArray[np.uint8]:
    """(4, v): first bytes, second bytes, ... of the gaps between sorted hashes.

    The last plane is nearly all zeros, so that this deflates to two thirds.
    """
    gaps = np.diff(vocabulary, prepend=np.uint32(0)).astype("<u4")
    return np.ascontiguousarray(gaps.view(np.uint8).reshape(-1, 4).T)


def _hashes(planes: Array) -> Hashes:
    """The counterpart of `_planes`."""
    gaps = planes.tobytes("F")
    return np.frombuffer(gaps, "<u4").cumsum(dtype=np.uint32)


def _steps(sizes: Array) -> NDArray[np.float32]:
    """Usable sizes of a step: never zero."""
    return np.maximum(sizes, 1e-12).astype(np.float32)


def find(vocabulary: Hashes, hashes: Hashes) -> NDArray[np.int64]:
    """Index of each hash in a sorted vocabulary; its length for those it does not hold."""
    if not len(vocabulary):
        return np.zeros(hashes.shape, np.int64)
    at = vocabulary.searchsorted(hashes)
    return np.where(vocabulary.take(at, mode="clip") == hashes, at, len(vocabulary))


def vocabulary(hashes: Sequence[Hashes], most: int) -> Hashes:
    """Sorted distinct hashes; the commonest `most` of them where there are more."""
    if not hashes:
        return np.zeros(0, np.uint32)
    distinct, counts = np.unique(np.concatenate([x.ravel() for x in hashes]), return_counts=True)
    if len(distinct) > most:
        distinct = np.sort(distinct[np.argsort(-counts, kind="stable")[:most]])
    return distinct


def halves(weights: Array) -> NDArray[np.float32]:
    """Weights rounded to half precision, so that a table reads alike before and after a pack."""
    return np.clip(weights, -6e4, 6e4).astype(np.float16).astype(np.float32)


def minimise(
    loss: Callable[[Floats], tuple[float, Floats]], start: Floats, steps: int, tolerance: float
) -> Floats:
    """Minimum of a smooth convex function by L-BFGS (Nocedal 1980) with Armijo's line search.

    loss: x -> (value, gradient). Stops after `steps`, or when a step gains less than `tolerance`
    of the value.
    """
    x = start
    value, gradient = loss(x)
    pairs: list[tuple[Floats, Floats, float]] = []
    for _ in range(steps):
        direction = -_scaled(gradient, pairs)
        slope = float(gradient @ direction)
        if slope > -1e-12:
            break
        size = 1.0 if pairs else min(1.0, 1.0 / float(np.abs(gradient).sum()))
        for _ in range(20):
            moved = x + size * direction
            new_value, new_gradient = loss(moved)
            if new_value <= value + 1e-4 * size * slope:
                break
            size *= 0.5
        else:
            break
        change, bend = moved - x, new_gradient - gradient
        curvature = float(change @ bend)
        if curvature > 1e-10:
            pairs = [*pairs, (change, bend, curvature)][-_MEMORY:]
        gained = value - new_value
        x, value, gradient = moved, new_value, new_gradient
        if gained < tolerance * max(abs(value), 1e-3):
            break
    return x


def _scaled(gradient: Floats, pairs: Sequence[tuple[Floats, Floats, float]]) -> Floats:
    """The gradient times the inverse Hessian as the pairs tell it (two-loop recursion)."""
    q = gradient.copy()
    shares = []
    for change, bend, curvature in reversed(pairs):
        share = float(change @ q) / curvature
        q -= share * bend
        shares.append(share)
    if pairs:
        _, bend, curvature = pairs[-1]
        q *= curvature / float(bend @ bend)
    for (change, bend, curvature), share in zip(pairs, reversed(shares), strict=True):
        q += (share - float(bend @ q) / curvature) * change
    return q
