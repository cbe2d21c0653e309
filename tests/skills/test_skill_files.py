from __future__ import annotations

import re
from pathlib import Path

import pytest

from sayso.errors import SkillError
from sayso.skills import from_json, read_skill, read_skills, to_json, write_skill
from sayso.types.skills import FulfilmentKind, Slot, TypeValue
from tests.skills.files import PAINTER, TIMER, write


def test_a_skill_is_read_from_its_folder(tmp_path: Path) -> None:
    write(tmp_path, "kitchen-timer/skill.yaml", TIMER)
    skill = read_skill(tmp_path / "kitchen-timer")
    assert (skill.id, skill.name) == ("kitchen-timer", "Kitchen Timer")
    assert skill.locales == ("en-US", "en-GB")
    assert skill.folder == str(tmp_path / "kitchen-timer")
    language = skill.languages[0]
    assert [intent.name for intent in language.intents][-1] == "AMAZON.HelpIntent"
    set_timer = language.intents[0]
    assert set_timer.slot("duration") == Slot(
        "duration", "AMAZON.DURATION", required=True, ask=("For how long?",)
    )
    kind = language.type("TIMER_NAME")
    assert kind
    assert kind.values[1] == TypeValue("laundry", "wash", ("washing", "washing machine"))


def test_words_that_yaml_takes_for_something_else_stay_words(tmp_path: Path) -> None:
    text = """\
intents:
  Say: [yes, no, on, off, ~, null, 12:30, 2024-05-01, 1e3, 0x1F, 1_000, .5, =]
  Set: {samples: [it is {t}], slots: {t: TIME}}
types:
  TIME: [12:30, on, {value: off, id: 007, synonyms: [no, 1.0]}]
""".replace("[it is {t}]", '["it is {t}"]')
    language = read_skill(write(tmp_path, "a/skill.yaml", text)).languages[0]
    said = "yes no on off ~ null 12:30 2024-05-01 1e3 0x1F 1_000 .5 ="
    assert " ".join(language.intents[0].samples) == said
    assert language.types[0].values[:2] == (TypeValue("12:30"), TypeValue("on"))
    assert language.types[0].values[2] == TypeValue("off", "007", ("no", "1.0"))


def test_flags_and_numbers_are_read_where_they_are_wanted(tmp_path: Path) -> None:
    text = """\
intents:
  A: {samples: ["{x}"], slots: {x: {type: AMAZON.NUMBER, required: true, multiple: yes}}}
fulfilment: {https: https://example.org/skill, timeout_s: 2.5}
alexa: {modelConfiguration: {level: HIGH, n: 3, on: true, none: null}}
"""
    skill = read_skill(write(tmp_path, "a/skill.yaml", text))
    slot = skill.languages[0].intents[0].slots[0]
    assert (slot.required, slot.multiple, skill.fulfilment.timeout_s) == (True, True, 2.5)
    assert skill.fulfilment.kind is FulfilmentKind.HTTPS
    kept = skill.languages[0].extra["modelConfiguration"]
    assert kept == {"level": "HIGH", "n": 3, "on": True, "none": None}


def test_named_things_may_be_listed(tmp_path: Path) -> None:
    text = """\
intents:
  - name: Go
    samples: ["go to {place}"]
    slots: [{name: place, type: PLACE}]
types:
  - {name: PLACE, values: [here, there]}
"""
    language = read_skill(write(tmp_path, "a/skill.yaml", text)).languages[0]
    assert language.intents[0].slots == (Slot("place", "PLACE"),)
    assert [value.value for value in language.types[0].values] == ["here", "there"]


def test_absent_names_come_from_the_folder(tmp_path: Path) -> None:
    skill = read_skill(write(tmp_path, "night-sky/skill.yaml", "intents: {A: [look up]}"))
    assert (skill.id, skill.name, skill.locales) == ("night-sky", "Night Sky", ("en-US",))
    assert skill.languages[0].invocation_name == "night sky"


def test_further_locales_lie_beside(tmp_path: Path) -> None:
    write(tmp_path, "timer/skill.yaml", TIMER)
    write(tmp_path, "timer/de-DE.yaml", "invocation: küchenuhr\nintents: {StopRinging: [ruhe]}")
    write(tmp_path, "timer/places.yaml", "not: a locale")
    write(tmp_path, "timer/map.yaml", "nor: this one")
    skill = read_skill(tmp_path / "timer")
    assert skill.locales == ("en-US", "en-GB", "de-DE")
    german = skill.language("de-DE")
    assert german
    assert german.invocation_name == "küchenuhr"


def test_a_locale_given_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "timer/skill.yaml", TIMER)
    write(tmp_path, "timer/en-GB.yaml", "intents: {StopRinging: [hush]}")
    with pytest.raises(SkillError, match=r"en-GB\.yaml:1: en-GB stands in skill\.yaml too"):
        read_skill(tmp_path / "timer")


def test_a_folder_of_skills_is_sorted_by_id(tmp_path: Path) -> None:
    write(tmp_path, "b/skill.yaml", TIMER)
    write(tmp_path, "a/skill.yaml", "id: zebra\nintents: {A: [neigh]}")
    write(tmp_path, "c/skill-package/interactionModels/custom/en-US.json", PAINTER)
    write(tmp_path, "painter.json", PAINTER)
    write(tmp_path, ".hidden/junk.txt", "")
    write(tmp_path, "README.md", "")
    with pytest.raises(SkillError, match='the id "wall-painter" is taken'):
        read_skills(tmp_path)
    (tmp_path / "painter.json").unlink()
    assert [skill.id for skill in read_skills(tmp_path)] == ["b", "wall-painter", "zebra"]


def test_one_skill_may_be_named_by_folder_or_file(tmp_path: Path) -> None:
    file = write(tmp_path, "timer/skill.yaml", TIMER)
    assert read_skills(file) == read_skills(file.parent) == [read_skill(file)]


def test_problems_of_all_skills_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "a/skill.yaml", "intents: {A: []")
    write(tmp_path, "b/skill.yaml", b"intents: {A: [caf\xe9]}")
    write(tmp_path, "c/notes.txt", "")
    with pytest.raises(SkillError) as caught:
        read_skills(tmp_path)
    first, second, third = caught.value.problems
    assert "a/skill.yaml:2: did not find expected ',' or '}'; check" in first
    assert second.endswith("b/skill.yaml:1: not UTF-8; save the file as UTF-8")
    assert third.endswith("c: there is no skill.yaml in it; add one, or move the folder away")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SkillError, match="not found; check the path"):
        read_skills(tmp_path / "nowhere")


MCP = {"command": "uvx", "args": ["notes", "--quiet"], "env": ["NOTES_TOKEN"]}
REST = {"url": "https://x.example/v1", "headers": {"Authorization": "Bearer ${TOKEN}"}}


@pytest.mark.parametrize(("kind", "service"), [("mcp", MCP), ("openapi", REST)])
def test_services_are_read_and_written_as_they_were(
    kind: str, service: dict[str, object], tmp_path: Path
) -> None:
    doc = {"id": "notes", "intents": {"find": ["find"]}, "fulfilment": {kind: service}}
    skill = from_json(doc)
    assert skill.fulfilment.kind == kind
    assert to_json(skill)["fulfilment"] == {kind: service}
    assert read_skill(write_skill(skill, tmp_path / "notes")) == skill


@pytest.mark.parametrize(
    ("service", "told"),
    [
        ({"command": "uvx", "url": "https://x.example"}, "either a command or a url"),
        ({}, "either a command or a url"),
        ({"url": "x.example"}, "write an address such as"),
        ({"command": "uvx", "env": ["TOKEN=s3cret"]}, "the name of an environment variable"),
        ({"url": "https://x.example", "headers": {"X": "s3cret"}}, "name an environment variable"),
        ({"command": "uvx", "arguments": []}, 'did you mean "args"?'),
    ],
)
def test_a_service_that_cannot_be_reached_or_holds_a_secret_is_refused(
    service: dict[str, object], told: str
) -> None:
    doc = {"id": "notes", "intents": {"find": ["find"]}, "fulfilment": {"mcp": service}}
    with pytest.raises(SkillError, match=re.escape(told)):
        from_json(doc)
