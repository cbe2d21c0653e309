"""What the log has taught: a folder of versions, each whole, one of which serves.

    home/learned/
      CURRENT                 name of the version that serves, and `off` after it where none is to;
                              swapped by rename
      versions/<version>/     files of `sayso learn`, and learned.json with their SHA-256
      denied.json             what people have ruled out, for every version to come
      key                     makes pseudonyms of users
      last-run                empty; its time is that of the last run of `sayso learn`

A version is written under a temporary name, synced, renamed, and only then pointed to.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sayso.bundle.drafting import durable, link, sync
from sayso.bundle.versions import pick
from sayso.bundle.writing import alone
from sayso.errors import LearningError

T = TypeVar("T")
LEARNED = "learned"
MANIFEST = "learned.json"
KEPT = 5  # versions, for the way back
CURRENT, KEY, DENIED, LAST = "CURRENT", "key", "denied.json", "last-run"
_OFF, _DRAFT = "off", ".draft-"
_VERSION = re.compile(r"([0-9]{6,})-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `learned.json` says. files: name -> SHA-256; why: what made the version, in a clause."""

    version: str
    written: str
    written_by: str
    why: str
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pointer:
    """What CURRENT says: folder of the version, and whether it is switched off."""

    folder: Path
    off: bool


def current(folder: Path) -> Pointer | None:
    """The version that serves; None where nothing was learnt yet. Raises LearningError."""
    path = folder / CURRENT
    try:
        name, _, off = path.read_text(encoding="utf-8").strip().partition(" ")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise LearningError(f"{path}: cannot be read ({error}); mend that") from error
    chosen = folder / "versions" / name
    if not _VERSION.fullmatch(name) or not chosen.is_dir():
        raise LearningError(f'{path}: names "{name}", which is not there; run: sayso learn')
    return Pointer(chosen, off == _OFF)


def stamp(folder: Path) -> tuple[int, int]:
    """Changes whenever CURRENT does; one `stat`, for a cheap look at each turn."""
    try:
        status = (folder / CURRENT).stat()
    except OSError:
        return (0, 0)
    return (status.st_ino, status.st_mtime_ns)


def note_run(folder: Path) -> None:
    """A run has ended now, whatever came of it. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LAST).touch()


def since_run(folder: Path) -> float | None:
    """Seconds since a run ended, at least 0; None where there was none."""
    try:
        return max(0.0, time.time() - (folder / LAST).stat().st_mtime)
    except OSError:
        return None


def read_manifest(version: Path) -> Manifest:
    """The manifest of a version, its files checked against it. Raises LearningError."""
    path = version / MANIFEST
    try:
        manifest = Manifest(**json.loads(path.read_text(encoding="utf-8")))
        for name, digest in manifest.files.items():
            if _sha256(version / name) != digest:
                raise ValueError(f"{name} does not match its checksum")
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise LearningError(
            f"{path}: damaged ({error}); go back with: sayso rewrites rollback, or run: sayso learn"
        ) from error
    return manifest


def read_part(folder: Path, name: str) -> bytes | None:
    """A file of the version that serves, on or off; None where there is none. Raises LearningError.

    The version is checked whole first.
    """
    pointer = current(folder)
    if pointer is None or name not in read_manifest(pointer.folder).files:
        return None
    try:
        return (pointer.folder / name).read_bytes()
    except OSError as error:
        raise damaged(pointer.folder / name, error) from error


def read_list(folder: Path, name: str, parse: Callable[[bytes], list[T]]) -> list[T]:
    """What a file of the version that serves holds, on or off; nothing where there is none.

    parse: raises ValueError for what it cannot read. Raises LearningError.
    """
    content = read_part(folder, name)
    try:
        return parse(content) if content is not None else []
    except ValueError as error:
        raise damaged(folder / name, error) from error


def damaged(path: Path, error: Exception) -> LearningError:
    """What to say of a file that cannot be read."""
    way = "go back with: sayso rewrites rollback, or run: sayso learn"
    return LearningError(f"{path}: cannot be read ({error}); {way}")


def versions(folder: Path) -> list[Path]:
    """Folders of the versions that are there, oldest first."""
    return sorted(filter(_number, (folder / "versions").glob("*")), key=_number)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """The folder is there, and nobody else writes to it. Raises LearningError where that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder):
            yield
    except OSError as error:
        raise LearningError(
            f"{folder}: could not be written ({error}); what served before still serves"
        ) from error


