"""eval: every kind of test set, goals and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Sayso

ROWS: list[dict[str, Any]] = [
    {"text": "strike that gong", "intent": "Strike", "skill": "gong"},
    {"text": "greet Anna", "intent": "Hello", "slots": [{"name": "name", "value": "Anna"}]},
    {"text": "what is the airspeed of a laden swallow", "intent": "oos"},
]
ALEXA = {
    "data": [
        {
            "inputs": {"utterance": "greet Anna"},
            "expected": [
                {
                    "intent": {
                        "name": "Hello",
                        "slots": {"name": {"slotValue": {"type": "Simple", "value": "Anna"}}},
                    }
                }
            ],
        }
    ]
}


def write(folder: Path, kind: str) -> Path:
    """The same test set in any form."""
    path = folder / f"tests.{kind}"
    if kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    elif kind == "csv":
        lines = [f"{row['text']},{row['intent']},{row.get('skill', '')}" for row in ROWS]
        path.write_text("\n".join(["text,intent,skill", *lines]))
    elif kind == "parquet":
        pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
        from pyarrow import parquet

        table = [{**row, "slots": json.dumps(row.get("slots", []))} for row in ROWS]
        parquet.write_table(pyarrow.Table.from_pylist(table), path)
    else:
        path.write_text(json.dumps(ALEXA))
    return path


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet", "json"])
def test_every_kind_of_test_set_is_measured(
    kind: str, home: Path, tmp_path: Path, sayso: Sayso
) -> None:
    report = sayso("eval", home, write(tmp_path, kind), "--json").json
    assert report["intent_accuracy"] == 1.0
    assert report["rows"] == (1 if kind == "json" else 3)
    assert report["missed"] == []
    if kind != "csv":
        assert report["slot_f1"] == 1.0


def test_the_table_names_the_measures_and_what_was_confused(
    home: Path, tmp_path: Path, sayso: Sayso
) -> None:
    (tmp_path / "tests.csv").write_text("text,intent\ngreet Anna,Strike\ngreet Bob,Hello\n")
    result = sayso("eval", home, tmp_path / "tests.csv")
    assert result.code == 0
    for said in ("intent_accuracy         0.5000", "macro_f1", "p50_ms", "most confused", "Strike"):
        assert said in result.out
    assert "evaluating" in result.err


def test_a_goal_that_is_missed_is_exit_code_1(home: Path, tmp_path: Path, sayso: Sayso) -> None:
    tests = write(tmp_path, "jsonl")
    goals = ("--min", "slot_f1=0.5", "--min", "intent_accuracy=0.9")
    assert sayso("eval", home, tests, *goals).code == 0
    (tmp_path / "tests.jsonl").write_text(json.dumps({"text": "greet Anna", "intent": "Strike"}))
    result = sayso("eval", home, tests, "--min", "intent_accuracy=0.9", "--json")
    assert result.code == 1
    assert result.json["missed"] == ["intent_accuracy is 0.0000, less than 0.9"]
    assert "intent_accuracy is 0.0000, less than 0.9" in result.err


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        ("accuracy=0.9", "no such goal; there are intent_accuracy, macro_f1"),
        ("intent_accuracy", "write it as intent_accuracy=0.9"),
        ("intent_accuracy=high", "write it as intent_accuracy=0.9"),
    ],
)
def test_a_goal_that_is_none_is_told_before_the_work(
    goal: str, said: str, home: Path, tmp_path: Path, sayso: Sayso
) -> None:
    result = sayso("eval", home, tmp_path / "not-even-read.csv", "--min", goal)
    assert result.code == 2
    assert said in result.err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.csv", b"text,intent\nhi,Hello\n,Hello\n", "row 2"),
        ("t.csv", b"sentence,intent\nhi,Hello\n", 'row 1: no "text"'),
        ("t.csv", b"text\nhi\n", 'row 1: no "intent"'),
        ("t.csv", b"", "no rows"),
        ("t.csv", b"text,intent\n\xff,Hello\n", "cannot be read"),
        ("t.jsonl", b'{"text": "hi", "intent": "Hello"}\n{"text": \n', "t.jsonl"),
        ("t.jsonl", b'{"text": "hi", "intent": "Hello"}\n[1]\n', "t.jsonl"),
        ("t.jsonl", b'{"text": "hi", "intent": "Hello", "slots": [3]}\n', "row 1"),
        ("t.json", b'{"data": [{"inputs": {}}]}', "t.json"),
        ("t.parquet", b"PAR1 no more", "cannot be read"),
        ("t.xlsx", b"", "use .parquet, .csv, .jsonl, .json"),
    ],
)
def test_a_wrong_test_set_is_named_with_its_row(
    name: str, content: bytes, said: str, home: Path, tmp_path: Path, sayso: Sayso
) -> None:
    (tmp_path / name).write_bytes(content)
    result = sayso("eval", home, tmp_path / name)
    assert result.code == 2, result.err
    assert said in result.err
    assert str(tmp_path / name) in result.err
    assert sayso("eval", home, tmp_path / "gone.csv").code == 2
