"""Where tables are worked on: DuckDB in this process, or Spark on many machines.

All that is mined is written once, in Ibis; what differs between the engines is in their modules:
how one is opened, how Parquet is read and written, how Python meets the rows, and what a moment is
as a number. Neither engine fetches anything: DuckDB's extensions are those linked into it, and it
is told not to look for others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sayso.errors import DataError, LearningError
from sayso.events.duckdb import DuckDB
from sayso.events.spark import Spark
from sayso.events.tables import BATCH, MEMORY, Engine, Function

__all__ = ["BATCH", "MEMORY", "DuckDB", "Engine", "Function", "Spark", "open_engine", "opened"]


def open_engine(kind: str, work: Path, *, master: str = "local[*]", memory: int = MEMORY) -> Engine:
    """The engine of that name, `duckdb` or `spark`. work: a folder for tables and scratch files.

    memory: what all of it may take, in MB; with Spark, its driver.
    """
    if kind == "duckdb":
        return DuckDB(work, memory=memory)
    if kind == "spark":
        return Spark(work, master=master, memory=memory)
    raise DataError(f"engine {kind!r} is unknown; use duckdb or spark")


@contextmanager
def opened(
    kind: str, work: Path, *, master: str = "local[*]", memory: int = MEMORY
) -> Iterator[Engine]:
    """An engine for as long as a block runs.

    What goes wrong within the engine itself (no memory, a full disk, workers that are lost) is a
    LearningError: the tables that were kept until then are whole.
    """
    with closing(open_engine(kind, work, master=master, memory=memory)) as engine:
        try:
            yield engine
        except Exception as error:
            why = engine.why(error)
            if why is None:
                raise
            raise LearningError(f"{why}; learn again, and it goes on from there") from error
