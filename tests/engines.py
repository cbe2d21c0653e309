"""The engines that tables are worked on with: each test that asks for one runs on both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sayso.events.engines import DuckDB, Engine, Spark

# A test has some hundred rows: to compile for them, in Java and in Spark, and to spread them, takes
# most of its time. These halve it.
HASTY = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SMALL = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
}


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    """A Spark of this machine, or a skip that says what is missing."""
    pytest.importorskip("pyspark", reason="pyspark is not installed: sayso[spark]")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed; Spark runs on Java 17 or 21")
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("JDK_JAVA_OPTIONS", HASTY)
        opened = Spark(tmp_path_factory.mktemp("spark"), master="local[2]", memory=1000)
    for name, value in SMALL.items():
        opened.session.conf.set(name, value)
    yield opened
    opened.close()


# PySpark 4.0 leaves sockets open and calls pandas by names that pandas 3 would rather not hear.
SPARK = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore:.*pandas.*:Warning"),
    pytest.mark.filterwarnings("ignore:The copy keyword:Warning"),
]


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=SPARK)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """DuckDB and Spark, each with an empty folder to work in."""
    if request.param == "spark":
        opened = request.getfixturevalue("spark")
        opened.work = tmp_path / "work"
        opened.work.mkdir()
        yield opened
        return
    pytest.importorskip("ibis", reason="Ibis is not installed: sayso[learn]")
    duckdb = DuckDB(tmp_path / "work", threads=2, memory=500)
    yield duckdb
    duckdb.close()
