"""The second set of dialogues: that its files can be meant. They are not played here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from sayso.skills.folders import read_skills
from sayso.types.skills import Intent

HERE = Path(__file__).parent
HOME = HERE.parents[1] / "examples" / "home"
FILES = sorted(HERE.glob("*.yaml"))
SAID = {"say", "silence", "user", "device", "now", "enables", "expect"}
EXPECTED = {
    "outcome",
    "skill",
    "intent",
    "slots",
    "lacks",
    "asks",
    "confirms",
    "which",
    "acts",
    "runs",
    "ended",
    "reply_contains",
    "rings",
}
FLAGS = ("acts", "ended")
INTENTS: dict[str, dict[str, Intent]] = {
    skill.id: {intent.name: intent for intent in skill.languages[0].intents}
    for folder in (HOME / "skills", HERE / "skills")
    for skill in read_skills(folder)
}
Node = dict[str, Any]


def read(file: Path) -> Node:
    found: Node = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def every_dialogue() -> Iterator[Node]:
    for file in FILES:
        yield from read(file)["dialogues"]


DIALOGUES = {dialogue["name"]: dialogue for dialogue in every_dialogue()}


def test_there_are_forty_dialogues_and_no_name_comes_twice() -> None:
    assert len(list(every_dialogue())) == len(DIALOGUES) == 40


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_file_says_what_it_is_about(file: Path) -> None:
    raw = read(file)
    assert set(raw) == {"phenomenon", "about", "dialogues"}
    assert raw["phenomenon"]
    assert raw["about"].endswith(".")
    assert len(raw["dialogues"]) >= 2


@pytest.mark.parametrize("name", DIALOGUES)
def test_a_dialogue_has_three_to_seven_turns_of_known_keys(name: str) -> None:
    dialogue = DIALOGUES[name]
    assert {"name", "turns"} <= set(dialogue) <= {"name", "start", "time_zone", "turns"}
    if "start" in dialogue:
        datetime.fromisoformat(dialogue["start"]).replace(tzinfo=ZoneInfo(dialogue["time_zone"]))
    assert 3 <= len(dialogue["turns"]) <= 7
    for turn in dialogue["turns"]:
        assert set(turn) <= SAID, turn
        # YAML reads a bare yes as true: who forgets the quotes would say nothing.
        assert isinstance(turn.get("say"), str) != (turn.get("silence") is True), turn
        assert set(turn.get("expect", {})) <= EXPECTED, turn


@pytest.mark.parametrize("name", DIALOGUES)
def test_what_is_expected_is_there_in_the_skills(name: str) -> None:
    skill = intent = ""
    for turn in DIALOGUES[name]["turns"]:
        expect = turn.get("expect", {})
        skill, intent = expect.get("skill", skill), expect.get("intent", intent)
        for each in (expect, *expect.get("runs", ())):
            check(turn, each, each.get("skill", skill), each.get("intent", intent))
        assert set(expect.get("which", ())) <= set(INTENTS), turn
        assert all(isinstance(expect.get(flag, True), bool) for flag in FLAGS), turn
        assert expect.get("outcome", "act") in ("act", "ask", "abstain"), turn


def check(turn: Node, expect: Node, skill: str, intent: str) -> None:
    """That skill, intent and slots exist; those of the turns before, where a turn names none."""
    if not expect.keys() & {"skill", "intent", "slots", "lacks", "asks", "confirms"}:
        return
    known = INTENTS[skill] if "skill" in expect or skill else {}
    slots = {slot.name for slot in known[intent].slots} if intent in known else set()
    assert intent in known or not {"intent", "slots", "lacks", "asks"} & expect.keys(), turn
    assert {*expect.get("slots", ()), *expect.get("lacks", ())} <= slots, turn
    assert expect.get("asks") in {None, *slots}, turn
    assert expect.get("confirms", True) in {True, *slots}, turn


def test_not_many_sentences_are_samples_of_the_skills() -> None:
    samples = {
        sample.casefold()
        for intents in INTENTS.values()
        for intent in intents.values()
        for sample in intent.samples
    }
    said = [turn["say"] for name in DIALOGUES for turn in DIALOGUES[name]["turns"] if "say" in turn]
    learnt = [each for each in said if each.casefold() in samples]
    assert len(learnt) <= len(said) / 4
