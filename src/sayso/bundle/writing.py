"""A new version: written beside the others, made durable, and only then pointed to."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sayso.bundle.layout import (
    CURRENT,
    DEFINITION,
    FORMAT,
    MANIFEST,
    MODEL,
    VERSION,
    Part,
    digest,
    pack,
)
from sayso.bundle.reading import current
from sayso.errors import BundleError

_DRAFT = ".draft-"


def write(
    folder: Path,
    parts: Iterable[Part],
    *,
    engine: str,
    encoder: Mapping[str, str],
    routing: Mapping[str, Any],
    written_by: str,
    keep: int = 3,
) -> Path:
    """Write a new version and point to it; the last `keep` versions stay for a way back.

    Returns the version's folder. On any failure the version that served before still serves.
    Raises BundleError when the disk is full or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder):
            version = _write_version(folder, list(parts), engine, encoder, routing, written_by)
            _prune(folder, keep)
    except OSError as error:
        raise BundleError(
            f"{folder}: could not be written ({error}); the version before still serves"
        ) from error
    return folder / "versions" / version


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """A lock on a folder: one holder at a time, among threads and processes that ask for it."""
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write_version(
    folder: Path,
    parts: Iterable[Part],
    engine: str,
    encoder: Mapping[str, str],
    routing: Mapping[str, Any],
    written_by: str,
) -> str:
    versions = folder / "versions"
    draft = versions / f"{_DRAFT}{uuid.uuid4().hex}"
    _sweep(folder)
    try:
        draft.mkdir(parents=True)
        before = _before(folder)
        held = {part.skill: part for part in parts}
        manifest = {
            "engine": engine,
            "encoder": dict(encoder),
            "routing": dict(routing),
            "parts": {skill: part.version for skill, part in held.items()},
            "files": {k: v for x in held.values() for k, v in _write_part(draft, x, before)},
            "format": FORMAT,
            "written_by": written_by,
        }
        version = f"{_last_number(versions) + 1:06d}-{digest(manifest)}"
        text = json.dumps({"version": version, **manifest}, indent=1)
        _write_file(draft / MANIFEST, text.encode())
        _sync(draft)
        os.rename(draft, versions / version)
        _sync(versions)
        _point(folder, version)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return version


def _sweep(folder: Path) -> None:
    """Remove what a writer that was killed has left behind."""
    for draft in (folder / "versions").glob(f"{_DRAFT}*"):
        shutil.rmtree(draft, ignore_errors=True)
    for pointer in folder.glob(f".{CURRENT}-*"):
        pointer.unlink(missing_ok=True)


def _before(folder: Path) -> Path | None:
    """The version that serves now, for hard links; None where there is none."""
    try:
        return current(folder)
    except BundleError:
        return None


def _write_part(draft: Path, part: Part, before: Path | None) -> list[tuple[str, str]]:
    """Writes a skill's files; their names below the version's folder, and their SHA-256."""
    (draft / part.skill).mkdir()
    definition = json.dumps(part.definition, ensure_ascii=False, sort_keys=True).encode()
    contents = {f"{part.skill}/{DEFINITION}": definition}
    for locale, packed in part.locales.items():
        contents[f"{part.skill}/{locale}{MODEL}"] = pack(packed)
    files = [(name, hashlib.sha256(content).hexdigest()) for name, content in contents.items()]
    for name, sha256 in files:
        if before is None or not _linked(before / name, draft / name, sha256):
            _write_file(draft / name, contents[name])
    _sync(draft / part.skill)
    return files


def _linked(old: Path, new: Path, sha256: str) -> bool:
    """Link a file of the version before, if it is the same and whole; whether that was done."""
    try:
        if hashlib.sha256(old.read_bytes()).hexdigest() != sha256:
            return False
        os.link(old, new)
    except OSError:  # it is gone, or the disk knows no hard links: the file is written anew
        return False
    return True


def _write_file(path: Path, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Make a folder's entries durable, so that a rename never outlives what it points to."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _last_number(versions: Path) -> int:
    return max((_number(path) for path in versions.iterdir()), default=0)


def _number(path: Path) -> int:
    """The number of a version's folder; 0 for anything else."""
    found = VERSION.fullmatch(path.name)
    return int(found[1]) if found is not None else 0


def _point(folder: Path, version: str) -> None:
    draft = folder / f".{CURRENT}-{uuid.uuid4().hex}"
    _write_file(draft, version.encode())
    os.replace(draft, folder / CURRENT)
    _sync(folder)


def _prune(folder: Path, keep: int) -> None:
    serving = current(folder)
    versions = sorted(filter(_number, (folder / "versions").iterdir()), key=_number)
    for path in versions[:-keep]:
        if path != serving:
            shutil.rmtree(path, ignore_errors=True)
