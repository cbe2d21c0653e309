"""Where tables are worked on: DuckDB in this process, or Spark on many machines.

All that is mined is written once, in Ibis; what differs between the engines is in here: how one
is opened, how Parquet is read and written, how Python meets the rows, and what a moment is as a
number.
A table that later steps read is kept: written to a folder of its own, whole or not at all, so that
a step that was broken off leaves nothing half done and memory holds no table.

Neither engine fetches anything: DuckDB's extensions are those linked into it, and it is told not to
look for others.
"""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sayso.errors import DataError, MissingExtraError
from sayso.events.batches import mapped

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis import Schema
    from ibis.expr.types import Column, Table

BATCH = 16_384  # rows that Python meets at once: wide ones weigh 5 KB each as objects
Function = Callable[["pa.RecordBatch"], "pa.RecordBatch"]


class Engine(Protocol):
    """What a step may ask of an engine."""

    name: str
    work: Path

    def read(self, place: str | Path) -> Table:
        """A Parquet file, a folder of them or a glob, as one table; columns are matched by name."""

    def keep(self, table: Table, name: str) -> Table:
        """A table worked out once, written to the folder `work/name`, and read from there."""

    def map_batches(self, table: Table, function: Function, schema: Schema, name: str) -> Table:
        """What `function` makes of a table, batch by batch, kept as `keep` does.

        It gets record batches of some rows in no order, and gives batches of `schema`. It runs in
        other processes, as pickled, and may not rely on what it saw before.
        """

    def fetch(self, table: Table) -> pa.Table:
        """A small table as Arrow, to the bit. Ibis' own way with Spark leads through pandas, where
        a whole number that may be null becomes a double: numbers of texts would be others."""

    def kept(self, name: str) -> Table:
        """A table that was kept before, perhaps by another process. Raises DataError."""

    def micros(self, moment: Column) -> Column:
        """A timestamp as whole microseconds since 1970."""

    def close(self) -> None:
        """Give back memory, processes and scratch files; what was kept stays."""


class _Kept(ABC):
    """The folders that tables are kept in."""

    work: Path

    def __init__(self, work: Path) -> None:
        self.work = work
        work.mkdir(parents=True, exist_ok=True)

    @abstractmethod
    def read(self, place: str | Path) -> Table:
        """See `Engine`."""

    def kept(self, name: str) -> Table:
        """See `Engine`."""
        folder = self.work / name
        if not folder.is_dir():
            raise DataError(f"{folder}: no such table; run the step that makes it")
        return self.read(folder)

    def _begin(self, name: str) -> Path:
        """An empty place to write to, beside where the table will be."""
        draft = self.work / f"{name}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        return draft

    def _finish(self, draft: Path, name: str) -> Table:
        """Put what was written in its place."""
        shutil.rmtree(self.work / name, ignore_errors=True)
        os.replace(draft, self.work / name)
        return self.kept(name)


class DuckDB(_Kept):
    """One process, all its threads. memory: DuckDB's limit in MB; beyond it, rows go to disk.

    Python, Arrow and the rows in flight take up to half a gigabyte on top.
    """

    name = "duckdb"

    def __init__(self, work: Path, *, threads: int | None = None, memory: int = 2500) -> None:
        super().__init__(work)
        ibis = _ibis("duckdb")
        self._spill = work / "spill"
        self._threads = threads or os.cpu_count() or 1
        self.connection = ibis.duckdb.connect(
            threads=self._threads,
            memory_limit=f"{memory}MB",
            temp_directory=str(self._spill),
            preserve_insertion_order=False,
            autoinstall_known_extensions=False,
            autoload_known_extensions=False,
            # A table that is kept again under its name must not be read from what was there before.
            enable_external_file_cache=False,
        )
        self._micros = ibis.udf.scalar.builtin(
            _epoch_us, name="epoch_us", signature=((("timestamp"),), "int64")
        )

    def read(self, place: str | Path) -> Table:
        """See `Engine`."""
        path = Path(place)
        where = str(path / "**" / "*.parquet") if path.is_dir() else str(place)
        if path.is_dir() and not any(path.rglob("*.parquet")):
            raise DataError(f"{place}: no Parquet files; `sayso log export` writes them")
        duckdb = _module("duckdb")
        try:
            return self.connection.read_parquet(where, union_by_name=True, hive_partitioning=False)
        except duckdb.Error as error:
            raise DataError(f"{place}: {_first_line(error)}; export the log again") from error

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
        with parquet.ParquetWriter(draft / "part-0.parquet", schema.to_pyarrow()) as writer:
            batches = table.to_pyarrow_batches(chunk_size=BATCH)
            for batch in mapped(function, batches, self._threads):
                writer.write_batch(batch.cast(schema.to_pyarrow()))
        return self._finish(draft, name)

    def fetch(self, table: Table) -> pa.Table:
        """See `Engine`."""
        return table.to_pyarrow()

    def micros(self, moment: Column) -> Column:
        """See `Engine`."""
        return self._micros(moment)

    def close(self) -> None:
        """See `Engine`."""
        self.connection.disconnect()
        shutil.rmtree(self._spill, ignore_errors=True)


