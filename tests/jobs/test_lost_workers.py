"""Workers of a Spark cluster that are lost while a home is learnt from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

pytest.importorskip("ibis", reason="Ibis is not installed: sayso[learn]")

from sayso import learned
from sayso.jobs.learn import Means, learn
from sayso.jobs.work import WORK
from sayso.rewriting.kept import read_population
from sayso.settings import FILE_NAME
from sayso.types.lessons import Rewrite
from tests.engines import SPARK
from tests.events.logs import NOON, write
from tests.jobs.cluster import Cluster, begin, cluster, end, kill, wait
from tests.jobs.test_learn import misheard

pytestmark = [*SPARK, pytest.mark.slow]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write(tmp_path / "log.parquet", misheard())


@pytest.fixture
def spread(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster of two workers."""
    pytest.importorskip("pyspark", reason="pyspark is not installed: sayso[spark]")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed; Spark runs on Java 17 or 21")
    with cluster(tmp_path / "cluster", workers=2) as running:
        yield running


def home(folder: Path) -> Path:
    folder.mkdir()
    (folder / FILE_NAME).write_text("format = 1\n[learning]\nrewrite_people = 30\n")
    return folder


def begun(folder: Path, table: str) -> None:
    """Wait until a step is at work on a table."""
    work = folder / learned.LEARNED / WORK
    wait((work / f"{table}.draft").is_dir, f"no {table} in {work}")


def alone(folder: Path, log: Path) -> list[Rewrite]:
    """What a home is taught by the same log in one process."""
    learn(home(folder), Means(log, memory=500), now=NOON + timedelta(days=1))
    return list(read_population(folder / learned.LEARNED))


@pytest.mark.parametrize("step", ["turns", "rephrases"])
def test_one_of_two_workers_that_is_lost_changes_nothing(
    step: str, spread: Cluster, log: Path, tmp_path: Path
) -> None:
    told = home(tmp_path / "home")
    run = begin(spread, told, log, patience_s=60)
    begun(told, step)
    kill(spread.processes[-1])
    assert end(run) == {}
    assert read_population(told / learned.LEARNED) == alone(tmp_path / "alone", log) != []


def test_without_workers_nothing_is_served_and_the_next_run_goes_on(
    spread: Cluster, log: Path, tmp_path: Path
) -> None:
    told = home(tmp_path / "home")
    run = begin(spread, told, log, patience_s=8)
    begun(told, "rephrases")
    for worker in spread.processes[1:]:
        kill(worker)
    failed = end(run)
    assert failed["error"] == "LearningError"
    assert "no worker for 8 s; learn again, and it goes on from there" in failed["message"]
    assert learned.current(told / learned.LEARNED) is None
    turns = told / learned.LEARNED / WORK / "turns"
    before = turns.stat().st_mtime_ns
    spread.worker()
    run = begin(spread, told, log, patience_s=60)
    begun(told, "rephrases")
    assert turns.stat().st_mtime_ns == before  # not made anew
    assert end(run) == {}
    assert read_population(told / learned.LEARNED) == alone(tmp_path / "alone", log) != []
