"""The vector of each word piece: a file of int8 numbers, of which rows are read as they are needed.

Read and not mapped: a row costs a microsecond, its page lies in the system's cache, where all
processes share it, and not in the memory of each.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sayso.errors import EncoderError


class WordTable:
    """A table of (pieces, dimension), open as long as it is held. Threads may share it.

    A second file holds what each row's numbers are multiplied by.
    """

    def __init__(self, file: Path, scales: Path) -> None:
        """Raises OSError or ValueError for a file that is no array, EncoderError for another's."""
        table = np.load(file, mmap_mode="r", allow_pickle=False)
        if table.dtype != np.int8 or table.ndim != 2:
            raise _misfit(file, table)
        self._scales = np.load(scales, allow_pickle=False)
        if self._scales.dtype != np.float32 or self._scales.shape != table.shape[:1]:
            raise _misfit(scales, self._scales)
        self.file = file
        self.pieces: int = table.shape[0]
        self.dimension: int = table.shape[1]
        self._first = table.offset
        self._handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._handle)

    def __len__(self) -> int:
        return self.pieces

    def vectors(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """(ids, dimension). Raises EncoderError if the file has been cut short meanwhile."""
        size = self.dimension
        content = b"".join(os.pread(self._handle, size, self._first + at * size) for at in ids)
        if len(content) < size * len(ids):
            raise EncoderError(f"{self.file}: has become shorter; install or make it again")
        rows = np.frombuffer(content, np.int8).reshape(len(ids), size)
        vectors: NDArray[np.float32] = rows * self._scales[np.asarray(ids), None]
        return vectors


def _misfit(file: Path, found: NDArray[np.generic]) -> EncoderError:
    return EncoderError(
        f"{file}: does not fit the files beside it ({found.shape} of {found.dtype}); "
        "make the encoder again"
    )
