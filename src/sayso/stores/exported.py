"""Exports of the log that are there already: what they say, and a person's rows taken out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sayso.errors import StoreError
from sayso.stores.exports import parquet_of, sync


def texts_in(path: Path) -> Iterator[bytes]:
    """The texts of a Parquet file, many at once. Raises MissingExtraError, OSError."""
    parquet = parquet_of()
    import pyarrow as pa

    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches():
                for column in batch.to_pydict().values():
                    yield "\n".join(map(str, column)).encode("utf-8", "surrogatepass")
    except pa.ArrowInvalid as error:
        raise OSError(str(error)) from error


def without(path: Path, user: str) -> int:
    """Take a user's rows out of a Parquet file that `export` wrote; how many there were.

    The file is replaced by one that holds the others; one that has no such column is left alone.
    """
    parquet = parquet_of()
    import pyarrow as pa
    import pyarrow.compute as pc

    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with parquet.ParquetFile(path) as file:
            shape = file.schema_arrow
            if "user" not in shape.names or shape.field("user").type != pa.string():
                return 0
            gone = sum(_count(pc, group, user) for group in _groups_of(file, ["user"]))
            if not gone:
                return 0
            with parquet.ParquetWriter(draft, shape, compression="zstd") as writer:
                for group in _groups_of(file, None):
                    writer.write_table(group.filter(pc.not_equal(group["user"], user)))
        sync(draft)
        draft.replace(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise StoreError(f"{path}: could not be rewritten: {error}; mend or remove it") from error
    finally:
        draft.unlink(missing_ok=True)
    return gone


def _groups_of(file: Any, columns: list[str] | None) -> Iterator[Any]:
    return (file.read_row_group(at, columns) for at in range(file.num_row_groups))


def _count(pc: Any, group: Any, user: str) -> int:
    return pc.sum(pc.equal(group["user"], user)).as_py() or 0
