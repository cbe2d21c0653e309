"""A new version: written beside the others, made durable, and only then pointed to."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sayso.bundle.drafting import Draft, durable, link, sync
from sayso.bundle.entry import encode
from sayso.bundle.layout import (
    CURRENT,
    FORMAT,
    MANIFEST,
    REGISTER,
    SEGMENT,
    VERSION,
    Manifest,
    Part,
    digest,
)
from sayso.bundle.reading import current, read_manifest, read_places
from sayso.bundle.segments import Segment
from sayso.bundle.stored import Bundle, Stored
from sayso.errors import BundleError

_DRAFT = ".draft-"


def write(
    folder: Path,
    parts: Iterable[Part | Stored],
    *,
    engine: str,
    encoder: Mapping[str, str],
    routing: Mapping[str, Any],
    written_by: str,
    register: Callable[[Path], Iterable[str]] = lambda folder: (),
    refused: Collection[str] = (),
    keep: int = 3,
) -> Path:
    """Write a new version of these skills and point to it; the last `keep` versions stay.

    parts: some may be stored elsewhere already; their entries are copied as they are.
    register: writes the registers into a folder, once all parts were taken, and gives their names.
    refused: skills whose examples say what they have turned down.
    Entries that the version before has already are taken from there. Returns the version's folder.
    On any failure the version that served before still serves. Raises BundleError when the disk is
    full or the folder cannot be written.
    """
    said = Manifest(
        "", engine, dict(encoder), dict(routing), written_by=written_by, refused=sorted(refused)
    )
    with writing(folder):
        version = _write_version(folder, said, _whole(_before(folder)), parts, (), register)
        _prune(folder, keep)
    return folder / "versions" / version


def write_anew(
    folder: Path,
    said: Manifest,
    parts: Iterable[Stored],
    register: Callable[[Path], Iterable[str]],
) -> str:
    """Write these skills as a version that shares no file with another; its name.

    To be called while `writing`. said, register: as in `write`; nothing is pruned.
    """
    return _write_version(folder, said, None, parts, (), register)


def change(
    folder: Path,
    put: Iterable[Part] = (),
    remove: Collection[str] = (),
    *,
    encoder: Mapping[str, str] | None = None,
    written_by: str | None = None,
    keep: int = 3,
) -> Path:
    """A new version in which some skills were put, others removed, and the rest stays as it is.

    encoder, written_by: what the manifest says from now on; None leaves what it said.
    Costs what the changed skills cost, and the index. Raises BundleError as `write` does, and where
    nothing was trained yet.
    """
    put = [*put]
    with writing(folder):
        before = _open(current(folder))
        stay = before.places.keys() - set(remove)
        said = replace(
            before.manifest,
            encoder=dict(encoder) if encoder is not None else before.manifest.encoder,
            written_by=written_by if written_by is not None else before.manifest.written_by,
            format=FORMAT,
            # What a skill has turned down goes with it: a new version may have learnt it.
            refused=sorted({*before.manifest.refused} - {*(x.skill for x in put), *remove}),
        )
        version = _change_version(folder, said, before, put, stay, remove)
        _prune(folder, keep)
    return folder / "versions" / version


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """A lock on a folder: one holder at a time, among threads and processes that ask for it."""
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """The folder is there, and nobody else writes to it. Raises BundleError where that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder):
            yield
    except OSError as error:
        raise BundleError(
            f"{folder}: could not be written ({error}); the version before still serves"
        ) from error


def _write_version(
    folder: Path,
    said: Manifest,
    before: Bundle | None,
    parts: Iterable[Part | Stored],
    keep: Collection[str],
    register: Callable[[Path], Iterable[str]],
) -> str:
    """Draft a version, rename it and point to it; its name.

    keep: skills of the version before that stay, unless one of the parts takes their place.
    register: as in `write`.
    """
    versions = folder / "versions"
    _sweep(folder)
    number = max(map(_number, numbered(folder)), default=0) + 1
    path = versions / f"{_DRAFT}{uuid.uuid4().hex}"
    try:
        path.mkdir(parents=True)
        with Draft(path, f"{number:06d}{SEGMENT}", before, keep) as draft:
            for part in parts:
                entry = part.content() if isinstance(part, Stored) else encode(part)
                draft.put(part.skill, part.version, entry)
            files = draft.finish()
            files |= {name: Segment(path / name).sha256() for name in register(path)}
        manifest = {**asdict(said), "files": files}
        version = f"{number:06d}-{digest(manifest)}"
        durable(path / MANIFEST, json.dumps({**manifest, "version": version}, indent=1).encode())
        sync(path)
        os.rename(path, versions / version)
        sync(versions)
        point(folder, version)
    finally:
        shutil.rmtree(path, ignore_errors=True)
    return version


def _change_version(
    folder: Path,
    said: Manifest,
    before: Bundle,
    put: Sequence[Part],
    keep: Collection[str],
    remove: Collection[str],
) -> str:
    """`_write_version` with the registers of the version before, and what they know no more."""
    names = [f"{tongue}{REGISTER}" for tongue in before.registers]

    def linked(path: Path) -> Sequence[str]:
        for name in names:
            link(before.folder / name, path / name)
        return names

    if names:
        changed = {*said.changed, *(part.skill for part in put), *remove}
        said = replace(said, changed=sorted(changed))
    return _write_version(folder, said, before, put, keep, linked)


def _sweep(folder: Path) -> None:
    """Remove what a writer that was killed has left behind."""
    for draft in (folder / "versions").glob(f"{_DRAFT}*"):
        shutil.rmtree(draft, ignore_errors=True)
    for pointer in folder.glob(f".{CURRENT}-*"):
        pointer.unlink(missing_ok=True)


def _open(version_folder: Path) -> Bundle:
    """A version as its manifest and index describe it; its segments are not looked at."""
    manifest = read_manifest(version_folder)
    places = read_places(version_folder, manifest)
    names = {place.segment for place in places.values()}
    names |= {name for name in manifest.files if name.endswith(REGISTER)}
    segments = {name: Segment(version_folder / name) for name in names}
    return Bundle(version_folder, manifest, places, segments)


def _before(folder: Path) -> Bundle | None:
    """The version that serves now; None where there is none, or none that can be read."""
    try:
        return _open(current(folder))
    except BundleError:
        return None


def _whole(before: Bundle | None) -> Bundle | None:
    """The version, without the segments that were damaged and the skills in them."""
    if before is None:
        return None
    files = before.manifest.files
    whole = {name: x for name, x in before.segments.items() if x.sha256() == files.get(name)}
    places = {skill: at for skill, at in before.places.items() if at.segment in whole}
    return replace(before, places=places, segments=whole)


def numbered(folder: Path) -> list[Path]:
    """Folders of the versions that are there, oldest first."""
    return sorted(filter(_number, (folder / "versions").glob("*")), key=_number)


def _number(path: Path) -> int:
    """The number of a version's folder; 0 for anything else."""
    found = VERSION.fullmatch(path.name)
    return int(found[1]) if found is not None else 0


def point(folder: Path, version: str) -> None:
    """Let this version serve; to be called while `writing`."""
    draft = folder / f".{CURRENT}-{uuid.uuid4().hex}"
    durable(draft, version.encode())
    os.replace(draft, folder / CURRENT)
    sync(folder)


def _prune(folder: Path, keep: int) -> None:
    serving = current(folder)
    for path in numbered(folder)[:-keep]:
        if path != serving:
            shutil.rmtree(path, ignore_errors=True)
