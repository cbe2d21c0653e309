"""Unit vectors in a byte a number: the nearest of 2,400 examples stays the nearest 993 times in
1,000, and cosines move by 0.0005 (docs/bundle.md)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST = 127
_LEAST = 1e-3  # of a row; a unit vector's largest number is far more


def to_bytes(vectors: NDArray[Any]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """(n, d) whole numbers, and (n,) what each row of them is multiplied by."""
    rows = vectors.astype(np.float32)
    most = np.maximum(np.abs(rows).max(axis=1, initial=0.0), np.float32(_LEAST))
    # A power of two, so that half precision holds the products to the last bit.
    scales = np.exp2(np.ceil(np.log2(most / np.float32(_MOST))))
    return np.rint(rows / scales[:, None]).astype(np.int8), scales


def from_bytes(numbers: NDArray[Any], scales: NDArray[Any]) -> NDArray[Any]:
    """(n, d) vectors in half precision, as `to_bytes` took them but for rounding."""
    vectors: NDArray[Any] = (numbers * scales[:, None]).astype(np.float16)
    return vectors
