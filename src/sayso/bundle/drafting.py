"""A version in the making: new entries in a segment of their own, old ones linked or moved over."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Self

from sayso.bundle.entry import ALIGNED
from sayso.bundle.layout import INDEX, Place
from sayso.bundle.places import index_of
from sayso.bundle.stored import Bundle
from sayso.errors import BundleError


class Draft:
    """A folder that becomes a version. Use it in a `with` statement; `put`, then `finish`."""

    def __init__(
        self, folder: Path, segment: str, before: Bundle | None, keep: Collection[str]
    ) -> None:
        """segment: name of the new one; keep: skills of the version before that stay."""
        self._folder = folder
        self._name = segment
        self._before = before
        old = before.places if before is not None else {}
        self._places: dict[str, Place] = {skill: old[skill] for skill in keep}
        self._file = open(folder / segment, "wb")  # noqa: SIM115 - closed by __exit__
        self._hash = hashlib.sha256()
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def put(self, skill: str, version: str, entry: bytes) -> None:
        """Keep a skill's entry: where the version before has it, else in the new segment."""
        digest = _digest(entry)
        old = self._before.places.get(skill) if self._before is not None else None
        same = old is not None and old.digest == digest
        self._places[skill] = old if old and same else self._append(version, digest, entry)

    def finish(self) -> dict[str, str]:
        """Write what is left; name of each file -> SHA-256."""
        self._merge()
        files = {}
        if self._size:
            files[self._name] = self._hash.hexdigest()
        self._file.flush()
        os.fsync(self._file.fileno())
        if not self._size:
            (self._folder / self._name).unlink()
        for name in sorted({place.segment for place in self._places.values()} - {self._name}):
            assert self._before is not None
            link(self._before.folder / name, self._folder / name)
            files[name] = self._before.manifest.files[name]
        index = index_of(self._places)
        durable(self._folder / INDEX, index)
        return {INDEX: hashlib.sha256(index).hexdigest(), **files}

    def _append(self, version: str, digest: str, entry: bytes) -> Place:
        place = Place(version, digest, self._name, self._size, len(entry))
        filled = entry + bytes(-len(entry) % ALIGNED)
        self._file.write(filled)
        self._hash.update(filled)
        self._size += len(filled)
        return place

    def _merge(self) -> None:
        """Move the entries of segments that are small beside the new one, or mostly dead.

        So there are about log2(skills) segments, and an entry is moved that often at most.
        """
        if self._before is None:
            return
        live: Counter[str] = Counter()
        for place in self._places.values():
            live[place.segment] += place.length
        del live[self._name]
        for name, size in sorted(live.items(), key=lambda item: item[1]):
            if size <= self._size or 2 * size < self._before.segments[name].stamp[2]:
                self._move(name)

    def _move(self, segment: str) -> None:
        assert self._before is not None
        source = self._before.segments[segment]
        moved = [(skill, at) for skill, at in self._places.items() if at.segment == segment]
        for skill, at in moved:
            entry = source.read(at.offset, at.length)
            if _digest(entry) != at.digest:
                raise BundleError(f"{source.path}: skill {skill}: damaged; retrain: sayso train")
            self._places[skill] = self._append(at.version, at.digest, entry)


def _digest(entry: bytes) -> str:
    return hashlib.sha256(entry).hexdigest()[:32]


def link(old: Path, new: Path) -> None:
    """Link a file of the version before; a copy where the disk knows no hard links."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)
        with new.open("rb") as file:
            os.fsync(file.fileno())


def durable(path: Path, content: bytes) -> None:
    """Write a file and make it last."""
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Make a file, or a folder's entries, last: a rename never outlives what it points to."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
