"""What goes well for several people holds the models to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sayso.events.engines import Engine
from sayso.labels.served import MOST_OF_FORM, WEIGHT, as_labels, served
from sayso.types.lessons import Label

WELL, BADLY = 300, 4000


def learnt(engine: Engine, folder: Path, said: list[dict[str, Any]]) -> list[Label]:
    """Each of `said` is a turn by what is not usual about it."""
    usual = {
        "text": 1,
        "read": 1,
        "language": "en",
        "skill": "music",
        "intent": "Play",
        "slots": '{"genre": "jazz"}',
        "outcome": "act",
        "basis": "words",
        "failed": False,
        "refused": False,
        "bad": WELL,
    }
    rows = [{**usual, "number": at, "user": at, **each} for at, each in enumerate(said)]
    verdicts = [{"turn": row["number"], "defect_bp": row.pop("bad")} for row in rows]
    shown = {row["text"]: json.loads(row["slots"]).get("genre", "") for row in rows}
    texts = [{"text": n, "shown": f"some {x} please", "private": n == 9} for n, x in shown.items()]
    opened = []
    for name, table in (("turns", rows), ("verdicts", verdicts), ("texts", texts)):
        place = folder / f"{name}.parquet"
        pq.write_table(pa.Table.from_pylist(table), place)
        opened.append(engine.read(place))
    found = engine.fetch(served(*opened, people=3)).to_pylist()
    return as_labels(found, lambda language: f"{language}-US")


def test_what_three_people_made_with_success_is_learnt_as_it_was_read(
    engine: Engine, tmp_path: Path
) -> None:
    (label,) = learnt(engine, tmp_path, [{}, {}, {}])
    assert (label.text, label.intent, label.locale) == ("some jazz please", "Play", "en-US")
    assert [label.text[span.start : span.end] for span in label.spans] == ["jazz"]
    assert label.weight == WEIGHT


def test_what_does_not_surely_go_well_is_not(engine: Engine, tmp_path: Path) -> None:
    assert learnt(engine, tmp_path, [{}, {}, {"bad": BADLY}]) == []
    assert learnt(engine, tmp_path, [{}, {}, {"user": 0}]) == [], "two people"
    for odd in ({"refused": True}, {"outcome": "ask"}, {"basis": "answer"}, {"read": 2}):
        assert learnt(engine, tmp_path, [{}, {}, odd]) == []
    assert learnt(engine, tmp_path, [{"text": 9, "read": 9}] * 3) == [], "private"


def test_one_who_says_it_a_thousand_times_has_one_voice(engine: Engine, tmp_path: Path) -> None:
    content = [{"user": 1}] * 50
    said = [*content, {"bad": BADLY, "user": 2}, {"bad": BADLY, "user": 3}]
    assert learnt(engine, tmp_path, said) == []


def test_many_values_of_one_form_teach_it_once(engine: Engine, tmp_path: Path) -> None:
    said = [
        {"text": 10 + at, "read": 10 + at, "slots": json.dumps({"genre": f"g{at}"}), "user": user}
        for at in range(8)
        for user in range(3)
    ]
    assert len(learnt(engine, tmp_path, said)) == MOST_OF_FORM


def test_of_very_many_texts_those_of_most_people_are_learnt(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sayso.labels.served.MOST", 1)
    said = [
        {"text": n, "read": n, "user": user, "slots": json.dumps({"genre": f"g{n}"})}
        for n in (1, 2)
        for user in range(n * 3)
    ]
    assert [label.text for label in learnt(engine, tmp_path, said)] == ["some g2 please"]


def test_a_value_that_was_not_said_so_has_no_place(engine: Engine, tmp_path: Path) -> None:
    texts = [{"shown": "wake me", "language": "en", "skill": "a", "intent": "Set", "people": 9}]
    assert as_labels([{**texts[0], "slots": '{"time": "07:30"}'}], str) == []
