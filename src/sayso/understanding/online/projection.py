"""Sentence vectors -> the shorter ones that requests are looked up by.

One linear map for both sides, what was heard and what was meant: the packaged encoder's vectors
turned so that a request lies nearer to itself misheard, or put in other words, than to requests
that sound alike (a dual encoder after Karpukhin et al. 2020, arXiv:2004.04906, in which all but
the last layer is shared with understanding). Fitted by `scripts/make_online.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Projection:
    """matrix: (encoder's d, d); None leaves vectors as they are."""

    matrix: Floats | None = None

    def __call__(self, vectors: Floats) -> Floats:
        """(n, d') vectors, or one of them -> (n, d) unit vectors."""
        turned = vectors if self.matrix is None else vectors @ self.matrix
        lengths = np.linalg.norm(turned, axis=-1, keepdims=True)
        found: Floats = (turned / np.maximum(lengths, 1e-9)).astype(np.float32)
        return found

    @property
    def reads(self) -> int | None:
        """How long the vectors are that it takes; None for any."""
        return None if self.matrix is None else int(self.matrix.shape[0])