class Spark(_Kept):
    """Apache Spark. master: as Spark names it, such as `local[2]` or `spark://host:7077`.

    memory: of the driver in MB, and so of everything in local mode. With other machines, `work`
    is a folder that all of them see, and all have this Sayso.
    """

    name = "spark"

    def __init__(self, work: Path, *, master: str = "local[*]", memory: int = 2000) -> None:
        super().__init__(work.absolute())
        ibis = _ibis("pyspark")
        if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
            raise MissingExtraError("Java (17 or 21), which Spark runs on,", "spark")
        from pyspark.sql import SparkSession

        builder = (
            SparkSession.builder.master(master)
            .appName("sayso learn")
            .config("spark.driver.memory", f"{memory}m")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH))
            .config("spark.sql.warehouse.dir", str(self.work / "warehouse"))
            .config("spark.local.dir", str(self.work / "spill"))
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
        )
        if master.startswith("local"):
            # A name that does not resolve, or no network at all, is no reason to fail; and the 200
            # parts that Spark makes of each table are for clusters.
            builder = (
                builder.config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", str(2 * (os.cpu_count() or 1)))
            )
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("ERROR")
        self.connection = ibis.pyspark.connect(self.session)
        self._micros = ibis.udf.scalar.builtin(
            _epoch_us, name="unix_micros", signature=((("timestamp"),), "int64")
        )

    def read(self, place: str | Path) -> Table:
        """See `Engine`."""
        path = Path(place)
        if path.is_dir() and not any(path.rglob("*.parquet")):
            raise DataError(f"{place}: no Parquet files; `sayso log export` writes them")
        from pyspark.errors import PySparkException

        options = {"mergeSchema": "true", "recursiveFileLookup": "true"}
        try:
            return self.connection.read_parquet(str(place), **options)
        except PySparkException as error:
            raise DataError(f"{place}: {_first_line(error)}; export the log again") from error

    def keep(self, table: Table, name: str) -> Table:
        """See `Engine`."""
        draft = self._begin(name)
        self.connection.to_parquet(table, draft)
        return self._finish(draft, name)

    def map_batches(self, table: Table, function: Function, schema: Schema, name: str) -> Table:
        """See `Engine`."""
        from ibis.backends.pyspark.datatypes import PySparkSchema

        wanted = schema.to_pyarrow()

        def every(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                yield function(batch).cast(wanted)

        draft = self._begin(name)
        frame = self._frame(table)
        frame.mapInArrow(every, PySparkSchema.from_ibis(schema)).write.parquet(str(draft))
        return self._finish(draft, name)

    def fetch(self, table: Table) -> pa.Table:
        """See `Engine`."""
        return self._frame(table).toArrow().cast(table.schema().to_pyarrow())

    def _frame(self, table: Table) -> Any:
        """A table as Spark knows it."""
        query = self.connection.compile(table)
        self.connection._run_pre_execute_hooks(table)  # tables in memory are made known
        return self.session.sql(query)

    def micros(self, moment: Column) -> Column:
        """See `Engine`."""
        return self._micros(moment.cast("timestamp('UTC')"))

    def close(self) -> None:
        """See `Engine`."""
        self.session.stop()
        for scratch in ("warehouse", "spill"):
            shutil.rmtree(self.work / scratch, ignore_errors=True)


def open_engine(kind: str, work: Path, *, master: str = "local[*]", memory: int = 2500) -> Engine:
    """The engine of that name, `duckdb` or `spark`. work: a folder for tables and scratch files."""
    if kind == "duckdb":
        return DuckDB(work, memory=memory)
    if kind == "spark":
        return Spark(work, master=master, memory=memory)
    raise DataError(f"engine {kind!r} is unknown; use duckdb or spark")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _epoch_us(moment: Any) -> int:  # type: ignore[empty-body]
    """What either engine calls by its own name; the body is never run."""


def _module(name: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingExtraError(name, "spark" if name == "pyspark" else "learn") from error


def _ibis(engine: str) -> Any:
    ibis = _module("ibis")
    _module(engine)
    return ibis


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]
