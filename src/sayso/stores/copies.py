"""Backup and restore, in one format for both databases: a zip of JSON lines.

    manifest.json        {"format": 1, "migrations": [...], "rows": {table: count}}
    <table>.jsonl        one row a line, columns by name; moments in ISO 8601 UTC

A backup holds the tables as they were at its migrations. Restoring builds the tables of that day,
fills them and then migrates on, all in one transaction.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sayso.errors import StoreError
from sayso.stores import codec, column_types, migrations, tables
from sayso.stores.database import Database

FORMAT = 1
_BATCH = 500
_NOUN_TABLES = [name for name in tables.metadata.tables if name != tables.migrations.name]


def backup(database: Database, path: Path) -> dict[str, int]:
    """See `Store.backup`."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                counts = _write(database, archive)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error}; name another place") from error
    finally:
        part.unlink(missing_ok=True)
    return counts


def _write(database: Database, archive: zipfile.ZipFile) -> dict[str, int]:
    with database.snapshot() as connection:
        counts = {
            name: _write_table(connection, table, archive)
            for name, table in _tables(connection).items()
        }
        applied = migrations.applied(connection)
    manifest = {"format": FORMAT, "migrations": applied, "rows": counts}
    archive.writestr("manifest.json", json.dumps(manifest, indent=1))
    return counts


def _write_table(connection: sa.Connection, table: sa.Table, archive: zipfile.ZipFile) -> int:
    count = 0
    found = connection.execution_options(yield_per=_BATCH).execute(sa.select(table))
    with archive.open(f"{table.name}.jsonl", "w") as lines:
        for count, row in enumerate(found.mappings(), 1):  # noqa: B007
            values = {name: _utc(value) for name, value in row.items()}
            lines.write(codec.encode(values).encode() + b"\n")
    return count


def _utc(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _tables(connection: sa.Connection) -> dict[str, sa.Table]:
    """The tables as they lie there, which need not be those of `tables`."""
    there = sa.MetaData()
    here = sa.inspect(connection).get_table_names()
    there.reflect(connection, only=[name for name in _NOUN_TABLES if name in here])
    for table in there.tables.values():
        for column in table.c:
            if isinstance(column.type, sa.JSON):
                column.type = column_types.Json  # None is NULL, not the JSON word null
    return dict(there.tables)


def restore(database: Database, path: Path) -> dict[str, int]:
    """See `Store.restore`."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _restore(database, archive, path)
    except FileNotFoundError as error:
        raise StoreError(f"{path}: not found; name a file that sayso backup wrote") from error
    except (
        OSError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        TypeError,
        ValueError,
    ) as error:
        raise StoreError(f"{path}: not a whole backup: {error}; restore another one") from error


def _restore(database: Database, archive: zipfile.ZipFile, path: Path) -> dict[str, int]:
    manifest = json.loads(archive.read("manifest.json"))
    if manifest["format"] != FORMAT:
        raise StoreError(f"{path}: made by a newer Sayso; run: pip install --upgrade sayso")
    then, since = migrations.split(manifest["migrations"], str(path))
    with database.writing() as connection:
        migrations.lock(connection)
        _refuse_if_used(connection, database.name)
        for name in (*_NOUN_TABLES, tables.migrations.name):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
        migrations.apply(connection, then)
        for name, table in _tables(connection).items():
            read = _fill(connection, table, archive)
            if read != manifest["rows"][name]:
                raise ValueError(f"{name}: {read} rows of {manifest['rows'][name]}")
        migrations.apply(connection, since)
    counts: dict[str, int] = manifest["rows"]
    return counts


def _refuse_if_used(connection: sa.Connection, where: str) -> None:
    for table in (tables.interactions, tables.announcements, tables.people):
        if connection.execute(sa.select(table).limit(1)).first():
            raise StoreError(
                f"{where}: holds turns already, or people's choices; restore into a new home"
            )


def _fill(connection: sa.Connection, table: sa.Table, archive: zipfile.ZipFile) -> int:
    connection.execute(sa.delete(table))  # rows that the migrations put there
    count = 0
    with archive.open(f"{table.name}.jsonl") as lines:
        for batch in _batches(io.TextIOWrapper(lines, "ascii")):
            moments = [c.name for c in table.c if isinstance(c.type, sa.DateTime)]
            for row in batch:
                row |= {n: codec.read_instant(row[n]) for n in moments if row[n] is not None}
            connection.execute(table.insert(), batch)
            count += len(batch)
    return count


def _batches(lines: io.TextIOWrapper) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for line in lines:
        batch.append(json.loads(line))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
