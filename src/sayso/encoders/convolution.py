"""The net of the universal sentence encoder, multilingual, version 3; numpy alone.

Each piece has an embedding of 512 numbers. Three branches look at it with 2, 3 and 5 neighbours,
twice, each time adding what they see to what they saw. Embedding and branches side by side, brought
to 512 numbers, are a piece's state; the states' sum over the root of their number goes through two
residual layers and becomes the sentence's vector. (Cer et al. 2018, arXiv:1803.11175; Yang et al.
2019, arXiv:1907.04307.) The published model gives sentences' vectors only; the pieces' states are
what it sums.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

DIMENSION = 512
_BLOCKS = 17  # of the table of embeddings; piece i lies in block i % 17
_ORDERS = ((2, 0), (3, 1), (5, 2))  # width of each branch's window, and how much lies to the left


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """Weights of one branch; both layers see `order` pieces of 256 numbers each."""

    order: int
    left: int
    project: Array  # (512, 256)
    project_bias: Array
    gain: Array
    shift: Array
    first: Array  # (order * 256, 256)
    first_bias: Array
    second: Array  # (order * 256, 256)
    second_bias: Array

    def see(self, embedded: Array, tiny: float) -> Array:
        """(n, 512) -> (n, 256)."""
        seen = _normed(embedded @ self.project + self.project_bias, self.gain, self.shift, tiny)
        seen = np.maximum(self._windows(seen) @ self.first + self.first_bias, 0) + seen
        deep: Array = np.maximum(self._windows(seen) @ self.second + self.second_bias, 0) + seen
        return deep

    def _windows(self, rows: Array) -> Array:
        """(n, 256) -> (n, order * 256): each row with its neighbours, zeros beyond the ends."""
        count, width = rows.shape
        padded = np.zeros((count + self.order - 1, width), np.float32)
        padded[self.left : self.left + count] = rows
        return np.concatenate([padded[at : at + count] for at in range(self.order)], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """All weights. Immutable; threads may share it.

    table: (pieces, 512) uint8, an embedding each; times scale, plus lowest, of the piece's block.
    """

    table: NDArray[np.uint8]
    scale: Array
    lowest: Array
    branches: Sequence[Branch]
    rest: Mapping[str, Array]
    tiny: float

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Network:
        """The net of the arrays in the weights' file. Raises KeyError where one is missing."""
        rows = len(arrays["q1"])
        table = np.empty((_BLOCKS * rows, DIMENSION), np.uint8)
        for block in range(_BLOCKS):  # one at a time: twice 65 MB would be held else
            table[block::_BLOCKS] = arrays[f"q{block + 1}"]
        return cls(
            table,
            arrays["scale"],
            arrays["lo"],
            [_branch(arrays, order, left) for order, left in _ORDERS],
            {name: arrays[name] for name in _REST},
            float(arrays["eps"]),
        )

    def run(self, pieces: Sequence[int]) -> tuple[Array, Array]:
        """States of the pieces, (n, 512), and the vector of the whole, (512,) of length 1."""
        ids = np.array(pieces)
        block = ids % _BLOCKS
        embedded = self.table[ids] * self.scale[block, None] + self.lowest[block, None]
        seen = np.concatenate(
            [embedded, *(branch.see(embedded, self.tiny) for branch in self.branches)], axis=1
        )
        w = self.rest
        states = _normed(seen, w["ln_g"], w["ln_b"], self.tiny) @ w["cnn_W"] + w["cnn_b"]
        return states, self._sentence(states.sum(axis=0) / np.sqrt(np.float32(len(ids))))

    def _sentence(self, total: Array) -> Array:
        w = self.rest
        inner = np.maximum(total @ w["p1"] + np.maximum(total @ w["d0"], 0) @ w["d1"], 0)
        outer = np.tanh(inner @ w["p3"] + np.maximum(inner @ w["d2"], 0) @ w["d3"])
        vector: Array = outer / np.sqrt(np.maximum(outer @ outer, self.tiny))
        return vector


_REST = ("ln_g", "ln_b", "cnn_W", "cnn_b", "d0", "d1", "d2", "d3", "p1", "p3")


def _branch(arrays: Mapping[str, NDArray[Any]], order: int, left: int) -> Branch:
    names = ("proj{}", "proj_b{}", "ln_g{}", "ln_b{}", "w1_{}", "b1_{}", "w2_{}", "b2_{}")
    return Branch(order, left, *(arrays[name.format(order)] for name in names))


def _normed(rows: Array, gain: Array, shift: Array, tiny: float) -> Array:
    """Each row with mean 0 and variance 1, then stretched and moved."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    variance = (centred * centred).mean(axis=1, keepdims=True)
    normed: Array = centred / np.sqrt(variance + np.float32(tiny)) * gain + shift
    return normed
