"""What a file says, byte for byte and unpacked: archives, Parquet, SQLite, bundles' segments."""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

from sayso import bundle
from sayso.errors import HomeError
from sayso.jobs.searching import LONGEST
from sayso.stores import exported

CHUNK = 1 << 24
_SEGMENT = ".skills"
_ZIP, _GZIP, _PARQUET, _SQLITE = b"PK\3\4", b"\x1f\x8b", b"PAR1", b"SQLite format 3\0"
_ROWS = 500


def contents(path: Path) -> Iterator[bytes]:
    """All that a file says, in pieces that overlap: raw first, then what is packed in it.

    Raises HomeError for a file that cannot be read: nobody could say what it holds.
    """
    try:
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
            file.seek(0)
            yield from _chunks(file)
            file.seek(0)
            yield from _unpacked(file, head)
        if head.startswith(_SQLITE):
            yield from _rows(path)
        elif path.suffix == _SEGMENT:
            yield from bundle.said_in(path)
        elif head.startswith(_PARQUET):
            yield from exported.texts_in(path)
    except FileNotFoundError:
        return  # it is gone, and says nothing
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, sqlite3.Error) as error:
        raise HomeError(
            f"{path}: cannot be searched: {error}; mend or remove it, and run this again"
        ) from error


def _chunks(file: Any) -> Iterator[bytes]:
    """The content in chunks; each begins with the end of the one before."""
    before = b""
    while chunk := file.read(CHUNK):
        yield before + chunk
        before = (before + chunk)[-LONGEST:]


def _unpacked(file: BinaryIO | io.BytesIO, head: bytes) -> Iterator[bytes]:
    """What is in an archive, and in archives in it."""
    if head.startswith(_GZIP):
        with gzip.open(file) as inner:
            yield from _chunks(inner)
    if not head.startswith(_ZIP):
        return
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            yield member.filename.encode("utf-8", "surrogateescape")
            with archive.open(member) as inner:
                packed = inner.read(len(_ZIP))
            if packed == _ZIP:
                content = archive.read(member)
                yield from _unpacked(io.BytesIO(content), packed)
                continue
            with archive.open(member) as inner:
                yield from _chunks(inner)


def _rows(path: Path) -> Iterator[bytes]:
    """The rows of a database as text: in the file, a long one may be in two places."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.text_factory = bytes
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            quoted = name.decode().replace('"', '""')
            found = connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608
            while rows := found.fetchmany(_ROWS):
                values = (value for row in rows for value in row)
                yield b"\n".join(value for value in values if isinstance(value, bytes))
