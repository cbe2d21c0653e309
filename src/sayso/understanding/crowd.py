"""Rows by the ten thousand, laid out so that a step of fitting is one product of matrices.

Most rows share a few hundred hashed features: place, shape, the commonest words. As columns of a
matrix beside the dense features these cost what BLAS takes, a tenth of gathering and counting them
one by one. What is left of each row is few, and is added in layers. Single precision: whatever is
fitted is rounded to half of it in the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.linear import Array, Floats, Rows

CROWDED = 500_000  # rows x classes from which this is worth it; most skills have less
_COMMON = 256  # features that become columns

Places = NDArray[np.int64]
Single = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Rest:
    """The uncommon features, by rows or by columns (the keys), in layers: each key's first feature,
    its second, and so on, so that no key comes twice in a layer.

    layers: (keys, others: the column or row of the feature, values), the first the longest.
    """

    layers: Sequence[tuple[Places, Places, Single]]

    @classmethod
    def by(cls, keys: Places, others: Places, values: Array) -> _Rest:
        """In the order of these keys."""
        order = np.argsort(keys, kind="stable")
        _, starts, counts = np.unique(keys[order], return_index=True, return_counts=True)
        nth = np.arange(len(keys)) - np.repeat(starts, counts)
        order = order[np.argsort(nth, kind="stable")]
        ends = np.cumsum(np.bincount(nth))[:-1]
        parts = (keys[order], others[order], values[order].astype(np.float32)[:, None])
        return cls(list(zip(*(np.split(part, ends) for part in parts), strict=True)))

    def add(self, total: Single, table: Single) -> None:
        """Add to row `key` of the total the sum of its features' values x rows of the table."""
        for keys, others, values in self.layers:
            total[keys] += table[others] * values


class Crowd:
    """The rows, for `scores` and `gradient` as often as a fit takes."""

    def __init__(self, rows: Rows, size: int) -> None:
        """size: of the vocabulary, with one for what is unknown."""
        used = (rows.values != 0) & (rows.columns < size - 1)
        at, place = np.nonzero(used)
        columns, values = rows.columns[at, place], rows.values[at, place]
        counts = np.bincount(columns, minlength=size)
        common = np.sort(np.argsort(-counts, kind="stable")[:_COMMON])
        self._common = common[counts[common] > 0]
        self._width, self._size = rows.dense.shape[1], size
        where = np.full(size, -1)
        where[self._common] = self._width + np.arange(len(self._common))
        self._matrix = np.zeros((len(rows), self._width + len(self._common)), np.float32)
        self._matrix[:, : self._width] = rows.dense
        here = where[columns] >= 0
        # A word said twice has two features of one column.
        np.add.at(self._matrix, (at[here], where[columns[here]]), values[here])
        left = ~here
        self._by_row = _Rest.by(at[left], columns[left], values[left])
        self._by_column = _Rest.by(columns[left], at[left], values[left])

    def scores(self, table: Array) -> Floats:
        """(n, k) of a table (width + size, k): dense features first, then the vocabulary's."""
        single = table.astype(np.float32)
        dense, sparse = single[: self._width], single[self._width :]
        found: Single = self._matrix @ np.concatenate([dense, sparse[self._common]])
        self._by_row.add(found, sparse)
        return found.astype(np.float64)

    def gradient(self, residuals: Floats) -> Floats:
        """(width + size, k) of residuals (n, k); nothing for what is unknown."""
        single = residuals.astype(np.float32)
        known = self._matrix.T @ single
        whole = np.zeros((self._width + self._size, residuals.shape[1]), np.float32)
        whole[: self._width] = known[: self._width]
        whole[self._width + self._common] = known[self._width :]
        self._by_column.add(whole[self._width :], single)
        return whole.astype(np.float64)
