"""A trained folder: training writes it, every predictor reads it. The layout, as data:

    home/bundle/
      CURRENT                      name of the version that serves; swapped by rename
      versions/<version>/
        bundle.json                Manifest: format, engine, encoder, routing, skills with checksums
        <skill>/skill.json         the skill as it was trained
        <skill>/<locale>.safetensors   arrays, with the model's JSON in the header

A version is written whole under a temporary name, synced, renamed, and only then pointed to, so
that a full disk or a kill leaves the old one serving. Unchanged skills are hard-linked from the
version before. Nothing is ever pickled.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.errors import BundleError

FORMAT = 1
CURRENT = "CURRENT"
MANIFEST = "bundle.json"


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
        version = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise BundleError(f"{folder}: nothing trained here yet; run: sayso train") from None
    chosen = folder / "versions" / version
    if not version or Path(version).name != version or not chosen.is_dir():
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
    chosen = current(folder)
    manifest = read_manifest(chosen)
    parts = {}
    for skill, version in manifest.parts.items():
        old = (known or {}).get(skill)
        same = old is not None and old.version == version
        parts[skill] = old if old is not None and same else _read_part(chosen, skill, manifest)
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
        return Manifest(**raw)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BundleError(f"{path}: damaged ({error}); retrain with: sayso train") from error


def _read_part(version_folder: Path, skill: str, manifest: Manifest) -> Part:
    definition = json.loads(_checked(version_folder, f"{skill}/skill.json", manifest))
    prefix, suffix = f"{skill}/", ".safetensors"
    locales = {
        name[len(prefix) : -len(suffix)]: _unpack(_checked(version_folder, name, manifest))
        for name in manifest.files
        if name.startswith(prefix) and name.endswith(suffix)
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
    versions = folder / "versions"
    draft = versions / f".draft-{uuid.uuid4().hex}"
    try:
        draft.mkdir(parents=True)
        before = _before(folder)
        held = {part.skill: part for part in parts}
        files: dict[str, str] = {}
        for part in held.values():
            files |= _write_part(draft, part, before)
        version = _next_version(folder, files)
        manifest = Manifest(
            version=version,
            engine=engine,
            encoder=dict(encoder),
            routing=dict(routing),
            parts={skill: part.version for skill, part in held.items()},
            files=files,
            written_by=written_by,
        )
        _write_file(draft / MANIFEST, json.dumps(_as_json(manifest), indent=1).encode())
        _sync(draft)
        os.rename(draft, versions / version)
        _point(folder, version)
    except OSError as error:
        raise BundleError(
            f"{folder}: could not be written ({error}); the version before still serves"
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _prune(folder, keep)
    return versions / version


def _before(folder: Path) -> tuple[Path, Manifest] | None:
    """The version that serves now, for hard links; None where there is none or it is damaged."""
    try:
        chosen = current(folder)
        return chosen, read_manifest(chosen)
    except BundleError:
        return None


def _write_part(draft: Path, part: Part, before: tuple[Path, Manifest] | None) -> dict[str, str]:
    (draft / part.skill).mkdir()
    definition = json.dumps(part.definition, ensure_ascii=False, sort_keys=True).encode()
    contents = {f"{part.skill}/skill.json": definition}
    for locale, packed in part.locales.items():
        contents[f"{part.skill}/{locale}.safetensors"] = _pack(packed)
    files = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    for name, content in contents.items():
        if before is not None and before[1].files.get(name) == files[name]:
            os.link(before[0] / name, draft / name)
        else:
            _write_file(draft / name, content)
    return files


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


def _next_version(folder: Path, files: Mapping[str, str]) -> str:
    names = [path.name for path in (folder / "versions").iterdir()]
    last = max((int(name[:6]) for name in names if name[:6].isdigit()), default=0)
    digest = hashlib.sha256("".join(sorted(files.values())).encode()).hexdigest()[:8]
    return f"{last + 1:06d}-{digest}"


def _point(folder: Path, version: str) -> None:
    draft = folder / f".{CURRENT}-{uuid.uuid4().hex}"
    _write_file(draft, version.encode())
    os.replace(draft, folder / CURRENT)
    _sync(folder)


def _prune(folder: Path, keep: int) -> None:
    serving = current(folder).name
    versions = sorted(path for path in (folder / "versions").iterdir() if path.name[:6].isdigit())
    for path in versions[:-keep]:
        if path.name != serving:
            shutil.rmtree(path, ignore_errors=True)


def _as_json(manifest: Manifest) -> dict[str, Any]:
    return {name: getattr(manifest, name) for name in Manifest.__slots__}
