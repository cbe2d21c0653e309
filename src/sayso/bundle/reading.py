"""The version that serves, read whole and checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from sayso.bundle.layout import (
    CURRENT,
    DEFINITION,
    FORMAT,
    MANIFEST,
    MODEL,
    VERSION,
    Bundle,
    Manifest,
    Part,
    digest,
    unpack,
)
from sayso.errors import BundleError


def current(folder: Path) -> Path:
    """Folder of the version that serves. Raises BundleError where there is none."""
    try:
        version = (folder / CURRENT).read_text(encoding="utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise BundleError(f"{folder}: nothing trained here yet; run: sayso train") from None
    except OSError as error:
        raise BundleError(f"{folder / CURRENT}: cannot be read ({error}); mend that") from error
    chosen = folder / "versions" / version
    if not VERSION.fullmatch(version) or not chosen.is_dir():
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
        if not version_folder.name.endswith(digest(raw)):
            raise ValueError("does not match its checksum")
        return Manifest(**raw)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BundleError(f"{path}: damaged ({error}); retrain with: sayso train") from error


def _read_part(version_folder: Path, skill: str, names: Iterable[str], manifest: Manifest) -> Part:
    definition = json.loads(_checked(version_folder, f"{skill}/{DEFINITION}", manifest))
    prefix, suffix = f"{skill}/", MODEL
    locales = {
        name[len(prefix) : -len(suffix)]: unpack(_checked(version_folder, name, manifest))
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
