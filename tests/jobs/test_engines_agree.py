"""From a log to the rewrites that it teaches, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("ibis", reason="Ibis is not installed: sayso[learn]")

from benchmarks.learning_engines import same
from benchmarks.learning_scale import generate

from sayso.encoders import Encoder, Encoders
from sayso.events.engines import DuckDB, Spark
from sayso.jobs.learn import gates_of
from sayso.jobs.lessons import find_rewrites, look
from sayso.jobs.work import Run
from sayso.settings import LearningSettings
from tests.engines import SPARK
from tests.events.logs import NOON, number

pytestmark = SPARK


def test_duckdb_and_spark_find_the_same_rewrites_row_by_row(spark: Spark, tmp_path: Path) -> None:
    generate(tmp_path / "log", 20_000, texts=300)
    encoders = Encoders(Encoder.load(threads=1))
    gates = gates_of(LearningSettings())
    spark.work = tmp_path / "spark"
    spark.work.mkdir()
    duckdb = DuckDB(tmp_path / "duckdb", threads=2)
    found = []
    for engine in (duckdb, spark):
        run = Run(engine.work, {}, NOON)
        seen = look(engine, tmp_path / "log", number, encoders, run, lambda *_: None)
        found.append(find_rewrites(engine, seen, encoders, gates, run))
    duckdb.close()
    assert all(same(duckdb.work, spark.work).values())
    assert found[0] == found[1]
    assert any(not each.barred for each in found[0].mined)
