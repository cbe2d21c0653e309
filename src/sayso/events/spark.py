"""Tables on Apache Spark: this machine's cores, or many machines'.

A worker that is lost costs time and nothing else: Spark does its share again elsewhere, and a table
is in its place only when it is whole. Where no worker is left, Spark by itself would wait for ever;
here it is told to stop, and the run is taken up later where it was.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from sayso.errors import DataError, LearningError, MissingExtraError
from sayso.events.tables import BATCH, Function, Kept, epoch_us, ibis_with, module

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis import Schema
    from ibis.expr.types import Column, Table

PATIENCE_S = 120.0  # without any worker, before a run is given up
_KNOCK_S = 5.0  # for a master to take a connection
_LOOK_S = 2.0  # between looks at the workers
_ERROR = re.compile(r"(: )?[\w.]*(Error|Exception)\b")


class Spark(Kept):
    """Apache Spark. master: as Spark names it, such as `local[2]` or `spark://host:7077`.

    memory: of the driver in MB, and so of everything in local mode. With other machines, `work`
    is a folder that all of them see, and all have this Sayso. patience_s: how long it may be
    without any worker. Raises LearningError where the master does not answer.
    """

    name = "spark"

    def __init__(
        self,
        work: Path,
        *,
        master: str = "local[*]",
        memory: int = 2000,
        patience_s: float | None = None,
    ) -> None:
        super().__init__(work.absolute())
        ibis = ibis_with("pyspark")
        if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
            raise MissingExtraError("Java (17 or 21), which Spark runs on,", "spark")
        _knock(master)
        self._master = master
        self._forlorn = ""  # why the run was given up, once it was
        self._over = Event()
        try:
            self.session = _session(master, memory, self.work)
            self.session.sparkContext.setLogLevel("ERROR")
            self.connection = ibis.pyspark.connect(self.session)
        except Exception as error:
            raise LearningError(
                f"{master}: Spark cannot be started ({reason(error)}); is the master up, and of "
                "the same version?"
            ) from error
        self._micros = ibis.udf.scalar.builtin(
            epoch_us, name="unix_micros", signature=((("timestamp"),), "int64")
        )
        if not _alone(master):
            Thread(target=self._watch, args=(patience_s or PATIENCE_S,), daemon=True).start()

    def _watch(self, patience_s: float) -> None:
        """Stop what runs once no worker was there for so long."""
        context = self.session.sparkContext
        seen = time.monotonic()
        while not self._over.wait(min(_LOOK_S, patience_s / 4)):
            with suppress(Exception):  # the driver has gone: whoever waits for it is told
                infos = context._jsc.sc().statusTracker().getExecutorInfos()
                if len(infos) > 1:  # the driver counts as one
                    seen = time.monotonic()
                elif time.monotonic() - seen > patience_s:
                    self._forlorn = f"no worker for {patience_s:.0f} s"
                    context.cancelAllJobs()

    def read(self, place: str | Path) -> Table:
        """See `Engine`."""
        path = Path(place)
        if path.is_dir() and not any(path.rglob("*.parquet")):
            raise DataError(f"{place}: no Parquet files; `sayso log export` writes them")
        from pyspark.errors import PySparkException

        options = {"mergeSchema": "true", "recursiveFileLookup": "true"}
        try:
            return self.connection.read_parquet(str(place), **options)
        except Exception as error:
            # What a worker cannot read comes as an error of Java's; so does a worker that is lost.
            if isinstance(error, PySparkException) or "FAILED_READ_FILE" in str(error):
                raise DataError(f"{place}: {reason(error)}; export the log again") from error
            raise

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

    def why(self, error: Exception) -> str | None:
        """See `Engine`."""
        from pyspark.errors import PySparkException

        broken = module("py4j.protocol").Py4JError
        # Where the driver was killed, the connection to it is all that is left to break.
        if isinstance(error, (PySparkException, broken, ConnectionError)):
            return f"{self._master}: Spark gave up: {self._forlorn or reason(error)}"
        return None

    def close(self) -> None:
        """See `Engine`."""
        self._over.set()
        with suppress(Exception):  # of a driver that is gone, nothing is left to stop
            self.session.stop()
        for scratch in ("warehouse", "spill"):
            shutil.rmtree(self.work / scratch, ignore_errors=True)


def _alone(master: str) -> bool:
    """Whether it is this machine and this process alone."""
    return master == "local" or master.startswith("local[")


def _session(master: str, memory: int, work: Path) -> Any:
    from pyspark.sql import SparkSession

    builder = (
        SparkSession.builder.master(master)
        .appName("sayso learn")
        .config("spark.driver.memory", f"{memory}m")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH))
        .config("spark.sql.warehouse.dir", str(work / "warehouse"))
        .config("spark.local.dir", str(work / "spill"))
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
    return builder.getOrCreate()


def _knock(master: str) -> None:
    """Raise LearningError where no master takes a connection; Spark would try for a minute."""
    if not master.startswith("spark://"):
        return
    for each in master.removeprefix("spark://").split(","):
        host, _, port = each.rpartition(":")
        with suppress(OSError, ValueError):
            socket.create_connection((host, int(port)), _KNOCK_S).close()
            return
    raise LearningError(f"{master}: nobody answers there; start the master, or name it by --master")


def reason(error: Exception) -> str:
    """What went wrong, in a line, of an error that shows the stacks of several machines."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # Spark's own begin with their kind; Java's end with the first cause, Python's with the error.
    own = [line for line in lines[:1] if line.startswith("[")]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    named = [line for line in lines if _ERROR.match(line)]
    told = own or causes[-1:] or named[-1:] or lines[:1] or [type(error).__name__]
    return told[0].lstrip(": ")[:300]
