"""A database, SQLite or PostgreSQL: how it is opened, read and written, and what its errors mean.

All that the two do differently stands here and in `migrations`. Every wait is bounded: a locked or
unreachable database costs seconds and raises a StoreError.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from sayso.errors import MissingExtraError, StoreError
from sayso.stores import codec

# What a failure means and what to do: SQLite's error name or PostgreSQL's SQLSTATE -> words.
_REMEDIES = {
    "SQLITE_BUSY": "locked by another process; end what holds it (a sqlite3 shell?), try again",
    "SQLITE_LOCKED": "locked by another process; end what holds it (a sqlite3 shell?), try again",
    "SQLITE_FULL": "the disk is full; free some space and try again",
    "SQLITE_IOERR": "the disk refuses to be read or written; check its space and health",
    "SQLITE_READONLY": "cannot be written; make the file and its folder writable for this user",
    "SQLITE_CANTOPEN": "cannot be opened; check that the folder exists and may be written",
    "SQLITE_NOTADB": "is no SQLite database; name another file under [store] in sayso.toml",
    "SQLITE_CORRUPT": "is damaged; move the file away and restore a backup: sayso restore",
    "SQLITE_CONSTRAINT": "refused a row that is there already or lacks a value; nothing is written",
    "55P03": "locked by another process; end what holds it (a migration?), try again",
    "57014": "took too long and was cancelled; see what keeps the server busy",
    "53100": "the server's disk is full; free some space and try again",
    "25006": "the server is read-only; name the primary under [store] in sayso.toml",
    "42501": "the user lacks a permission; grant it to the user of the url",
    "23": "refused a row that is there already or lacks a value; nothing is written",
    "connection": "no connection; start the server or mend the url under [store] in sayso.toml",
}


class Database:
    """Connections to one database. Safe for many threads; any number of processes may open it.

    patience_s: longest wait for a lock or a connection.
    """

    def __init__(self, url: str, home: Path | None = None, *, patience_s: float = 5.0) -> None:
        """Raises StoreError for a URL that cannot be used, MissingExtraError without psycopg."""
        parsed = _parse(url, home)
        self.name = str(parsed.database) if parsed.drivername == "sqlite" else _shown(parsed)
        self.patience_s = patience_s
        self.engine = _engine(parsed, patience_s)
        self.dialect = self.engine.dialect.name
        # SQLite has one writer at a time. Threads queue here, awake at once; without it they
        # would meet SQLite's own waiting, which sleeps for up to 100 ms.
        self._turnstile = threading.Lock() if self.dialect == "sqlite" else None
        self._writer = self.engine.execution_options(begin="IMMEDIATE")

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read from. Raises StoreError for whatever the database complains of."""
        with self._in_words(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """Like `reading`, but every statement sees the same moment."""
        level = {"isolation_level": "REPEATABLE READ"} if self.dialect == "postgresql" else {}
        engine = self.engine.execution_options(**level)
        with self._in_words(), engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction: committed at the end, rolled back whole by any exception."""
        if self._turnstile is None:
            with self._in_words(), self._writer.begin() as connection:
                yield connection
            return
        if not self._turnstile.acquire(timeout=self.patience_s):
            raise StoreError(f"{self.name}: busy for {self.patience_s:g} s; try again")
        try:
            with self._in_words(), self._writer.begin() as connection:
                yield connection
        finally:
            self._turnstile.release()

    def use_wal(self) -> None:
        """Let readers and a writer work at once. The file remembers it."""
        if self.dialect == "sqlite":
            with self._in_words():
                _use_wal(self.engine, time.monotonic() + self.patience_s)

    @property
    def files(self) -> list[Path]:
        """The files it lies in, as far as they are ours to see: SQLite's, with their log."""
        if self.dialect != "sqlite":
            return []
        found = (Path(f"{self.name}{end}") for end in ("", "-wal", "-journal"))
        return [path for path in found if path.exists()]

    def purge(self) -> None:
        """Leave nothing of deleted rows in the files of SQLite: rewrite it, empty its log.

        PostgreSQL's files are the server's: it is told to VACUUM, which frees the room of deleted
        rows to be written over. Raises StoreError if others keep the log in use for too long.
        """
        with self._in_words(), self.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            if self.dialect == "sqlite":
                _rewrite(raw, self.name, time.monotonic() + self.patience_s)
                return
            raw.autocommit = True
            try:
                raw.execute("SET statement_timeout = 0")
                raw.execute("VACUUM")
            finally:
                connection.invalidate()  # with its settings

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except (sa.exc.SQLAlchemyError, self.engine.dialect.loaded_dbapi.Error) as error:
            raise StoreError(f"{self.name}: {_meaning(error)}") from error


def insert(dialect: str, table: sa.Table) -> Any:
    """An INSERT that knows ON CONFLICT; both databases spell it alike, SQLAlchemy does not."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def _parse(url: str, home: Path | None) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise StoreError(
            "[store] url in sayso.toml is no database URL; write sqlite:///sayso.db "
            "or postgresql+psycopg://user:password@host/database"
        ) from error
    kind = parsed.drivername.split("+")[0]
    if kind in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise StoreError(f"{_shown(parsed)}: Sayso stores in sqlite or postgresql; change the url")
    if parsed.database in (None, "", ":memory:"):
        raise StoreError(f"{url}: forgets every turn; name a file, such as sqlite:///sayso.db")
    return parsed.set(drivername="sqlite", database=str((home or Path()) / str(parsed.database)))


def _shown(url: sa.URL) -> str:
    return url.render_as_string(hide_password=True)


def _engine(url: sa.URL, patience_s: float) -> sa.Engine:
    shared: dict[str, Any] = {
        "json_serializer": codec.encode,
        "json_deserializer": json.loads,
        "pool_timeout": patience_s,
        "max_overflow": 32,
    }
    if url.drivername == "sqlite":
        engine = sa.create_engine(url, poolclass=sa.QueuePool, **shared)
        _prepare_sqlite(engine, patience_s)
        return engine
    # The server ends what waits; TCP ends what a lost server leaves hanging.
    limits = f"-c lock_timeout={patience_s * 1000:.0f} -c statement_timeout=60000 -c timezone=UTC"
    arguments = {
        "connect_timeout": max(2, round(patience_s)),
        "tcp_user_timeout": 10_000,
        "options": limits,
    }
    try:
        return sa.create_engine(url, connect_args=arguments, pool_pre_ping=True, **shared)
    except ModuleNotFoundError as error:
        raise MissingExtraError("psycopg", "postgres") from error


def _prepare_sqlite(engine: sa.Engine, patience_s: float) -> None:
    @sa.event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in (
            f"busy_timeout = {patience_s * 1000:.0f}",
            "synchronous = NORMAL",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # A transaction that will write takes the lock at once: one that upgraded from reading
        # later could fail at once instead of waiting.
        how = connection.get_execution_options().get("begin", "")
        connection.exec_driver_sql(f"BEGIN {how}")


def _use_wal(engine: sa.Engine, give_up: float) -> None:
    # SQLite does not wait for a lock here as it does elsewhere, so we do.
    while True:
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
            return
        except engine.dialect.loaded_dbapi.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        finally:
            connection.close()


def _rewrite(connection: Any, name: str, give_up: float) -> None:
    """VACUUM, then all of the write-ahead log into the file; the log is left without a byte."""
    connection.execute("VACUUM")
    while True:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return
        if time.monotonic() > give_up:
            raise StoreError(
                f"{name}: another process reads it, so that its log cannot be emptied; end what "
                "reads it (a backup, a sqlite3 shell?) and try again"
            )
        time.sleep(0.02)


def _meaning(error: Exception) -> str:
    """What happened and what to do."""
    if isinstance(error, sa.exc.TimeoutError):
        return "every connection is in use; send fewer turns at once and try again"
    cause = getattr(error, "orig", None) or error
    name = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    if name is None and isinstance(error, sa.exc.OperationalError):
        name = "connection"
    for prefix, remedy in _REMEDIES.items():
        if name and name.startswith(prefix):
            return f"{remedy} ({cause})"
    return f"refused: {cause}; if that is not plain, report it"
