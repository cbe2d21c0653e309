"""A skill's own memory: a mapping of JSON values in `home/data/<skill>/storage.db`."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

_BUSY_S = 3.0  # how long one writer waits for another
_TABLE = "CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value TEXT NOT NULL)"
_PUT = "INSERT INTO entries VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"


class Storage(MutableMapping[str, Any]):
    """Keys to JSON values, kept on disk and shared by every process that runs the skill.

    A value is read and written whole: change a list by assigning it again. What is read, changed
    and written back belongs in `with storage.transaction():`, or two calls at once may lose one.
    The file is made at first use. Not for use by several threads.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._inode: tuple[int, int] | None = None

    def __getitem__(self, key: str) -> Any:
        found = self._open().execute("SELECT value FROM entries WHERE key = ?", (key,)).fetchone()
        if found is None:
            raise KeyError(key)
        return json.loads(found[0])

    def __setitem__(self, key: str, value: Any) -> None:
        if not isinstance(key, str):
            raise TypeError(f"storage keys are text, not {type(key).__name__}")
        self._open().execute(_PUT, (key, json.dumps(value, allow_nan=False)))

    def __delitem__(self, key: str) -> None:
        if self._open().execute("DELETE FROM entries WHERE key = ?", (key,)).rowcount == 0:
            raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        rows = self._open().execute("SELECT key FROM entries ORDER BY key").fetchall()
        return iter([row[0] for row in rows])

    def __len__(self) -> int:
        return int(self._open().execute("SELECT count(*) FROM entries").fetchone()[0])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is read and written inside happens at once, or, on an exception, not at all."""
        connection = self._open()
        if connection.in_transaction:  # the outer one decides
            yield
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.rollback()
            raise
        connection.commit()

    def close(self) -> None:
        """Close the file, undoing a transaction that was left open."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._inode = None

    def settle(self) -> None:
        """Undo what a call left open, and let go of a file that was replaced under us."""
        if self._connection is None:
            return
        if self._connection.in_transaction:
            self._connection.rollback()
        if _inode(self._path) != self._inode:
            self.close()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = _connect(self._path)
            self._inode = _inode(self._path)
        return self._connection


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
    try:
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_TABLE)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Set the journal mode of the file, once and for all."""
    deadline = monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            # Here SQLite does not wait for another process that is setting it.
            if monotonic() > deadline:
                raise
        sleep(0.01)


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino
