"""Snips datasets in YAML and JSON, and Project Alice's dialog templates."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import SkillError
from sayso.formats.format import Imported
from sayso.formats.known import import_skills
from sayso.formats.snips.utterances import read_alice, read_chunks, read_marked
from sayso.skills import write_skill
from sayso.skills.folders import read_skill
from sayso.skills.templates import slot_names
from sayso.types.skills import Intent, Skill

PAGE = Path(__file__).parents[2] / "docs/import-snips.md"
YAML = """
# A dataset.
---
type: intent
name: pourDrink
slots:
  - name: drink
    entity: beverage
  - {name: cups, entity: snips/number}
utterances:
  - pour [cups](two) cups of [drink](warm milk)
  - "[drink]"
  - bring me [who:person] a [drink](tea)
  - no slots here
  - "[broken (x)"
---
type: entity
name: beverage
automatically_extensible: no
values:
  - tea
  - [coffee, black coffee, joe]
  - 7
"""
DATASET: dict[str, Any] = {
    "language": "de",
    "intents": {
        "gießen": {
            "utterances": [
                {"data": [{"text": "gieß "}, {"text": "Tee", "entity": "was", "slot_name": "was"}]},
                {"data": [{"text": "fang an"}]},
                {"data": [{"txt": "?"}]},
            ]
        }
    },
    "entities": {
        "was": {"data": [{"value": "Saft", "synonyms": ["Obstsaft"]}], "use_synonyms": True},
        "snips/number": {},
    },
}
ALICE: dict[str, Any] = {
    "skill": "PaintLamp",
    "description": "Paints a lamp.",
    "icon": "lamp",
    "slotTypes": [
        {
            "name": "Paint",
            "matchingStrictness": None,
            "values": [{"value": "red", "synonyms": ["crimson"]}, {"value": ""}],
        }
    ],
    "intents": [
        {
            "name": "Paint",
            "enabledByDefault": True,
            "utterances": [
                "paint it {green:=>Colour}",
                "make {Colour}",
                "paint * like *",
                "{x:=>Room}",
                "paint",
            ],
            "slots": [
                {
                    "name": "Colour",
                    "type": "Paint",
                    "required": True,
                    "missingQuestion": "Which colour?",
                },
                {"name": "Room", "type": "Room", "required": False, "missingQuestion": ""},
            ],
        }
    ],
}


def imported(folder: Path, name: str, content: str | dict[str, Any]) -> tuple[Skill, Imported]:
    place = folder / "bar" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    place.write_text(text, encoding="utf-8")
    kind, found = import_skills(folder / "bar")
    assert kind.name == "snips"
    assert found.accounting.adds_up, found.table()
    return found.skills[0], found


def kinds(intent: Intent) -> dict[str, str]:
    return {slot.name: slot.type for slot in intent.slots}


def values(skill: Skill) -> list[tuple[str, tuple[str, ...]]]:
    return [(x.value, tuple(x.synonyms)) for x in skill.languages[0].types[0].values]


def test_a_dataset_of_yaml_documents_is_one_skill(tmp_path: Path) -> None:
    skill, found = imported(tmp_path, "data/en/drinks.yaml", YAML)
    intent = skill.languages[0].intents[0]
    assert (skill.id, skill.locales, intent.name) == ("bar", ("en-US",), "pourDrink")
    assert intent.samples == (
        "pour {cups} cups of {drink}",
        "{drink}",
        "bring me {who} a {drink}",
        "no slots here",
    )
    free = "AMAZON.SearchQuery"
    assert kinds(intent) == {"drink": "beverage", "cups": "AMAZON.NUMBER", "who": free}
    assert intent.slots[1].extra["$"]["said"] == ["two"]
    reasons = {line.what: line.note for line in found.accounting.skipped}
    assert "marks no slot; delete it" in reasons["[broken (x)"]


def test_values_in_utterances_join_their_type(tmp_path: Path) -> None:
    skill, _ = imported(tmp_path, "drinks.yaml", YAML)
    known = [("tea", ()), ("coffee", ("black coffee", "joe")), ("7", ())]
    assert values(skill) == [*known, ("warm milk", ())]


def test_the_json_of_a_dataset_is_read_in_its_language(tmp_path: Path) -> None:
    skill, found = imported(tmp_path, "dataset.json", DATASET)
    intent = skill.languages[0].intents[0]
    assert skill.locales == ("de-DE",)
    assert intent.samples == ("gieß {was}", "fang an")
    assert values(skill) == [("Saft", ("Obstsaft",)), ("Tee", ())]
    assert any("a part without `text`" in line.note for line in found.accounting.skipped)


def test_alice_templates_bring_questions_and_required_slots(tmp_path: Path) -> None:
    doc = json.loads(json.dumps(ALICE))
    doc["intents"][0]["utterances"].remove("make {Colour}")
    imported(tmp_path, "dialogTemplate/fr.json", doc)
    skill, found = imported(tmp_path, "dialogTemplate/en.json", ALICE)
    intent = skill.languages[0].intents[0]
    assert (skill.id, skill.description) == ("PaintLamp", "Paints a lamp.")
    assert skill.locales == ("en-US", "fr-FR")
    assert intent.samples == ("paint it {Colour}", "paint {anything} like {anything_2}", "paint")
    colour = intent.slot("Colour")
    assert colour is not None
    assert (colour.type, colour.required, colour.ask) == ("Paint", True, ("Which colour?",))
    assert kinds(intent)["Room"] == "AMAZON.SearchQuery"
    assert values(skill) == [("red", ("crimson",)), ("green", ())]
    reasons = {line.what: line.note for line in found.accounting.skipped}
    assert "marks no slot" in reasons["make {Colour}"]
    assert ("", "a value without words") in {(x.what, x.note) for x in found.accounting.skipped}


def test_an_imported_dataset_is_written_and_read_again(tmp_path: Path) -> None:
    skill, _ = imported(tmp_path, "drinks.yaml", YAML)
    assert read_skill(write_skill(skill, tmp_path / skill.id)) == skill


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("type: intent\nutterances: [hi]", r"d.yaml:1: neither .* add them"),
        ("type: entity\nname: x\nvalues: a", r"d.yaml:3: `values` is a list"),
        ("type: intent\nname: x\nslots: [a]", r"d.yaml:3: a slot has a `name` and an `entity`"),
        ("---\ntype: intent\nname: x\n---\ntype: intent\nname: y\nslots: a", r"d.yaml:7: `slots`"),
        ("type: intent\nname: x\nutterances: []", r"no utterances; add some"),
        ("type: intent\nname: x\nutterances: {a: b}", r"d.yaml:3: `utterances` is a list"),
        (
            "type: intent\na: &a [x, x, x, x, x, x, x, x, x]\n"
            + "".join(
                f"{y}: &{y} [{', '.join([f'*{x}'] * 9)}]\n"
                for x, y in zip("abcdefgh", "bcdefghi", strict=True)
            ),
            r"more than .* parts",
        ),
    ],
)
def test_bad_datasets_are_refused_with_line_and_remedy(
    tmp_path: Path, text: str, problem: str
) -> None:
    (tmp_path / "d.yaml").write_text(text)
    with pytest.raises(SkillError, match=problem):
        import_skills(tmp_path)


@given(st.text(alphabet="ab []():{}=>*é", max_size=40))
def test_any_utterance_is_read_or_refused(text: str) -> None:
    for reader in (read_marked, read_alice, lambda x: read_chunks([{"text": x}])):
        try:
            given = reader(text)
        except ValueError:
            continue
        assert given.sample.strip()
        assert slot_names(given.sample) == tuple(each.slot for each in given.said)


def test_the_page_tells_what_an_import_gives(tmp_path: Path) -> None:
    blocks = re.findall(r"```(?:\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    skill, _ = imported(tmp_path, "lamp.yaml", blocks[0])
    write_skill(skill, tmp_path / "out")
    written = (tmp_path / "out/skill.yaml").read_text(encoding="utf-8").splitlines()
    # In this order: what is left out on the page are whole lines.
    rest = iter(written)
    assert [line for line in blocks[1].splitlines() if line not in rest] == []
