"""Examples of earlier runs stay until they prove wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sayso import learned
from sayso.events.engines import Engine
from sayso.events.scrub import text_id
from sayso.labels.kept import are_news, note_trained, write_examples
from sayso.labels.lasting import lasting
from sayso.types.lessons import Label, LabelSource

TAUGHT = Label("fire up the porch", "lights", "On", "en-US", (), source=LabelSource.LOG)
TEXT = text_id("en", "fire up the porch")


def stay(engine: Engine, folder: Path, said: list[tuple[int, str, int]]) -> list[Label]:
    """Each of `said` is a person, the intent that was read, and the chance of a defect."""
    row: dict[str, Any] = {"text": TEXT, "skill": "lights"}
    turns = [
        {**row, "number": at, "user": user, "intent": intent}
        for at, (user, intent, _) in enumerate(said)
    ]
    verdicts = [{"turn": at, "defect_bp": bad} for at, (_, _, bad) in enumerate(said)]
    pq.write_table(pa.Table.from_pylist(turns), folder / "turns.parquet")
    pq.write_table(pa.Table.from_pylist(verdicts), folder / "verdicts.parquet")
    opened = [engine.read(folder / f"{name}.parquet") for name in ("turns", "verdicts")]
    return lasting(engine, opened[0], opened[1], [TAUGHT], people=3)


def test_what_serves_since_it_was_learnt_stays(engine: Engine, tmp_path: Path) -> None:
    assert stay(engine, tmp_path, [(user, "On", 300) for user in range(5)]) == [TAUGHT]


def test_what_failed_before_it_was_learnt_says_nothing_against_it(
    engine: Engine, tmp_path: Path
) -> None:
    assert stay(engine, tmp_path, [(user, "Off", 9000) for user in range(5)]) == [TAUGHT]


def test_what_goes_wrong_as_it_was_taught_goes(engine: Engine, tmp_path: Path) -> None:
    assert stay(engine, tmp_path, [(user, "On", 9000) for user in range(3)]) == []


def test_one_who_is_never_content_does_not_take_it_away(engine: Engine, tmp_path: Path) -> None:
    assert stay(engine, tmp_path, [(1, "On", 9000)] * 50) == [TAUGHT]


def test_one_who_says_it_a_thousand_times_has_one_voice(engine: Engine, tmp_path: Path) -> None:
    said = [(1, "On", 9000)] * 50 + [(user, "On", 300) for user in range(2, 6)]
    assert stay(engine, tmp_path, said) == [TAUGHT]


def test_a_training_that_was_given_the_examples_makes_them_no_news(tmp_path: Path) -> None:
    assert not are_news(tmp_path)
    write(tmp_path, [TAUGHT], [])
    assert are_news(tmp_path)
    note_trained(tmp_path)
    assert not are_news(tmp_path)
    write(tmp_path, [TAUGHT], [replace(TAUGHT, text="porch on")])
    assert not are_news(tmp_path), "what goes well is learnt along"
    write(tmp_path, [], [])
    assert are_news(tmp_path), "an example has gone"


def write(folder: Path, failed: list[Label], served: list[Label]) -> None:
    with learned.writing(folder):
        learned.write(folder, "learnt", "test", lambda draft: write_examples(draft, failed, served))
