"""A file of entries, opened once and read in pieces by many threads.

Only very large pieces are memory-mapped: a file that somebody cuts short under a mapping kills the
process, a read that comes back short is an error with a name.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import weakref
from pathlib import Path

from sayso.errors import BundleError

_CHUNK = 1 << 20
Stamp = tuple[int, int, int, int]


class Segment:
    """An open segment. It stays readable after its version was pruned; closed when let go of."""

    def __init__(self, path: Path) -> None:
        """Raises BundleError for a file that cannot be opened."""
        self.path = path
        try:
            self._handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise BundleError(f"{path}: cannot be read ({error}); retrain: sayso train") from error
        weakref.finalize(self, os.close, self._handle)
        self.stamp = stamp_of(os.fstat(self._handle))

    def read(self, offset: int, length: int) -> bytes:
        """That many bytes from there. Raises BundleError if they are not there."""
        try:
            content = os.pread(self._handle, length, offset)
        except (OSError, ValueError, OverflowError) as error:
            raise BundleError(
                f"{self.path}: cannot be read ({error}); retrain: sayso train"
            ) from error
        if len(content) < length:
            raise BundleError(
                f"{self.path}: ends before byte {offset + length}; retrain with: sayso train"
            )
        return content

    def map(self, offset: int, length: int) -> memoryview:
        """Those bytes, of which only what is touched is read. Raises BundleError."""
        first = offset - offset % mmap.ALLOCATIONGRANULARITY
        if offset + length > os.fstat(self._handle).st_size:
            raise BundleError(f"{self.path}: ends before byte {offset + length}; run: sayso train")
        try:
            mapped = mmap.mmap(
                self._handle, offset + length - first, access=mmap.ACCESS_READ, offset=first
            )
        except (OSError, ValueError, OverflowError) as error:
            raise BundleError(f"{self.path}: cannot be mapped ({error}); mend that") from error
        return memoryview(mapped)[offset - first :]

    def sha256(self) -> str:
        """Of the whole file, in hex. Raises BundleError."""
        found = hashlib.sha256()
        size = self.stamp[2]
        for offset in range(0, size, _CHUNK):
            found.update(self.read(offset, min(_CHUNK, size - offset)))
        return found.hexdigest()


def stamp_of(status: os.stat_result) -> Stamp:
    """What changes when a file is written or replaced."""
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
