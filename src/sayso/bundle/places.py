"""Where each skill's entry stands: a sorted file of lines, looked up where it lies.

A hundred thousand lines as objects would take more memory than the skills that are in use.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from io import BytesIO

from sayso.bundle.layout import Place
from sayso.bundle.segments import Segment

BLOCK = 64  # lines that are read for one


class Places(Mapping[str, Place]):
    """Skill -> its place, read from the file each time."""

    def __init__(self, file: Segment, sha256: str | None) -> None:
        """Raises ValueError for a file that is damaged, BundleError for one that cannot be read."""
        self._file = file
        content = file.read(0, file.stamp[2])
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ValueError("does not match its checksum")
        self._heads: list[str] = []  # first skill of each block
        self._starts: list[int] = []
        self._count = start = 0
        before = ""
        for line in BytesIO(content):
            skill, _ = place_of(line.decode())
            if skill <= before:
                raise ValueError(f"{skill} is out of order")
            if self._count % BLOCK == 0:
                self._heads.append(skill)
                self._starts.append(start)
            before, start = skill, start + len(line)
            self._count += 1
        self._starts.append(start)

    def __getitem__(self, skill: str) -> Place:
        at = bisect_right(self._heads, skill) - 1
        lines = f"\n{self._lines(at)}" if at >= 0 else ""
        start = lines.find(f"\n{skill}\t") + 1
        if not start:
            raise KeyError(skill)
        return place_of(lines[start : lines.index("\n", start)])[1]

    def __iter__(self) -> Iterator[str]:
        for at in range(len(self._heads)):
            yield from (skill for skill, _ in self._block(at))

    def __len__(self) -> int:
        return self._count

    def _block(self, at: int) -> list[tuple[str, Place]]:
        return [place_of(line) for line in self._lines(at).split("\n") if line]

    def _lines(self, at: int) -> str:
        start, end = self._starts[at], self._starts[at + 1]
        return self._file.read(start, end - start).decode()


def place_of(line: str) -> tuple[str, Place]:
    """A skill and its place. Raises ValueError."""
    skill, version, digest, segment, offset, length = line.rstrip("\n").split("\t")
    return skill, Place(version, digest, segment, int(offset), int(length))


def index_of(places: Mapping[str, Place]) -> bytes:
    """The file `index`: skill, version, digest, segment, offset, length; tabs between, sorted."""
    lines = (
        f"{skill}\t{at.version}\t{at.digest}\t{at.segment}\t{at.offset}\t{at.length}\n"
        for skill, at in sorted(places.items())
    )
    return "".join(lines).encode()
