"""What differs between the engines, and what must not."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import DataError, LearningError
from sayso.events.duckdb import CHILD, OWN, processes_within
from sayso.events.engines import DuckDB, Engine, Spark, open_engine
from sayso.events.read import read
from sayso.feedback.judge import judge, rephrases
from tests.engines import SPARK
from tests.events.logs import number, rows_of, turn, write
from tests.feedback.test_judge import said_next


def test_duckdb_looks_for_no_extension(tmp_path: Path) -> None:
    engine = DuckDB(tmp_path / "work")
    settings = dict(
        engine.connection.raw_sql(
            "select name, value from duckdb_settings() where name like 'auto%_known_extensions'"
        ).fetchall()
    )
    assert settings == {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    loaded = engine.connection.raw_sql(
        "select extension_name, install_mode from duckdb_extensions() where loaded"
    ).fetchall()
    assert {mode for _, mode in loaded} == {"STATICALLY_LINKED"}
    engine.close()


def test_memory_is_shared_with_the_processes_that_are_started_and_taken_back(
    tmp_path: Path,
) -> None:
    import ibis

    assert [processes_within(memory, 16) for memory in (300, 1000, 1700, 99_000)] == [1, 1, 2, 16]
    engine = DuckDB(tmp_path / "work", threads=2, memory=OWN + 2000)
    log = engine.read(write(tmp_path / "log.parquet", [turn("play queen")]))

    def limit() -> str:
        (row,) = engine.connection.raw_sql("select current_setting('memory_limit')").fetchall()
        return str(row[0])

    before = limit()
    seen = []
    lower = engine.connection.raw_sql

    def noted(query: str) -> Any:
        seen.append(query)
        return lower(query)

    engine.connection.raw_sql = noted
    engine.map_batches(log.select("id"), _same, ibis.schema({"id": "string"}), "ids")
    engine.connection.raw_sql = lower
    assert f"SET memory_limit = '{2000 - 2 * CHILD}MB'" in seen
    assert limit() == before
    engine.close()


def _same(batch: object) -> object:
    return batch


def test_a_step_that_breaks_off_leaves_the_table_as_it_was(engine: Engine, tmp_path: Path) -> None:
    import ibis

    write(tmp_path / "log.parquet", [turn("play queen")])
    log = engine.read(tmp_path / "log.parquet")
    engine.keep(log.select("id"), "table")

    schema = ibis.schema({"id": "string"})
    with pytest.raises(Exception, match="broken"):
        engine.map_batches(log.select("id"), _broken, schema, "table")
    assert len(rows_of(engine.kept("table"), "id")) == 1


def _broken(batch: object) -> object:
    raise ValueError("broken")


def test_a_kept_sum_of_whole_numbers_is_whole(engine: Engine, tmp_path: Path) -> None:
    write(tmp_path / "log.parquet", [turn("play queen", 0), turn("play abba", 5)])
    log = engine.read(tmp_path / "log.parquet")
    kept = engine.keep(log.group_by("user").aggregate(n=log.turn.sum() + 2**60), "sums")
    assert kept.schema()["n"].is_int64()
    assert rows_of(kept, "n")[0]["n"] == 2**60


def test_a_large_number_beside_a_null_is_fetched_to_the_bit(engine: Engine, tmp_path: Path) -> None:
    write(tmp_path / "log.parquet", [turn("play queen", 0), turn("play abba", 5, skill=None)])
    log = engine.read(tmp_path / "log.parquet")
    large = log.skill.isnull().ifelse(None, 2**62 + 1)
    rows = engine.fetch(log.select(n=large.cast("int64"))).to_pylist()
    assert sorted(row["n"] or 0 for row in rows) == [0, 2**62 + 1]


def test_a_table_that_was_never_made_is_missed(engine: Engine) -> None:
    with pytest.raises(DataError, match="no such table; run the step that makes it"):
        engine.kept("verdicts")


def test_a_file_that_is_no_parquet_is_refused(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "log.parquet").write_text("no parquet at all, only words")
    with pytest.raises(DataError, match=r"log\.parquet: .*; export the log again"):
        read(engine, tmp_path / "log.parquet", number)


def test_an_engine_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="use duckdb or spark"):
        open_engine("pandas", tmp_path)


@pytest.mark.parametrize("_", [pytest.param(None, marks=SPARK)])
def test_a_master_that_does_not_answer_is_told_at_once(_: None, tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed: sayso[spark]")
    start = time.monotonic()
    with pytest.raises(LearningError, match=r"spark://127\.0\.0\.1:9: nobody answers there"):
        Spark(tmp_path / "work", master="spark://127.0.0.1:9")
    assert time.monotonic() - start < 10


def test_what_an_engine_fails_of_is_told_in_words(engine: Engine, tmp_path: Path) -> None:
    log = engine.read(write(tmp_path / "log.parquet", [turn("play queen")]))
    with pytest.raises(Exception, match=r"(?i)cast|number|malformed") as failed:
        engine.keep(log.select(n=log.said.cast("int64")), "numbers")
    why = engine.why(failed.value)
    assert why is not None
    assert "play queen" in why
    assert "\n" not in why
    assert engine.why(ValueError("no 0")) is None


KEPT = (("texts", "text"), ("turns", "number"), ("windows", "turn"), ("verdicts", "turn"))


def stored(engine: Engine, name: str, order: str) -> list[str]:
    """The rows that an engine wrote, as text, so that a difference is easily seen."""
    from pyarrow import dataset

    table = dataset.dataset(engine.work / name, format="parquet").to_table().sort_by(order)
    rows: list[dict[str, object]] = table.to_pylist()
    return [str(sorted(row.items())) for row in rows]


@pytest.mark.parametrize("_", [pytest.param(None, marks=SPARK)])
def test_both_engines_come_to_the_same(_: None, spark: Spark, tmp_path: Path) -> None:
    chance = random.Random(4)
    names = ["queen", "quinn", "abba", "my pin is 4711", "Abba!", "die ärzte"]
    rows = [
        turn(
            f"play {chance.choice(names)}",
            chance.randrange(4000) + chance.random(),
            id=f"row-{at}",
            user=f"user-{chance.randrange(9)}",
            device=f"device-{chance.randrange(2)}",
            locale=chance.choice(["en-US", "de-DE"]),
            outcome=chance.choice(["act", "act", "act", "ask", "abstain"]),
            speech=chance.choice(["Here you are.", "I don't know that."]),
            confidence=chance.choice([None, chance.random()]),
            barge_in_ms=chance.choice([None, None, 4000 * chance.random()]),
            played_s=chance.choice([None, None, 100 * chance.random()]),
            helpful=chance.choice([None, None, True, False]),
            failed=chance.random() < 0.1,
        )
        for at in range(600)
    ]
    write(tmp_path / "log.parquet", [*rows, *rows[:20]])
    spark.work = tmp_path / "spark"
    spark.work.mkdir()
    told = []
    for engine in (DuckDB(tmp_path / "duckdb", threads=2), spark):
        events = read(engine, tmp_path / "log.parquet", number)
        again = rephrases(engine, events.windows, said_next)
        judge(engine, events, again)
        # Of the files: what Ibis reads from Spark comes by way of pandas, where null is NaN.
        told.append((events.counted, *(stored(engine, *each) for each in KEPT)))
    for one, other in zip(*told, strict=True):
        assert one == other