def write(
    folder: Path,
    why: str,
    written_by: str,
    fill: Callable[[Path], None],
    telling: Collection[str] = (),
) -> Path:
    """A new version, pointed to; to be called while `writing`. Whether it is off stays as it was.

    fill: writes the files into the draft it is given. On any failure nothing has changed, nor where
    all files but those that only tell are what serves already.
    """
    before = current(folder)
    _sweep(folder)
    draft = folder / "versions" / f"{_DRAFT}{uuid.uuid4().hex}"
    draft.mkdir(parents=True)
    try:
        fill(draft)
        files = {path.name: _sha256(path) for path in sorted(draft.iterdir())}
        if before is not None and _same(files, read_manifest(before.folder).files, telling):
            return before.folder
        for name in files:
            sync(draft / name)
        number = max(map(_number, versions(folder)), default=0) + 1
        digest = hashlib.sha256(json.dumps([files, why], sort_keys=True).encode()).hexdigest()
        version = f"{number:06d}-{digest[:8]}"
        manifest = Manifest(version, datetime.now(UTC).isoformat(), written_by, why, files)
        durable(draft / MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
        sync(draft)
        os.rename(draft, folder / "versions" / version)
        sync(folder / "versions")
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    point(folder, version, off=before is not None and before.off)
    prune(folder)
    return folder / "versions" / version


def _same(some: Mapping[str, str], others: Mapping[str, str], but: Collection[str]) -> bool:
    """Whether these are the same files, those left aside that only tell."""
    plain = [{k: v for k, v in files.items() if k not in but} for files in (some, others)]
    return plain[0] == plain[1]


def prune(folder: Path, keep: int = KEPT) -> int:
    """Remove old versions but the latest `keep`, and the one that serves; how many went."""
    serving = current(folder)
    old = [path for path in versions(folder)[:-keep] if serving is None or path != serving.folder]
    for path in old:
        shutil.rmtree(path)
    return len(old)


def revise(
    folder: Path,
    why: str,
    written_by: str,
    fill: Callable[[Path], None],
    without: Collection[str] = (),
) -> Path:
    """As `write`, with the files of the version that serves that `fill` does not write itself.

    without: files that are left out.
    """
    before = current(folder)

    def both(draft: Path) -> None:
        fill(draft)
        names = () if before is None else read_manifest(before.folder).files
        for name in names:
            if before is not None and name not in without and not (draft / name).exists():
                link(before.folder / name, draft / name)

    return write(folder, why, written_by, both)


def point(folder: Path, version: str, *, off: bool) -> None:
    """Let a version serve, or nothing at all; to be called while `writing`."""
    draft = folder / f".{CURRENT}-{uuid.uuid4().hex}"
    durable(draft, (f"{version} {_OFF}" if off else version).encode())
    os.replace(draft, folder / CURRENT)
    sync(folder)


def go_back(folder: Path, version: str | None = None) -> str:
    """Serve another version that is still there, or the one before; its name.

    Raises LearningError for one that is not there or is damaged; what served goes on serving.
    """
    with writing(folder):
        now = current(folder)
        if now is None:
            raise LearningError(f"{folder}: nothing was learnt yet; run: sayso learn")
        chosen = pick(folder, versions(folder), now.folder, version, LearningError)
        read_manifest(chosen)
        point(folder, chosen.name, off=now.off)
    return chosen.name


def _number(path: Path) -> int:
    found = _VERSION.fullmatch(path.name)
    return int(found[1]) if found is not None else 0


def _sweep(folder: Path) -> None:
    """Remove what a writer that was killed has left behind."""
    for draft in (folder / "versions").glob(f"{_DRAFT}*"):
        shutil.rmtree(draft, ignore_errors=True)
    for pointer in folder.glob(f".{CURRENT}-*"):
        pointer.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
