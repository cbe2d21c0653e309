"""SGD's tables are read into dialogues; the rows here are of our own writing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks.sgd.reading import Act, Dialogue, State, dialogues, schema

parquet = pytest.importorskip("pyarrow.parquet")
pyarrow = pytest.importorskip("pyarrow")

SCHEMA = [
    {
        "service_name": "Boats_1",
        "description": "Hire a boat",
        "slots": [
            {
                "name": "lake",
                "description": "Lake to sail on",
                "is_categorical": False,
                "possible_values": [],
            },
            {
                "name": "seats",
                "description": "Seats in the boat",
                "is_categorical": True,
                "possible_values": ["2", "4"],
            },
        ],
        "intents": [
            {
                "name": "HireBoat",
                "description": "Hire a boat for a day",
                "is_transactional": True,
                "required_slots": ["lake"],
                "optional_slots": {"seats": "2"},
                "result_slots": ["lake", "seats"],
            }
        ],
    }
]


def row(id: str, turn: int, text: str, **columns: object) -> dict[str, object]:
    kept = ("slots", "actions", "state", "service_call")
    written = {name: json.dumps(columns[name]) if name in columns else None for name in kept}
    return {
        "dialogue_id": id,
        "turn": turn,
        "speaker": "system" if turn % 2 else "user",
        "text": text,
        "services": ["Boats_1"],
        "service_results_n": columns.get("service_results_n"),
        **written,
    }


@pytest.fixture
def table(tmp_path: Path) -> Path:
    asked = {"service": "Boats_1", "act": "INFORM", "slot": "lake", "values": ["Como"]}
    offered = {"service": "Boats_1", "act": "OFFER", "slot": "seats", "values": ["4"]}
    call = {"service": "Boats_1", "method": "HireBoat", "parameters": {"lake": "Como"}}
    state = {"intent": "HireBoat", "requested": [], "values": {"lake": ["Como"]}}
    rows = [
        row("b", 1, "Four seats?", actions=[offered], service_call=[call], service_results_n=3),
        row(
            "b",
            0,
            "A boat on Como",
            actions=[asked],
            slots=[{"service": "Boats_1", "slot": "lake", "start": 10, "end": 14, "value": "Como"}],
            state={"Boats_1": state},
        ),
        row("a", 0, "Hello", state={}),
    ]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "some.parquet")
    return tmp_path / "some.parquet"


def only(table: Path, id: str) -> Dialogue:
    return next(each for each in dialogues(table) if each.id == id)


def test_turns_come_in_order_whatever_the_order_of_the_rows(table: Path) -> None:
    assert [each.id for each in dialogues(table)] == ["a", "b"]
    assert [turn.text for turn in only(table, "b").turns] == ["A boat on Como", "Four seats?"]


def test_a_user_turn_has_a_state_for_each_service(table: Path) -> None:
    first = only(table, "b").turns[0]
    assert first.states == {"Boats_1": State("HireBoat", (), {"lake": ("Como",)})}
    assert first.acts == (Act("Boats_1", "INFORM", "lake", ("Como",)),)


def test_spans_are_the_words_of_the_text(table: Path) -> None:
    (frame,) = only(table, "b").turns[0].frames
    (span,) = frame.spans
    assert only(table, "b").turns[0].text[span.start : span.end] == span.value == "Como"


def test_what_the_system_did_before_it_spoke_is_kept(table: Path) -> None:
    answer = only(table, "b").turns[1]
    assert not answer.by_user
    assert (answer.calls[0].parameters, answer.results) == ({"lake": "Como"}, 3)


def test_each_user_turn_comes_with_the_systems_before_it(table: Path) -> None:
    assert [(before, turn.number) for before, turn in only(table, "b").user_turns] == [(None, 0)]


def test_every_second_dialogue_is_a_sample(table: Path) -> None:
    assert [each.id for each in dialogues(table, every=2)] == ["a"]


def test_a_schema_tells_what_a_person_may_fill(tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    service = schema(tmp_path / "schema.json")["Boats_1"]
    intent = service.intent("HireBoat")
    assert intent is not None
    assert intent.slots == ("lake", "seats")
    assert service.slot("seats").values == ("2", "4")
    assert service.intent("NONE") is None
