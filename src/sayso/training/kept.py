"""The draft of a training: what is fitted already, for a training that goes on where one ended.

One file in the bundle's folder, there only while a training is under way or was broken off:

8, 4, 4 bytes  magic, length of the header, its CRC-32; little-endian
header         JSON: what all of it was made with
records        32 bytes of key, 8 of length, 4 of CRC-32 (of key, length and content), the content

Header, records and contents begin at multiples of 64 bytes. A key is a digest of all that a content
depends on, so a record is right whoever finds it, or is not looked for. Records are added at the
end; one that a kill or a power cut has torn is noticed, and the file is cut before it. No more is
promised to last than the disk was told to keep, every SYNC_S seconds.
"""

from __future__ import annotations

import fcntl
import json
import os
import struct
import time
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sayso.bundle import Place, Segment, Stored
from sayso.errors import BundleError, TrainingError
from sayso.training.made_with import difference

NAME = ".training"
SYNC_S = 10.0
PATIENCE_S = 3.0  # until the processes of a training that was killed have noticed
Said = Callable[[str], None]

_MAGIC = b"SAYSO-T1"
_HEAD, _RECORD = struct.Struct("<8sII"), struct.Struct("<32sQI")
_ALIGNED = 64
_HEADROOM = 1 << 16  # bytes that a header never has


def check_free(folder: Path) -> None:
    """Raise TrainingError while a training is under way in a bundle's folder."""
    if (folder / NAME).exists():
        os.close(_locked(folder / NAME))


class Kept:
    """An open draft. One training at a time has it; use it in a `with` statement."""

    def __init__(
        self, folder: Path, made_with: Mapping[str, str], remark: Said, *, fresh: bool = False
    ) -> None:
        """folder: the bundle's; made with anything else, or for `fresh`, it begins anew.

        remark: told, in words, of what is taken over or discarded. Raises TrainingError while
        another training has it, BundleError where it cannot be written.
        """
        self._path = folder / NAME
        self._places: dict[bytes, tuple[int, int]] = {}
        self._start = self._end = 0
        self._synced = time.monotonic()
        with _written(self._path):
            folder.mkdir(parents=True, exist_ok=True)
            self._handle = _locked(self._path)
            try:
                self._open(made_with, remark, fresh)
            except BaseException:
                os.close(self._handle)
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)

    def __contains__(self, key: bytes) -> bool:
        return key in self._places

    def put(self, key: bytes, content: bytes) -> None:
        """Keep a content. Raises BundleError, of a full disk for one."""
        with _written(self._path):
            self._places[key] = self._append(key, content)
            if time.monotonic() - self._synced > SYNC_S:
                os.fsync(self._handle)
                self._synced = time.monotonic()

    def content(self, key: bytes) -> bytes:
        """What was put under a key."""
        start, length = self._places[key]
        return os.pread(self._handle, length, start)

    def stored(self, skills: Iterable[tuple[str, bytes]]) -> Iterator[Stored]:
        """The skills whose entries were put under these keys."""
        segment = Segment(self._path)
        for skill, key in skills:
            yield Stored(skill, Place("", "", NAME, *self._places[key]), segment)

    def only(self, keys: Collection[bytes]) -> None:
        """Forget what is under other keys; its room is given back once it is half of all."""
        wanted = {key: place for key, place in self._places.items() if key in keys}
        live = self._start + sum(_room(length) for _, length in wanted.values())
        self._places = wanted
        if 2 * live < self._end:
            with _written(self._path):
                self._close_up()

    def remove(self) -> None:
        """The training is over."""
        self._path.unlink(missing_ok=True)

    def _open(self, made_with: Mapping[str, str], remark: Said, fresh: bool) -> None:
        before = _header(self._handle)
        if before is not None and not fresh and before[1] == made_with:
            self._start = before[0]
            self._end = self._scan(self._start)
            os.ftruncate(self._handle, self._end)
            return
        if before is not None:
            other = "" if fresh else f": it was made with {difference(before[1], made_with)}"
            remark(f"What a training before had fitted is discarded{other}.")
        os.ftruncate(self._handle, 0)
        head = json.dumps(made_with).encode()
        self._end = 0
        self._write(_HEAD.pack(_MAGIC, len(head), zlib.crc32(head)) + head)
        self._start = self._end

    def _scan(self, at: int) -> int:
        """Note whole records from there on; where they end."""
        size = os.fstat(self._handle).st_size
        while True:
            head = os.pread(self._handle, _RECORD.size, at)
            if len(head) < _RECORD.size:
                return at
            key, length, checksum = _RECORD.unpack(head)
            if length > size - at - _ALIGNED:
                return at
            content = os.pread(self._handle, length, at + _ALIGNED)
            if _checksum(key, content) != checksum:
                return at
            self._places[key] = (at + _ALIGNED, length)
            at += _room(length)

    def _append(self, key: bytes, content: bytes) -> tuple[int, int]:
        start = self._end + _ALIGNED
        head = _RECORD.pack(key, len(content), _checksum(key, content))
        self._write(head + bytes(_ALIGNED - len(head)) + content)
        return start, len(content)

    def _write(self, content: bytes) -> None:
        """At the end; a write that fails leaves the end where it was."""
        filled = memoryview(content + bytes(-len(content) % _ALIGNED))
        done = 0
        while done < len(filled):
            done += os.pwrite(self._handle, filled[done:], self._end + done)
        self._end += len(filled)

    def _close_up(self) -> None:
        """Move records to where forgotten ones stood."""
        kept = sorted(self._places.items(), key=lambda item: item[1])
        self._end = self._start
        for key, (start, length) in kept:
            content = os.pread(self._handle, length, start)
            self._places[key] = self._append(key, content)
        os.ftruncate(self._handle, self._end)


@contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BundleError(
            f"{path}: could not be written ({error}); make room and train again: what was fitted "
            "is kept, and the version before still serves"
        ) from error


def _locked(path: Path) -> int:
    """The file, open and ours alone. Raises TrainingError where another training has it."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(handle)
                raise TrainingError(
                    f"{path.parent}: another training is under way; wait until it is done"
                ) from None
        os.close(handle)
        time.sleep(0.05)


def _header(handle: int) -> tuple[int, dict[str, Any]] | None:
    """Where records begin, and what they were made with; None for what is no draft."""
    content = os.pread(handle, _HEADROOM, 0)
    if len(content) < _HEAD.size:
        return None
    magic, length, checksum = _HEAD.unpack_from(content)
    head = content[_HEAD.size :][:length]
    if magic != _MAGIC or len(head) < length or zlib.crc32(head) != checksum:
        return None
    size = _HEAD.size + length
    return size + -size % _ALIGNED, json.loads(head)


def _checksum(key: bytes, content: bytes) -> int:
    return zlib.crc32(content, zlib.crc32(key + len(content).to_bytes(8, "little")))


def _room(length: int) -> int:
    """Bytes of a record with so long a content."""
    return _ALIGNED + length + -length % _ALIGNED
