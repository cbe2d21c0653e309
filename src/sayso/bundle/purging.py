"""A trained folder without what was withdrawn: versions dropped, dead entries written over.

A version links the segments of the one before, and these may hold entries that no skill has any
more. Where a text must be gone from the disk, the version that serves is written anew.
"""

from __future__ import annotations

import mmap
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sayso.bundle.drafting import link
from sayso.bundle.entry import ALIGNED, MAGIC, pieces_at
from sayso.bundle.layout import REGISTER
from sayso.bundle.reading import current, read_version
from sayso.bundle.writing import numbered, write_anew, writing


def drop(folder: Path, names: Collection[str]) -> list[str]:
    """Remove these versions, but for the one that serves; the names of those removed."""
    with writing(folder):
        serving = current(folder)
        gone = [path for path in numbered(folder) if path.name in names and path != serving]
        for path in gone:
            shutil.rmtree(path)
    return [path.name for path in gone]


def close_up(folder: Path) -> str:
    """Write the version that serves anew, without dead entries, and remove it as it was; its name.

    Every process that serves the home takes it up. Raises BundleError as `write` does.
    """
    with writing(folder):
        before = read_version(current(folder))
        registers = [name for name in before.manifest.files if name.endswith(REGISTER)]

        def linked(path: Path) -> Sequence[str]:
            for name in registers:
                link(before.folder / name, path / name)
            return registers

        parts = [before.stored(skill) for skill in sorted(before.places)]
        said = replace(before.manifest, files={})
        version = write_anew(folder, said, parts, linked)
        shutil.rmtree(before.folder)
    return version


def said_in(segment: Path) -> Iterator[bytes]:
    """Every piece in a segment, unpacked, those of dead entries as well; damaged ones left out."""
    size = segment.stat().st_size
    if not size:
        return
    with segment.open("rb") as file, mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as all:
        for at in range(0, size, ALIGNED):
            if all[at : at + len(MAGIC)] == MAGIC:
                yield from pieces_at(all, at)
