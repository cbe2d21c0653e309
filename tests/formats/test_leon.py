"""Leon's skills: config and nlu files of a language, entities, resolvers, the later skill.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import SkillError
from sayso.formats.grammar import count, sample
from sayso.formats.known import import_skills
from sayso.formats.leon.templates import read_template
from sayso.skills.restore import notes
from tests.formats.foreign import check_page, imported, only, put

PAINT: dict[str, Any] = {
    "$schema": "x.json",
    "variables": {"shop": "the corner shop"},
    "actions": {
        "paint": {
            "type": "dialog",
            "utterance_samples": [
                "[Paint|Coat] the @wall [now|]",
                "Write to a@b.example about {paint}",
                "@wall",
                "[broken",
                "Paint @litres litres",
            ],
            "entities": [
                {"type": "trim", "name": "wall", "conditions": [{"type": "between"}]},
                {"type": "regex", "name": "litres", "regex": "[0-9]+"},
            ],
            "slots": [
                {
                    "name": "mood",
                    "item": {"type": "skill_resolver", "name": "moods"},
                    "questions": ["In what mood?"],
                    "suggestions": ["Calm"],
                },
                {"name": "sure", "item": {"type": "global_resolver", "name": "affirmation_denial"}},
            ],
            "answers": [
                "Paint from %shop% for <b>{{ wall }}</b>.",
                "It takes {{ hours }} hours.",
                {"speech": "Done.", "text": "Done!"},
            ],
        },
        "shade": {"utterance_samples": ["A darker @colour", "@number shades darker"]},
        "wait": {"type": "logic", "loop": {"expected_item": {"type": "entity", "name": "number"}}},
    },
    "entities": {"colour": "shared/colours.json", "far": "elsewhere.json"},
    "resolvers": {
        "moods": {
            "intents": {
                "calm": {"utterance_samples": ["[Calm|Quiet]", "At ease"], "value": "c"},
                "wild": {"utterance_samples": ["Wild"]},
            }
        }
    },
    "answers": {"later": ["In %days% days."]},
}
COLOURS = {"options": {"red": {"synonyms": ["red", "crimson"], "data": {"hex": "#f00"}}}}
FILES: dict[str, Any] = {
    "skills/home/paint/skill.json": {"name": "Painter", "description": "Paints.", "version": "1"},
    "skills/home/paint/config/en.json": PAINT,
    "skills/home/paint/config/fr.json": {"actions": {"paint": {"utterance_samples": ["Peins"]}}},
    "shared/colours.json": COLOURS,
    "skills/home/paint/src/actions/paint.ts": "code",
}


def test_actions_become_intents_with_every_alternative(tmp_path: Path) -> None:
    skill = only(imported(put(tmp_path / "in", FILES), "leon"))
    assert (skill.id, skill.name, skill.description) == ("paint", "Painter", "Paints.")
    assert skill.locales == ("en-US", "fr-FR")
    paint = skill.languages[0].intent("paint")
    assert paint
    assert {*paint.samples[:4]} == {
        "Paint the {wall} now",
        "Paint the {wall}",
        "Coat the {wall} now",
        "Coat the {wall}",
    }
    assert paint.samples[4:] == (
        "Write to a@b.example about paint",
        "Paint {litres} litres",
    )
    assert notes(paint.extra)["leon"]["utterance_samples"][3] == "[broken"


def test_slots_ask_and_have_the_values_of_their_entity_or_resolver(tmp_path: Path) -> None:
    english = only(imported(put(tmp_path / "in", FILES), "leon")).languages[0]
    paint, shade = english.intents
    asked = {slot.name: (slot.type, slot.required, slot.ask) for slot in paint.slots}
    assert asked["mood"] == ("moods", True, ("In what mood?",))
    assert asked["wall"] == ("AMAZON.SearchQuery", False, ())
    assert asked["sure"][0] == "yes_no"
    assert {slot.name: slot.type for slot in shade.slots} == {
        "colour": "colour",
        "number": "AMAZON.NUMBER",
    }
    values = {
        kind.name: [(x.value, x.id, list(x.synonyms)) for x in kind.values]
        for kind in english.types
    }
    assert values["moods"] == [("Calm", "c", ["Quiet", "At ease"]), ("Wild", "wild", [])]
    assert values["colour"] == [("red", None, ["crimson"])]


def test_answers_that_nothing_computes_are_replies(tmp_path: Path) -> None:
    skill = only(imported(put(tmp_path / "in", FILES), "leon"))
    assert len(skill.fulfilment.replies["paint"]) == 2
    assert (
        "Paint from the corner shop for {{ slots.wall }}." in skill.fulfilment.replies["paint"][0]
    )


def test_what_is_not_used_is_named_with_its_reason(tmp_path: Path) -> None:
    found = imported(put(tmp_path / "in", FILES), "leon")
    why = {line.what: line.note for line in found.accounting.skipped}
    assert why["[broken"] == 'cannot be read: a "[" that nothing closes; add a "]"'
    assert why["@wall"] == "only free text: it would fit whatever is said"
    assert why["elsewhere.json"] == "an entity whose file is not here: its slot takes free text"
    assert why["It takes {{ hours }} hours."].startswith("an answer with words")
    assert why["In %days% days."] == "answers that the skill's code chooses among"
    assert why["number"] == "what a running action waits for; Sayso asks for slots"
    assert found.unused == {"skills/home/paint/src/actions/paint.ts": "nothing that people say"}


def test_a_later_skill_is_made_of_its_descriptions(tmp_path: Path) -> None:
    files = {
        "tea_skill/skill.json": {
            "name": "Tea",
            "actions": {
                "brew": {
                    "type": "logic",
                    "description": "Leon brews a pot of tea.",
                    "parameters": {"cups": {"type": "number"}, "hot": {"type": "boolean"}},
                },
                "pour": {"type": "logic"},
            },
        },
        "tea_skill/locales/en.json": {"actions": {"brew": {"answers": {"ok": ["It draws."]}}}},
    }
    skill = only(imported(put(tmp_path / "in", files), "leon"))
    (brew,) = skill.languages[0].intents
    assert skill.id == "tea"
    assert brew.samples[0] == "brew with cups {cups} with hot {hot}"
    assert skill.fulfilment.replies == {"brew": ("It draws.",)}


def test_the_older_folder_and_a_file_alone_are_found_out(tmp_path: Path) -> None:
    put(tmp_path, {"dice/nlu/en.json": {"actions": {"roll": {"utterance_samples": ["roll"]}}}})
    assert only(imported(tmp_path / "dice", "leon")).id == "dice"
    assert only(imported(tmp_path / "dice/nlu/en.json", "leon")).languages[0].locale == "en-US"


def test_a_file_without_utterances_says_what_to_do(tmp_path: Path) -> None:
    put(tmp_path, {"config/en.json": {"actions": {"x": {"type": "logic"}}}})
    with pytest.raises(SkillError, match="no action with utterance_samples; add some"):
        import_skills(tmp_path)


def test_the_page_tells_what_an_import_gives(tmp_path: Path) -> None:
    check_page("leon", tmp_path)


def test_a_template_of_a_billion_sentences_is_sampled(tmp_path: Path) -> None:
    text = "say " + "[a|b|c|d|e|f|g|h]" * 11
    assert count(read_template(text), {}) > 10**9
    file = {"actions": {"say": {"utterance_samples": [text]}}}
    skill = only(imported(put(tmp_path / "in", {"config/en.json": file}), "leon"))
    assert len(skill.languages[0].intents[0].samples) <= 24


@given(st.text("[]|@a. {}", max_size=60))
def test_any_utterance_is_read_or_refused(text: str) -> None:
    try:
        tree = read_template(text)
    except ValueError:
        assert "[" in text or "]" in text
    else:
        assert text.count("[") == text.count("]")
        assert not any(mark in sentence for sentence in sample(tree, {}) for mark in "[]")


@given(
    st.recursive(
        st.sampled_from(["a", None, 3, ""]), lambda x: st.lists(x, max_size=3), max_leaves=5
    )
)
def test_anything_in_the_place_of_an_action(junk: Any) -> None:
    import tempfile

    doc = {"actions": {"a": junk, "b": {"utterance_samples": ["hello"], "slots": junk}}}
    with tempfile.TemporaryDirectory() as folder:
        put(Path(folder), {"config/en.json": json.dumps(doc)})
        _, found = import_skills(Path(folder), "leon")
        assert found.accounting.adds_up
