"""A trained folder: training writes it, every predictor reads it. The layout, as data:

    home/bundle/
      CURRENT                      name of the version that serves; swapped by rename
      versions/<version>/
        bundle.json                Manifest: format, engine, encoder, routing, skills with checksums
        <skill>/skill.json         the skill as it was trained
        <skill>/<locale>.safetensors   arrays, with the model's JSON in the header

A version is written whole under a temporary name, synced, renamed, and only then pointed to, so
that a full disk or a kill leaves the old one serving. Unchanged files are hard-linked from the
version before. A version's name ends in a digest of its manifest, which holds the digests of its
files: whatever was damaged since is noticed. Nothing is ever pickled.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.errors import BundleError

FORMAT = 1
CURRENT = "CURRENT"
MANIFEST = "bundle.json"
_VERSION = re.compile(r"([0-9]{6,})-[0-9a-f]{8}")
_DRAFT = ".draft-"


@dataclass(frozen=True, slots=True)
class Packed:
    """A model at rest: arrays by name, and what else it needs as JSON."""

    tensors: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A skill at rest: its definition as JSON, and a packed model for each locale it speaks.

    version: hash of the definition; locales: locale -> model.
    """

    skill: str
    version: str
    definition: Mapping[str, Any]
    locales: Mapping[str, Packed]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `bundle.json` says.

    engine: `shared` or `maxent-crf`; encoder: name and fingerprint of the weights it was trained
        with (empty where none); routing: weights and calibration of the ranker.
    parts: skill -> its version; files: path below the version's folder -> SHA-256.
    """

    version: str
    engine: str
    encoder: Mapping[str, str]
    routing: Mapping[str, Any]
    parts: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT
    written_by: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A version as read from disk."""

    folder: Path
    manifest: Manifest
    parts: Mapping[str, Part]


def current(folder: Path) -> Path:
    """Folder of the version that serves. Raises BundleError where there is none."""
    try:
        version = (folder / CURRENT).read_text(encoding="utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise BundleError(f"{folder}: nothing trained here yet; run: sayso train") from None
    except OSError as error:
        raise BundleError(f"{folder / CURRENT}: cannot be read ({error}); mend that") from error
    chosen = folder / "versions" / version
    if not _VERSION.fullmatch(version) or not chosen.is_dir():
        raise BundleError(f'{folder / CURRENT}: names "{version}", which is not there; retrain')
    return chosen


def stamp(folder: Path) -> tuple[int, int]:
    """Changes whenever another version is pointed to; one `stat`, for a cheap look at each turn."""
    try:
        status = (folder / CURRENT).stat()
    except OSError:
        return (0, 0)
    return (status.st_ino, status.st_mtime_ns)


def read(folder: Path, known: Mapping[str, Part] | None = None) -> Bundle:
    """The version that serves, every file checked against its SHA-256.

    known: parts already in memory; one whose version is unchanged is not read again.
    Raises BundleError for a damaged folder, or one that a newer Sayso wrote.
    """
    while True:
        chosen = current(folder)
        try:
            return _read_version(chosen, known or {})
        except BundleError:
            # A writer in a hurry may have removed this version while it was read.
            if current(folder) == chosen:
                raise


def _read_version(chosen: Path, known: Mapping[str, Part]) -> Bundle:
    manifest = read_manifest(chosen)
    files: dict[str, list[str]] = {skill: [] for skill in manifest.parts}
    for name in manifest.files:
        files.setdefault(name.split("/")[0], []).append(name)
    parts = {}
    for skill, version in manifest.parts.items():
        old = known.get(skill)
        same = old is not None and old.version == version
        parts[skill] = old if old and same else _read_part(chosen, skill, files[skill], manifest)
    return Bundle(chosen, manifest, parts)


def read_manifest(version_folder: Path) -> Manifest:
    """The manifest of one version's folder. Raises BundleError."""
    path = version_folder / MANIFEST
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] > FORMAT:
            raise BundleError(
                f"{path}: format {raw['format']} is newer than this Sayso reads ({FORMAT}); "
                "upgrade Sayso, or retrain with: sayso train"
            )
        if not version_folder.name.endswith(_digest(raw)):
            raise ValueError("does not match its checksum")
        return Manifest(**raw)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BundleError(f"{path}: damaged ({error}); retrain with: sayso train") from error


def _digest(manifest: Mapping[str, Any]) -> str:
    """Of all that a manifest says but its version's name, which ends in it."""
    said = {name: value for name, value in manifest.items() if name != "version"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:8]


def _read_part(version_folder: Path, skill: str, names: Iterable[str], manifest: Manifest) -> Part:
    definition = json.loads(_checked(version_folder, f"{skill}/skill.json", manifest))
    prefix, suffix = f"{skill}/", ".safetensors"
    locales = {
        name[len(prefix) : -len(suffix)]: _unpack(_checked(version_folder, name, manifest))
        for name in names
        if name.endswith(suffix)
    }
    return Part(skill, manifest.parts[skill], definition, locales)


def _checked(version_folder: Path, name: str, manifest: Manifest) -> bytes:
    path = version_folder / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BundleError(f"{path}: cannot be read ({error}); retrain: sayso train") from error
    if hashlib.sha256(content).hexdigest() != manifest.files.get(name):
        raise BundleError(f"{path}: does not match its checksum; retrain with: sayso train")
    return content


def _unpack(content: bytes) -> Packed:
    from safetensors.numpy import load

    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    return Packed(load(content), json.loads(header.get("__metadata__", {}).get("settings", "{}")))


def _pack(packed: Packed) -> bytes:
    from safetensors.numpy import save

    tensors = {name: np.ascontiguousarray(array) for name, array in packed.tensors.items()}
    settings = json.dumps(packed.settings, ensure_ascii=False, sort_keys=True)
    return save(tensors, metadata={"settings": settings})


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
        version = f"{_last_number(versions) + 1:06d}-{_digest(manifest)}"
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
    contents = {f"{part.skill}/skill.json": definition}
    for locale, packed in part.locales.items():
        contents[f"{part.skill}/{locale}.safetensors"] = _pack(packed)
    files = [(name, hashlib.sha256(content).hexdigest()) for name, content in contents.items()]
    for name, digest in files:
        if before is None or not _linked(before / name, draft / name, digest):
            _write_file(draft / name, contents[name])
    _sync(draft / part.skill)
    return files


def _linked(old: Path, new: Path, digest: str) -> bool:
    """Link a file of the version before, if it is the same and whole; whether that was done."""
    try:
        if hashlib.sha256(old.read_bytes()).hexdigest() != digest:
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
    found = _VERSION.fullmatch(path.name)
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
