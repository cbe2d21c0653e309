"""What differs between the engines, and what must not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from sayso.errors import DataError
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
        verdicts = judge(engine, events, again).verdicts
        told.append(
            (
                events.counted,
                rows_of(events.texts, "text"),
                rows_of(events.turns, "number"),
                rows_of(events.windows, "turn"),
                rows_of(verdicts, "turn"),
            )
        )
    for one, other in zip(*told, strict=True):
        assert one == other
