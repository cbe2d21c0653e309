"""What a step may ask of an engine, and the folders that tables are kept in.

A table that later steps read is kept: written to a folder of its own, whole or not at all, so that
a step that was broken off leaves nothing half done and memory holds no table.
"""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sayso.errors import DataError, MissingExtraError

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis import Schema
    from ibis.expr.types import Column, Table

BATCH = 16_384  # rows that Python meets at once: wide ones weigh 5 KB each as objects
MEMORY = 3500  # MB that learning may take, unless told otherwise
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

    def why(self, error: Exception) -> str | None:
        """What went wrong, in words, where an error is the engine's own; None where it is not."""

    def close(self) -> None:
        """Give back memory, processes and scratch files; what was kept stays."""


class Kept(ABC):
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


def epoch_us(moment: Any) -> int:  # type: ignore[empty-body]
    """What either engine calls by its own name; the body is never run."""


def module(name: str) -> Any:
    """A module of an extra. Raises MissingExtraError."""
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingExtraError(name, "spark" if name == "pyspark" else "learn") from error


def ibis_with(engine: str) -> Any:
    """Ibis, with what it needs for an engine. Raises MissingExtraError."""
    ibis = module("ibis")
    module(engine)
    return ibis


def first_line(error: Exception) -> str:
    """What an engine's error begins with; its stack follows."""
    return str(error).strip().split("\n", 1)[0]
