"""test: dialogues played in a copy of a home, a table, and what differs."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Sayso
from tests.cli.homes import SCRIPT

DIALOGUES = """\
phenomenon: gongs
about: A gong strikes, and counts its strokes.
dialogues:
  - name: strikes and counts
    turns:
      - say: strike the gong
        expect: {skill: gong, intent: Strike, acts: true, runs: [{skill: gong, intent: Strike}]}
      - say: count the strokes of the gong
        now: +1m
        expect: {skill: gong, intent: Count, reply_contains: 1 times, rings: Echo}
  - name: somebody who has heard nothing yet
    turns:
      - say: strike the gong
        expect: {acts: true}
"""
WRONG = """\
phenomenon: silence
dialogues:
  - name: a gong asks for nothing
    turns:
      - say: strike the gong
        expect: {asks: loudness}
"""


def write(home: Path, **files: str) -> Path:
    (home / "dialogues").mkdir()
    for name, text in files.items():
        (home / "dialogues" / f"{name}.yaml").write_text(text)
    return home


def test_dialogues_of_a_home_are_played_and_counted(home: Path, sayso: Sayso) -> None:
    result = sayso("test", write(home, gongs=DIALOGUES))
    assert result.code == 0, result.out
    assert [line.split() for line in result.out.splitlines()[-3:]] == [
        ["phenomenon", "passed", "of"],
        ["gongs", "2", "2"],
        ["all", "2", "2"],
    ]


def test_what_differs_is_told_with_its_turn(home: Path, sayso: Sayso) -> None:
    write(home, gongs=DIALOGUES, silence=WRONG)
    result = sayso("test", home)
    assert result.code == 1
    assert "silence.yaml: a gong asks for nothing\n  1 ana> strike the gong\n" in result.out
    assert "asks: nothing, expected loudness" in result.out
    told = sayso("test", home, home / "dialogues" / "silence.yaml", "--json").json
    assert (told["dialogues"], told["passed"]) == (1, 0)
    assert told["phenomena"] == [{"phenomenon": "silence", "dialogues": 1, "passed": 0}]
    assert [each["turn"] for each in told["failures"]] == [1]


def test_a_home_remembers_nothing_of_its_tests(home: Path, sayso: Sayso) -> None:
    write(home, gongs=DIALOGUES)
    before = {path for path in home.rglob("*") if "__pycache__" not in path.parts}
    assert [sayso("test", home).code for _ in range(2)] == [0, 0]
    assert {path for path in home.rglob("*") if "__pycache__" not in path.parts} == before


def test_a_home_without_dialogues_is_told_how_to_write_some(home: Path, sayso: Sayso) -> None:
    result = sayso("test", home)
    assert result.code == 2
    assert "dialogues.md" in result.err


def test_a_home_that_is_not_trained_says_what_to_run(tmp_path: Path, sayso: Sayso) -> None:
    sayso("new", tmp_path / "home")
    result = sayso("test", write(tmp_path / "home", gongs=DIALOGUES))
    assert result.code == 2
    assert "run: sayso train" in result.err


def test_a_conversation_is_played_where_there_is_one(home: Path, sayso: Sayso) -> None:
    (home / "conversation.yaml").write_text(SCRIPT)
    told = sayso("test", home, "--json").json
    assert told["phenomena"] == [{"phenomenon": "conversation", "dialogues": 1, "passed": 1}]
