"""Tables on DuckDB: this process and its threads, no server. The engine of most homes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.errors import DataError
from sayso.events.batches import mapped
from sayso.events.tables import (
    BATCH,
    MEMORY,
    Function,
    Kept,
    epoch_us,
    first_line,
    ibis_with,
    module,
)

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis import Schema
    from ibis.expr.types import Column, Table


OWN = 900  # MB of this process beside DuckDB: Python, Arrow, an encoder, what is fetched
CHILD = 700  # MB of each process that runs Python over batches
LEAST = 300  # MB that DuckDB can work with


class DuckDB(Kept):
    """This process, all its threads, and one process a thread where Python meets the rows.

    memory: what all of it may take together, in MB. What DuckDB cannot hold goes to disk, and where
    there is too little for a process a thread, there are fewer.
    """

    name = "duckdb"

    def __init__(self, work: Path, *, threads: int | None = None, memory: int = MEMORY) -> None:
        super().__init__(work)
        ibis = ibis_with("duckdb")
        self._spill = work / "spill"
        self._threads = threads or os.cpu_count() or 1
        self._memory = max(memory - OWN, LEAST)
        self.connection = ibis.duckdb.connect(
            threads=self._threads,
            memory_limit=f"{self._memory}MB",
            temp_directory=str(self._spill),
            preserve_insertion_order=False,
            autoinstall_known_extensions=False,
            autoload_known_extensions=False,
            # A table that is kept again under its name must not be read from what was there before.
            enable_external_file_cache=False,
        )
        self._micros = ibis.udf.scalar.builtin(
            epoch_us, name="epoch_us", signature=((("timestamp"),), "int64")
        )

    def read(self, place: str | Path) -> Table:
        """See `Engine`."""
        path = Path(place)
        where = str(path / "**" / "*.parquet") if path.is_dir() else str(place)
        if path.is_dir() and not any(path.rglob("*.parquet")):
            raise DataError(f"{place}: no Parquet files; `sayso log export` writes them")
        duckdb = module("duckdb")
        try:
            return self.connection.read_parquet(where, union_by_name=True, hive_partitioning=False)
        except duckdb.Error as error:
            raise DataError(f"{place}: {first_line(error)}; export the log again") from error

    def keep(self, table: Table, name: str) -> Table:
        """See `Engine`."""
        draft = self._begin(name)
        draft.mkdir()
        # What Ibis calls int64 may be DuckDB's 128 bits, as sums are; Parquet would hold a double.
        columns = ", ".join(
            f"CAST({_quoted(each)} AS BIGINT) AS {_quoted(each)}"
            if kind.is_int64()
            else _quoted(each)
            for each, kind in table.schema().items()
        )
        query = self.connection.compile(table)
        self.connection._run_pre_execute_hooks(table)  # tables in memory are made known
        path = str(draft / "part-0.parquet").replace("'", "''")
        self.connection.raw_sql(
            f"COPY (SELECT {columns} FROM ({query})) TO '{path}' (FORMAT parquet)"  # noqa: S608
        )
        return self._finish(draft, name)

    def map_batches(self, table: Table, function: Function, schema: Schema, name: str) -> Table:
        """See `Engine`."""
        from pyarrow import parquet

        draft = self._begin(name)
        draft.mkdir()
        processes = processes_within(self._memory, self._threads)
        # Nothing runs now, so DuckDB can give up what the processes are going to take.
        self._limit(max(self._memory - processes * CHILD, LEAST))
        try:
            with parquet.ParquetWriter(draft / "part-0.parquet", schema.to_pyarrow()) as writer:
                batches = table.to_pyarrow_batches(chunk_size=BATCH)
                for batch in mapped(function, batches, processes):
                    writer.write_batch(batch.cast(schema.to_pyarrow()))
        finally:
            self._limit(self._memory)
        return self._finish(draft, name)

    def _limit(self, memory: int) -> None:
        self.connection.raw_sql(f"SET memory_limit = '{memory}MB'")

    def fetch(self, table: Table) -> pa.Table:
        """See `Engine`."""
        return table.to_pyarrow()

    def micros(self, moment: Column) -> Column:
        """See `Engine`."""
        return self._micros(moment)

    def why(self, error: Exception) -> str | None:
        """See `Engine`."""
        duckdb = module("duckdb")
        if isinstance(error, duckdb.OutOfMemoryException):
            return f"DuckDB was short of memory ({first_line(error)}); give it more by --memory"
        return f"DuckDB gave up: {first_line(error)}" if isinstance(error, duckdb.Error) else None

    def close(self) -> None:
        """See `Engine`."""
        self.connection.disconnect()
        shutil.rmtree(self._spill, ignore_errors=True)


def processes_within(memory: int, threads: int) -> int:
    """How many processes may meet the rows at once, if DuckDB and they share so many MB."""
    return max(1, min(threads, (memory - LEAST) // CHILD))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
