"""Rasa's test conversations and held-out examples become test sets; JSON of Rasa 1 is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sayso.errors import SkillError
from sayso.formats.known import import_skills
from tests.formats.foreign import imported, only, put

NLU = """\
nlu:
- intent: fly
  examples: |
    - fly to [Rome](city)
    - fly from [Oslo]{"entity": "city", "role": "from"}
- intent: faq/hours
  examples: |
    - when are you open?
"""
STORIES = """\
stories:
- story: a person flies
  steps:
  - user: |
      I fly from [Bergen]{"entity": "city", "role": "from"} to [Nice](city)
    intent: fly
  - action: utter_done
  - user: /faq
    intent: faq
  - user: open?
    intent: faq/hours
  - user: hello
    intent: nobody
- story: no test
  steps: [{intent: fly}, {action: utter_done}]
"""
FLY = {
    "text": "I fly from Bergen to Nice",
    "intent": "fly",
    "slots": {"city_from": "Bergen", "city": "Nice"},
    "skill": "in",
    "locale": "en-US",
}
HOURS = {"text": "open?", "intent": "faq.hours", "slots": {}, "skill": "in", "locale": "en-US"}


def test_conversations_for_tests_become_rows(tmp_path: Path) -> None:
    found = imported(
        put(tmp_path / "in", {"data/nlu.yml": NLU, "tests/test_stories.yml": STORIES}), "rasa"
    )
    assert found.tests == {"in": {"test_stories": [FLY, HOURS]}}
    mapped = [x.what for x in found.accounting.mapped if x.note == "rows of a test set"]
    assert {"fly", "open?", "faq/hours"} < {*mapped}
    assert len(mapped) == 4
    skipped = {x.what for x in found.accounting.skipped if x.note == "a test conversation"}
    assert {"/faq", "hello", "nobody"} <= skipped


def test_conversations_of_rasa_1_become_rows(tmp_path: Path) -> None:
    told = "## a flight\n* fly: to [Nice](city) please\n  - utter_done\n* faq/hours: open?\n"
    files = {"data/nlu.yml": NLU, "tests/conversation_tests.md": told}
    found = imported(put(tmp_path / "in", files), "rasa")
    rows = found.tests["in"]["conversation_tests"]
    assert [(row["text"], row["intent"], row["slots"]) for row in rows] == [
        ("to Nice please", "fly", {"city": "Nice"}),
        ("open?", "faq.hours", {}),
    ]
    assert [x.what for x in found.accounting.skipped] == ["## a flight", "- utter_done"]


def test_examples_kept_for_tests_are_not_learnt(tmp_path: Path) -> None:
    held = "nlu:\n- intent: fly\n  examples: |\n    - a flight to [Kiel](city)\n"
    held += "- synonym: Rome\n  examples: |\n    - Roma\n"
    files = {"train_test_split/training_data.yml": NLU, "train_test_split/test_data.yml": held}
    found = imported(put(tmp_path / "in", files), "rasa")
    (row,) = found.tests["in"]["test_data"]
    assert (row["text"], row["slots"]) == ("a flight to Kiel", {"city": "Kiel"})
    fly = only(found).languages[0].intent("fly")
    assert fly
    assert fly.samples == ("fly to {city}", "fly from {city_from}")
    why = {x.what: x.note for x in found.accounting.skipped}
    assert why["Roma"] == "in a file of tests, but no test of an intent"


def test_a_project_that_lies_in_a_folder_of_tests_is_no_test(tmp_path: Path) -> None:
    found = imported(put(tmp_path / "in", {"tests/bot/data/nlu.yml": NLU}), "rasa")
    assert len(only(found).languages[0].intents) == 2
    assert found.tests == {}


JSON: dict[str, Any] = {
    "rasa_nlu_data": {
        "common_examples": [
            {
                "text": "fly to Rome now",
                "intent": "fly",
                "entities": [{"start": 7, "end": 11, "value": "rome", "entity": "city"}],
            },
            {"text": "stop", "intent": "stop", "entities": [], "id": 7},
            {"text": "lost", "intent": ""},
            {"text": "x", "intent": "fly", "entities": [{"start": 0, "end": 9, "entity": "city"}]},
            {"text": "a [b](c)", "intent": "fly"},
        ],
        "entity_synonyms": [{"value": "rome", "synonyms": ["Roma", 3]}],
        "lookup_tables": [
            {"name": "city", "elements": ["Oslo"]},
            {"name": "d", "elements": "d.txt"},
        ],
        "regex_features": [{"name": "zip", "pattern": "[0-9]{5}"}],
        "other": [1],
    },
    "note": "x",
}


def test_training_data_in_json_is_read(tmp_path: Path) -> None:
    found = imported(put(tmp_path / "in", {"data.json": JSON}), "rasa")
    (language,) = only(found).languages
    assert {x.name: x.samples for x in language.intents} == {
        "fly": ("fly to {city} now",),
        "stop": ("stop",),
    }
    (city,) = (kind for kind in language.types if kind.name == "city")
    assert {value.value: {*value.synonyms} for value in city.values} == {
        "rome": {"Rome", "Roma"},
        "Oslo": set(),
    }
    why = {x.what: x.note for x in found.accounting.skipped}
    assert why["lost"] == "an example without text or intent"
    assert why["x"] in ("an entity that does not lie in the text", "note: not used")
    assert why["a [b](c)"].startswith("brackets that cannot be told from annotations")
    assert why["d.txt"] == "a file, or not used"
    assert why["[0-9]{5}"] == "a regex; kept for export"


def test_a_json_file_of_another_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SkillError, match=r'data.json:1: "rasa_nlu_data" is no object'):
        import_skills(put(tmp_path, {"data.json": '{"rasa_nlu_data": 3}'}))


@pytest.mark.parametrize("name", ["domain.yml", "data/rules.yaml", "data/more/x.yml"])
def test_a_file_that_nobody_can_read_is_not_left_out(name: str, tmp_path: Path) -> None:
    files = {"data/nlu.yml": NLU, name: "a: [b\n"}
    with pytest.raises(SkillError, match=rf"{name}:2: .*; mend the YAML"):
        import_skills(put(tmp_path, files))


RASA_1 = {
    "domain.yml": "intents: [fly]\nforms:\n- fly_form\ntemplates:\n  utter_booked: [{text: Up!}]\n",
    "data/nlu.md": "## intent:fly\n- fly <!-- away --> now\n\n## intent:faq/hours\n- when?\n",
    "data/stories.md": (
        "## a flight\n> greeted\n* fly\n  - fly_form\n"
        '  - form{"name": "fly_form"}\n  - form{"name": null}\n  - utter_booked\n'
    ),
    "data/responses.md": (
        "## hours\n* faq/hours\n  - From nine.\n  - Until five.\n* faq/x\n  - Y.\n"
    ),
}


def test_rasa_1_in_markdown_is_read_with_its_forms_and_responses(tmp_path: Path) -> None:
    found = imported(put(tmp_path / "in", RASA_1), "rasa")
    skill = only(found)
    assert skill.languages[0].intents[0].samples == ("fly now",)
    assert skill.fulfilment.replies == {
        "fly": ("Up!",),
        "faq.hours": ("From nine.", "Until five."),
    }
    why = {line.what: line.note for line in found.accounting.skipped}
    assert why["- Y."] == "a response that belongs to no intent or slot"
    assert why["## hours"] == "a heading"
    assert "fly_form" not in why
    assert not found.unused
