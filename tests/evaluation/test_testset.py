"""Test sets of every kind become expectations, or say which row is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sayso.errors import EvaluationError
from sayso.evaluation.testset import Expectation, ExpectedSlot, read_tests

ROWS: list[dict[str, Any]] = [
    {
        "text": "wake me at six",
        "intent": "SetAlarm",
        "skill": "alarm",
        "locale": "en-US",
        "slots": json.dumps([{"slot": "time", "value": "six", "start": 11, "end": 14}]),
    },
    {"text": "sing me a song", "intent": "oos", "skill": None, "locale": None, "slots": None},
]
WANTED = [
    Expectation(
        "wake me at six", "SetAlarm", "alarm", (ExpectedSlot("time", "six", 11, 14),), "en-US"
    ),
    Expectation("sing me a song", None),
]


def saved(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def lines(*rows: object) -> str:
    return "\n".join(json.dumps(row) for row in rows)


def test_json_lines_are_read(tmp_path: Path) -> None:
    text = lines(*ROWS) + "\n\n"
    assert read_tests(saved(tmp_path, "tests.jsonl", text)) == WANTED


def test_a_table_in_csv_is_read(tmp_path: Path) -> None:
    text = (
        "\ufefftext,intent,skill,locale,slots\r\n"
        'wake me at six,SetAlarm,alarm,en-US,"[{""slot"": ""time"", ""value"": ""six"", '
        '""start"": 11, ""end"": 14}]"\r\n'
        "sing me a song,,,,\r\n"
    )
    assert read_tests(saved(tmp_path, "tests.csv", text)) == WANTED


def test_a_table_in_parquet_is_read(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="sayso[evaluation] is not installed")
    from pyarrow import parquet

    path = tmp_path / "tests.PARQUET"
    parquet.write_table(pyarrow.Table.from_pylist(ROWS), path)
    assert read_tests(path) == WANTED


def test_slots_of_a_parquet_table_may_be_a_list_of_structs(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="sayso[evaluation] is not installed")
    from pyarrow import parquet

    rows = [{"text": "at six", "intent": "Set", "slots": [{"name": "time", "value": "six"}]}]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "tests.parquet")
    assert read_tests(tmp_path / "tests.parquet")[0].slots == (ExpectedSlot("time", "six"),)


def test_slots_may_be_an_object_of_names_and_values(tmp_path: Path) -> None:
    row = {"text": "at six", "intent": "Set", "slots": {"time": "six", "count": 2}}
    found = read_tests(saved(tmp_path, "t.jsonl", lines(row)))[0].slots
    assert found == (ExpectedSlot("time", "six"), ExpectedSlot("count", "2"))


def test_a_line_may_hold_the_line_ends_that_json_allows(tmp_path: Path) -> None:
    text = '{"text": "wake\u2028me", "intent": "Wake"}\r\n'
    assert read_tests(saved(tmp_path, "t.jsonl", text))[0].text == "wake\u2028me"


def test_no_slots_told_is_not_the_same_as_no_slots_expected(tmp_path: Path) -> None:
    rows = [{"text": "a", "intent": "A"}, {"text": "b", "intent": "B", "slots": []}]
    found = read_tests(saved(tmp_path, "t.jsonl", lines(*rows)))
    assert [row.slots for row in found] == [None, ()]


@pytest.mark.parametrize("intent", [None, "", "oos", "OOS", "none"])
def test_an_intent_of_nothing_expects_sayso_to_abstain(tmp_path: Path, intent: str | None) -> None:
    found = read_tests(saved(tmp_path, "t.jsonl", lines({"text": "a", "intent": intent})))
    assert found[0].intent is None


def test_an_alexa_evaluation_set_is_read(tmp_path: Path) -> None:
    several = {"type": "List", "values": [{"value": "milk"}, {"value": "eggs"}]}
    raw = {
        "data": [
            item("wake me", {"name": "Wake"}),
            item("at six", {"name": "Set", "slots": {"time": {"value": "six"}}}),
            item("milk and eggs", {"name": "Add", "slots": {"what": {"slotValue": several}}}),
            item(
                "tea",
                {
                    "name": "Add",
                    "slots": {"what": {"slotValue": {"type": "Simple", "value": "tea"}}},
                },
            ),
        ]
    }
    found = read_tests(saved(tmp_path, "set.json", json.dumps(raw)))
    assert [(row.text, row.intent, row.slots) for row in found] == [
        ("wake me", "Wake", ()),
        ("at six", "Set", (ExpectedSlot("time", "six"),)),
        ("milk and eggs", "Add", (ExpectedSlot("what", "milk"), ExpectedSlot("what", "eggs"))),
        ("tea", "Add", (ExpectedSlot("what", "tea"),)),
    ]


def item(text: str, intent: dict[str, Any]) -> dict[str, Any]:
    return {"inputs": {"utterance": text}, "expected": [{"intent": intent}]}


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("t.txt", "a", "unknown kind of test set; use .parquet, .csv"),
        ("t.jsonl", "", "holds no rows"),
        ("t.csv", "text,intent\n", "holds no rows"),
        ("t.jsonl", "{", "cannot be read"),
        ("t.jsonl", "3", "row 1: is no object"),
        ("t.jsonl", '["a"]', "row 1: is no object"),
        ("t.json", "[]", 'no "data" list'),
        ("t.json", '{"data": [{}]}', "an item lacks 'expected'"),
        ("t.json", '{"data": [3]}', "an item lacks"),
        ("t.json", '{"data": []}', "holds no rows"),
        ("t.jsonl", '{"intent": "A"}', 'row 1: no "text"'),
        ("t.jsonl", '{"text": " ", "intent": "A"}', 'row 1: no "text"'),
        ("t.jsonl", '{"text": "a"}', 'row 1: no "intent"'),
        ("t.jsonl", '{"text": "a", "intent": ["A"]}', 'row 1: "intent" is no text'),
        ("t.jsonl", '{"text": "a", "intent": "A", "skill": 3}', 'row 1: "skill" is no text'),
        ("t.csv", "text\na\n", 'row 1: no "intent"'),
        ("t.jsonl", lines({"text": "a", "intent": "A"}, {"text": 3, "intent": "A"}), "row 2"),
        ("t.jsonl", '{"text": "a", "intent": "A", "slots": "{"}', '"slots" is no JSON'),
        ("t.jsonl", '{"text": "a", "intent": "A", "slots": 3}', '"slots" needs name and value'),
        ("t.jsonl", '{"text": "a", "intent": "A", "slots": "3"}', '"slots" needs name and value'),
        ("t.jsonl", '{"text": "a", "intent": "A", "slots": [{"name": "x"}]}', "'value'"),
        ("t.jsonl", '{"text": "a", "intent": "A", "slots": [{"value": "x"}]}', "'slot'"),
        ("t.jsonl", '{"text": "a", "intent": "A", "slots": ["x"]}', '"slots" needs name and value'),
        (
            "t.jsonl",
            '{"text": "a", "intent": "A", "slots": [{"name": "x", "value": "a", "start": 0}]}',
            "start and end must lie in",
        ),
        (
            "t.jsonl",
            '{"text": "a", "intent": "A", "slots": [{"name":"x","value":"a","start":0,"end":9}]}',
            "start and end must lie in",
        ),
    ],
)
def test_a_wrong_test_set_is_refused_with_its_place(
    tmp_path: Path, name: str, text: str, complaint: str
) -> None:
    with pytest.raises(EvaluationError) as caught:
        read_tests(saved(tmp_path, name, text))
    assert str(tmp_path / name) in str(caught.value)
    assert complaint in str(caught.value)


@pytest.mark.parametrize("name", ["t.jsonl", "t.csv", "t.json", "t.parquet"])
@pytest.mark.parametrize("content", [b"\xff\xfe\x00a", b"PAR1", b"\x00"])
def test_bytes_that_are_no_table_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    pytest.importorskip("pyarrow", reason="sayso[evaluation] is not installed")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(EvaluationError, match=name.replace(".", r"\.")):
        read_tests(tmp_path / name)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"none\.csv: cannot be read"):
        read_tests(tmp_path / "none.csv")


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)
rows = st.fixed_dictionaries(
    {"text": st.one_of(st.just("a b"), values), "intent": st.one_of(st.just("A"), values)},
    optional=dict.fromkeys(("skill", "slots", "locale"), values),
)


@given(st.lists(rows, max_size=3))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_rows_are_read_or_refused_in_words(tmp_path: Path, found: list[dict[str, Any]]) -> None:
    try:
        for row in read_tests(saved(tmp_path, "t.jsonl", lines(*found))):
            assert isinstance(row.text, str)
            assert isinstance(row.intent, str | None)
            assert isinstance(row.skill, str | None)
    except EvaluationError:
        return  # nothing else may come out
