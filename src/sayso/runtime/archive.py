"""A home in one zip file, and back: settings, skills, what skills keep, and the log."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

from sayso.errors import HomeError
from sayso.runtime.home import BUNDLE, SKILLS
from sayso.settings import FILE_NAME, read_settings
from sayso.stores.store import Store

LOG = "log.zip"
_KEPT = (FILE_NAME, SKILLS, BUNDLE, "data")


def pack_home(home: Path, archive: Path) -> dict[str, int]:
    """Write a home to one file, which appears only once it is whole. Returns counts by kind.

    Raises HomeError if the file exists or cannot be written, StoreError for the log.
    """
    settings = read_settings(home)
    if archive.exists():
        raise HomeError(f"{archive}: exists; name another file")
    draft = archive.with_name(f".{archive.name}.{os.getpid()}")
    try:
        with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(draft, "w") as file:
            with Store.open(settings.store.url, home) as store:
                counts = store.backup(Path(scratch) / LOG)
            file.write(Path(scratch) / LOG, LOG)
            files = [path for name in _KEPT for path in _files(home / name)]
            for path in files:
                _add(file, path, str(path.relative_to(home)), Path(scratch))
        draft.rename(archive)
    except OSError as error:
        raise HomeError(f"{archive}: could not be written: {error}; free some space") from error
    finally:
        draft.unlink(missing_ok=True)
    return {**counts, "files": len(files)}


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    skipped = ("-wal", "-shm", ".pyc")
    return sorted(p for p in path.rglob("*") if p.is_file() and not p.name.endswith(skipped))


def _add(file: zipfile.ZipFile, path: Path, name: str, scratch: Path) -> None:
    """Add a file; a database is copied by SQLite, which waits for a write that is under way."""
    if path.suffix != ".db":
        file.write(path, name, zipfile.ZIP_DEFLATED)
        return
    copy = scratch / "copy.db"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    file.write(copy, name, zipfile.ZIP_DEFLATED)
    copy.unlink()


def unpack_home(archive: Path, home: Path) -> dict[str, int]:
    """Make a home from a backup. The folder must be new or empty; on failure it is left so.

    Raises HomeError for a file that is no backup, StoreError if the log's store is not empty.
    """
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise HomeError(f"{home}: exists and is not empty; name a new folder")
    draft = home.with_name(f".{home.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(archive) as file:
            names = file.namelist()
            if FILE_NAME not in names or LOG not in names:
                raise HomeError(f"{archive}: is no backup of a home; make one with: sayso backup")
            draft.mkdir(parents=True)
            file.extractall(draft)
        with Store.open(read_settings(draft).store.url, draft) as store:
            counts = store.restore(draft / LOG)
        (draft / LOG).unlink()
        if home.exists():
            home.rmdir()
        draft.rename(home)
    except (OSError, zipfile.BadZipFile) as error:
        raise HomeError(f"{archive}: could not be restored: {error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return {**counts, "files": len(names) - 1}
