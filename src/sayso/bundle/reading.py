"""The version that serves: its files checked, its skills at hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from sayso.bundle.layout import (
    CURRENT,
    FORMAT,
    INDEX,
    MANIFEST,
    OLDEST,
    REGISTER,
    SEGMENT,
    VERSION,
    Manifest,
    Place,
    digest,
)
from sayso.bundle.places import Places
from sayso.bundle.segments import Segment, stamp_of
from sayso.bundle.stored import Bundle
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


def read(folder: Path, known: Bundle | None = None) -> Bundle:
    """The version that serves, every file checked against its SHA-256.

    known: a bundle read before; what was checked then and is unchanged is not checked again.
    Raises BundleError for a damaged folder, or one of another format.
    """
    while True:
        chosen = current(folder)
        try:
            return read_version(chosen, known)
        except BundleError:
            # A writer in a hurry may have removed this version while it was read.
            if current(folder) == chosen:
                raise


def read_version(chosen: Path, known: Bundle | None = None) -> Bundle:
    """The version in this folder, as `read` reads it. Raises BundleError."""
    manifest = read_manifest(chosen)
    places = read_places(chosen, manifest)
    segments = {
        name: _segment(chosen, name, manifest, known)
        for name in manifest.files
        if name.endswith((SEGMENT, REGISTER))
    }
    _check_places(chosen, places, segments)
    return Bundle(chosen, manifest, places, segments)


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
        if raw["format"] < OLDEST:
            raise BundleError(
                f"{path}: format {raw['format']} is that of an earlier Sayso (this one reads "
                f"{FORMAT}); retrain with: sayso train"
            )
        name = version_folder.name
        if raw["version"] != name or not name.endswith(digest(raw)):
            raise ValueError("does not match its checksum")
        return Manifest(**raw)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BundleError(f"{path}: damaged ({error}); retrain with: sayso train") from error


def read_places(version_folder: Path, manifest: Manifest) -> Places:
    """Skill -> where its entry stands. Raises BundleError."""
    path = version_folder / INDEX
    try:
        return Places(Segment(path), manifest.files.get(INDEX))
    except ValueError as error:
        raise BundleError(f"{path}: {error}; retrain with: sayso train") from error


def _segment(chosen: Path, name: str, manifest: Manifest, known: Bundle | None) -> Segment:
    """The segment, opened and checked; the known one if it is the very same file."""
    path, sha256 = chosen / name, manifest.files[name]
    old = known.segments.get(name) if known is not None else None
    if old is not None and known is not None and known.manifest.files[name] == sha256:
        try:
            if stamp_of(path.stat()) == old.stamp:
                return old
        except OSError:  # `Segment` says it better
            pass
    segment = Segment(path)
    if segment.sha256() != sha256:
        raise BundleError(f"{path}: does not match its checksum; retrain with: sayso train")
    return segment


def _check_places(
    chosen: Path, places: Mapping[str, Place], segments: Mapping[str, Segment]
) -> None:
    for skill, place in places.items():
        if place.segment not in segments:
            raise BundleError(
                f"{chosen / INDEX}: skill {skill} is said to stand in {place.segment}, which the "
                "bundle does not list; retrain with: sayso train"
            )
