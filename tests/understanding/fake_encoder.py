"""An encoder without weights: a word's vector is drawn from its letters, whatever stands beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.heard import Progress, words

WIDTH = 16


@dataclass(frozen=True)
class FakeEncoded:
    pooled: NDArray[np.float32]
    states: NDArray[np.float32]
    offsets: NDArray[np.int64]


class FakeEncoder:
    """Cuts every word into two pieces of the same vector."""

    def encode(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> list[FakeEncoded]:
        encoded = [self._one(text) for text in texts]
        if progress:
            progress(len(texts))
        return encoded

    def _one(self, text: str) -> FakeEncoded:
        states, offsets = [], []
        for word in words(text):
            middle = (word.start + word.end + 1) // 2
            seed = crc32(word.text.lower().encode())
            vector = np.random.default_rng(seed).normal(size=WIDTH)
            states += [vector, vector]
            offsets += [(word.start, middle), (middle, word.end)]
        table = np.array(states, np.float32).reshape(-1, WIDTH)
        pooled = table.sum(axis=0) + 1e-3
        return FakeEncoded(
            pooled / np.linalg.norm(pooled), table, np.array(offsets, np.int64).reshape(-1, 2)
        )
