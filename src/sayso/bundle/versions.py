"""The versions that a trained folder holds, and the way back to one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sayso.bundle.layout import MANIFEST
from sayso.bundle.reading import current, read_manifest, read_places, read_version
from sayso.bundle.writing import numbered, point, writing
from sayso.errors import BundleError, SaysoError


@dataclass(frozen=True, slots=True)
class Version:
    """One that can be served. skills: how many it holds; written_by: the Sayso that wrote it."""

    name: str
    written: datetime
    skills: int
    written_by: str
    serves: bool


def versions(folder: Path) -> list[Version]:
    """Those that are there, newest first; without any that are too damaged to be told.

    Raises BundleError where nothing was trained yet.
    """
    serving = current(folder)
    found = []
    for path in reversed(numbered(folder)):
        try:
            manifest = read_manifest(path)
            skills = len(read_places(path, manifest))
        except BundleError:
            continue
        when = datetime.fromtimestamp((path / MANIFEST).stat().st_mtime, UTC)
        found.append(Version(path.name, when, skills, manifest.written_by, path == serving))
    return found


def go_back(folder: Path, version: str | None = None) -> str:
    """Serve another version that is still there, or, without one named, the one before; its name.

    It is read and checked whole first, and it keeps its number: the next change builds on it and
    is counted after the newest. Raises BundleError for one that is not there or is damaged; what
    served before then goes on serving.
    """
    with writing(folder):
        chosen = pick(folder, numbered(folder), current(folder), version, BundleError)
        read_version(chosen)
        point(folder, chosen.name)
    return chosen.name


def pick(
    folder: Path,
    there: Sequence[Path],
    serving: Path,
    version: str | None,
    error: type[SaysoError],
) -> Path:
    """The version of that name, or the one before the one that serves.

    there: oldest first. Raises `error` where there is none.
    """
    if version is None:
        before = there[: there.index(serving)]
        if not before:
            raise error(f"{folder}: there is no version before the one that serves")
        return before[-1]
    chosen = folder / "versions" / version
    if chosen not in there:
        names = ", ".join(path.name for path in reversed(there))
        raise error(f'{folder}: has no version "{version}"; there are: {names}')
    return chosen
