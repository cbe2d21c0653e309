"""The log as a folder of Parquet files, whose rows are those of `logged_turns`.

    folder/part-00000.parquet, part-00001.parquet, ...    in the order of time, then of ids

The folder appears once it is whole. It is for its owner alone, as a backup is: it holds what people
said.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from sayso.errors import MissingExtraError, StoreError
from sayso.stores import logged_turns
from sayso.stores.database import Database
from sayso.types.lessons import LoggedTurn

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 10_000  # rows read at once
GROUP = 10  # batches to a row group
PART = 1_000_000  # rows to a file
EXPORTS = "exports"  # in a home, where they go unless another place is named
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export came to."""

    rows: int
    files: int


def export(database: Database, folder: Path, since: datetime | None, tell: Tell) -> Exported:
    """See `Store.export`."""
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise StoreError(f"{folder}: exists and is not empty; name a new folder")
    sweep(folder.parent, folder.name)
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        draft.mkdir(mode=0o700, parents=True)
        exported = _write(database, draft, since, tell)
        draft.rename(folder)
    except OSError as error:
        raise StoreError(f"{folder}: could not be written: {error}; mend that") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return exported


def sweep(parent: Path, name: str = "*") -> None:
    """Remove what exports that were killed have left beside the places they were meant for."""
    for draft in parent.glob(f".{name}.*"):
        pid = draft.name.rpartition(".")[2]
        if draft.is_dir() and pid.isdigit() and not _lives(int(pid)):
            shutil.rmtree(draft)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True


def _write(database: Database, folder: Path, since: datetime | None, tell: Tell) -> Exported:
    parquet = parquet_of()
    shape = schema()
    done, files = 0, 0
    with database.snapshot() as connection:
        total = logged_turns.count(connection, since)
        groups = _groups(connection, since, shape)
        group = next(groups, None)
        while group is not None or not files:  # an empty log is one file without rows
            path, until = folder / f"part-{files:05d}.parquet", (files + 1) * PART
            with parquet.ParquetWriter(path, shape, compression="zstd") as writer:
                while group is not None and done < until:
                    writer.write_table(group)
                    done += group.num_rows
                    tell(done, total)
                    group = next(groups, None)
            sync(path)
            files += 1
    return Exported(done, files)


def _groups(
    connection: sa.Connection, since: datetime | None, shape: pa.Schema
) -> Iterator[pa.Table]:
    """The rows as tables of `GROUP` batches."""
    import pyarrow as pa

    held: list[pa.Table] = []
    for columns in logged_turns.batches(connection, since, BATCH):
        held.append(pa.table(columns, schema=shape))
        if len(held) == GROUP:
            yield pa.concat_tables(held).combine_chunks()
            held = []
    if held:
        yield pa.concat_tables(held).combine_chunks()


def schema() -> pa.Schema:
    """Of `LoggedTurn`, field by field; times in microseconds, UTC. Raises MissingExtraError."""
    parquet_of()
    import pyarrow as pa

    kinds = {
        str: pa.string(),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
        datetime: pa.timestamp("us", tz="UTC"),
    }
    hints = typing.get_type_hints(LoggedTurn)
    columns = []
    for each in fields(LoggedTurn):
        kind, *none = typing.get_args(hints[each.name]) or (hints[each.name],)
        columns.append(pa.field(each.name, kinds[kind], nullable=bool(none)))
    return pa.schema(columns)


def parquet_of() -> Any:
    """The library that writes and reads Parquet. Raises MissingExtraError."""
    try:
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise MissingExtraError("pyarrow", "learn") from error
    return pyarrow.parquet


def sync(path: Path) -> None:
    """Make a file last."""
    with contextlib.closing(open(path, "rb")) as file:
        os.fsync(file.fileno())
