"""The files of the example home: skills as a developer should write them, and the script."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from sayso.settings import read_settings
from tests.examples.skill import HOME, PythonSkill

FILES = sorted((HOME / "skills").glob("*/skill.yaml"))
KEYS = {
    "id",
    "name",
    "invocation",
    "locale",
    "description",
    "examples",
    "intents",
    "types",
    "fulfilment",
}
SKILLS: dict[str, Any] = {
    path.parent.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FILES
}
SCRIPT: list[dict[str, Any]] = yaml.safe_load(
    (HOME / "conversation.yaml").read_text(encoding="utf-8")
)["turns"]


def custom(skill: dict[str, Any]) -> dict[str, Any]:
    return {n: i for n, i in skill["intents"].items() if not n.startswith("AMAZON.")}


def test_home_has_enough_skills_and_readable_settings() -> None:
    assert len(FILES) >= 15
    assert read_settings(HOME).locales == ("en-US",)


@pytest.mark.parametrize("id", SKILLS)
def test_skill_file_has_the_expected_keys(id: str) -> None:
    skill = SKILLS[id]
    assert set(skill) <= KEYS
    assert KEYS - {"types"} <= set(skill)
    assert skill["id"] == id
    assert len(skill["examples"]) >= 3


@pytest.mark.parametrize("id", SKILLS)
def test_every_intent_has_12_to_40_samples_and_shares_none(id: str) -> None:
    intents = custom(SKILLS[id])
    for name, intent in intents.items():
        assert 12 <= len(intent["samples"]) <= 40, name
    every = Counter(sample for intent in intents.values() for sample in intent["samples"])
    assert [sample for sample, count in every.items() if count > 1] == []


def test_samples_are_plain_lower_case_words_outside_of_slots() -> None:
    for id, skill in SKILLS.items():
        for intent in custom(skill).values():
            for sample in intent["samples"]:
                assert isinstance(sample, str), (id, sample)
                assert sample == sample.lower().strip(), (id, sample)


def test_some_samples_overlap_between_skills_on_purpose() -> None:
    owners: dict[str, set[str]] = {}
    for id, skill in SKILLS.items():
        for intent in custom(skill).values():
            for sample in intent["samples"]:
                owners.setdefault(sample, set()).add(id)
    shared = {sample for sample, skills in owners.items() if len(skills) > 1}
    assert "what's the temperature" in shared


@pytest.mark.parametrize(
    "id", [id for id, skill in SKILLS.items() if "python" in skill["fulfilment"]]
)
def test_handler_answers_a_launch_help_and_the_end_of_a_session(id: str, tmp_path: Path) -> None:
    skill = PythonSkill(id, tmp_path)
    opened = skill.answer()
    assert opened.speech
    assert opened.ended is False
    assert skill.answer("AMAZON.HelpIntent").ended is False
    skill.answer("AMAZON.StopIntent")
    skill.answer(kind="session_ended")
    skill.storage.close()


def test_templates_answer_every_intent_of_small_talk() -> None:
    skill = SKILLS["smalltalk"]
    assert set(skill["fulfilment"]["replies"]) == set(custom(skill))


def test_script_is_long_and_names_things_that_exist() -> None:
    assert len(SCRIPT) >= 45
    for turn in SCRIPT:
        expect = turn["expect"]
        assert set(turn) <= {"say", "user", "now", "enables", "expect"}, turn
        assert expect["outcome"] in ("act", "ask", "abstain"), turn
        if "intent" in expect and expect["intent"] in custom(SKILLS[expect["skill"]]):
            slots = SKILLS[expect["skill"]]["intents"][expect["intent"]].get("slots") or {}
            assert set(expect.get("slots", {})) <= set(slots), turn


def test_at_most_a_quarter_of_the_script_is_taken_from_samples() -> None:
    samples = {
        sample
        for skill in SKILLS.values()
        for intent in custom(skill).values()
        for sample in intent["samples"]
    }
    verbatim = [turn["say"] for turn in SCRIPT if turn["say"].lower().rstrip("?.!") in samples]
    assert len(verbatim) * 4 <= len(SCRIPT), verbatim
