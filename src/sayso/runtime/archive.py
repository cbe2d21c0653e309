"""A home in one zip file, and back: settings, skills, bundle, what skills keep, and the log.

sayso.toml, skills/…, removed/…, data/…     as they lie in the home, databases copied whole
bundle/CURRENT, bundle/versions/<version>/… the version that serves
learned/…                                   likewise, with the key of the votes and what is denied
log.zip                                     the log, in the store's own format for any database
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path, PurePosixPath

from sayso import bundle, learned
from sayso.bundle.layout import CURRENT
from sayso.errors import BundleError, HomeError, LearningError
from sayso.runtime.serving import BUNDLE
from sayso.runtime.skill_files import SKILLS
from sayso.settings import FILE_NAME, read_settings
from sayso.stores.store import Store

LOG = "log.zip"
_KEPT = (SKILLS, "removed", "data")
_SQLITE = b"SQLite format 3\0"
_LEFT_OUT = ("-wal", "-shm", "-journal", ".pyc")  # a database is copied with what these hold


def pack_home(home: Path, archive: Path) -> dict[str, int]:
    """Write a home to one file, which appears only once it is whole. Returns counts by kind.

    Turns go on meanwhile; a change of the skills waits. Raises HomeError if the file exists or
    cannot be written, StoreError for the log.
    """
    settings = read_settings(home)
    if archive.exists():
        raise HomeError(f"{archive}: exists; name another file")
    draft = archive.with_name(f".{archive.name}.{os.getpid()}")
    try:
        # For its owner alone: it holds what people said.
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
            with (
                tempfile.TemporaryDirectory() as scratch,
                zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as file,
                Store.open(settings.store.url, home) as store,
                bundle.alone(home),
            ):
                counts = store.backup(Path(scratch) / LOG)
                file.write(Path(scratch) / LOG, LOG)
                files = list(_files(home))
                for path in files:
                    _add(file, path, str(path.relative_to(home)), Path(scratch))
            raw.flush()
            os.fsync(raw.fileno())
        draft.rename(archive)
    except OSError as error:
        raise HomeError(f"{archive}: could not be written: {error}; mend that") from error
    finally:
        draft.unlink(missing_ok=True)
    return {**counts, "files": len(files)}


def _files(home: Path) -> Iterator[Path]:
    """What belongs to a home, but its log."""
    yield home / FILE_NAME
    for name in _KEPT:
        yield from _below(home / name)
    yield from _learned(home / learned.LEARNED)
    try:
        serving = bundle.current(home / BUNDLE)
    except BundleError:  # nothing is trained, or not well: the skills are there to train anew
        return
    yield home / BUNDLE / CURRENT
    yield from _below(serving)


def _learned(folder: Path) -> Iterator[Path]:
    """What was learnt of the log, as it serves; without the key, no vote could be withdrawn."""
    with suppress(LearningError):
        pointer = learned.current(folder)
        if pointer is not None:
            yield folder / learned.CURRENT
            yield from _below(pointer.folder)
    for name in (learned.KEY, learned.DENIED):
        if (folder / name).is_file():
            yield folder / name


def _below(folder: Path) -> list[Path]:
    found = folder.rglob("*")
    return sorted(path for path in found if path.is_file() and not path.name.endswith(_LEFT_OUT))


def _add(file: zipfile.ZipFile, path: Path, name: str, scratch: Path) -> None:
    """Add a file; a database is copied by SQLite, which waits for a write that is under way."""
    with path.open("rb") as content:
        database = content.read(len(_SQLITE)) == _SQLITE
    if not database:
        file.write(path, name)
        return
    copy = scratch / "copy.db"
    try:
        with closing(sqlite3.connect(path)) as source:
            source.execute("VACUUM INTO ?", (str(copy),))
    except sqlite3.Error as error:
        raise HomeError(f"{path}: could not be copied: {error}; end what holds it") from error
    file.write(copy, name)
    copy.unlink()


def unpack_home(archive: Path, home: Path) -> dict[str, int]:
    """Make a home from a backup; on failure everything is as it was. Returns counts by kind.

    home: a new or empty folder, or one with a sayso.toml alone, which then stands for the
        backup's: it may name another database.
    Raises HomeError for a file that is no backup, StoreError if the log's store is not empty.
    """
    home = home.resolve()
    if home.exists() and not (home.is_dir() and {p.name for p in home.iterdir()} <= {FILE_NAME}):
        raise HomeError(f"{home}: exists and is not empty; name a new folder")
    draft = home.with_name(f".{home.name}.{os.getpid()}")
    try:
        draft.mkdir(parents=True)
        files = _extract(archive, draft)
        if (home / FILE_NAME).exists():
            shutil.copy(home / FILE_NAME, draft)
        with Store.open(read_settings(draft).store.url, draft) as store:
            counts = store.restore(draft / LOG)
        (draft / LOG).unlink()
        (home / FILE_NAME).unlink(missing_ok=True)
        draft.rename(home)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise HomeError(f"{archive}: could not be restored: {error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return {**counts, "files": files}


def _extract(archive: Path, folder: Path) -> int:
    """Unzip a backup; how many files of the home it holds."""
    with zipfile.ZipFile(archive) as file:
        names = file.namelist()
        if FILE_NAME not in names or LOG not in names:
            raise HomeError(f"{archive}: is no backup of a home; make one with: sayso backup")
        for name in names:
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise HomeError(f'{archive}: holds "{name}", outside of the home; nothing is read')
        file.extractall(folder)
    return len(names) - 1
