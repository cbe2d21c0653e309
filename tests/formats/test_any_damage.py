"""A file with anything in the place of something: read, every line accounted for, or refused."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.errors import SkillError
from sayso.formats.known import import_skills
from sayso.skills.document import from_json
from sayso.skills.written import to_json

HOME: dict[str, Any] = {
    "language": "en",
    "intents": {
        "Glow": {
            "data": [
                {
                    "sentences": ["glow {tone:shade} <softly>", "{0..9:level}"],
                    "slots": {"domain": "light"},
                    "expansion_rules": {"softly": "[very] softly"},
                    "lists": {"tone": {"values": ["red", {"in": "blue", "out": 3}]}},
                    "response": "done",
                }
            ]
        },
        "Dim": {"data": [{"sentences": ["dim"]}], "description": "Dims."},
    },
    "lists": {"level": {"range": {"from": 0, "to": 9}}, "word": {"wildcard": True}},
    "expansion_rules": {"softly": "softly"},
    "skip_words": ["please"],
    "responses": {"intents": {"Glow": {"done": "Done {{ slots.shade }}."}}, "errors": {"a": "b"}},
}
NAMES: dict[str, Any] = {"areas": [{"name": "Attic", "id": "a"}], "entities": [{"name": "Joe"}]}
ABOUT: dict[str, Any] = {
    "skill_id": "glow.me",
    "name": "Glow",
    "examples": ["glow"],
    "tags": ["light"],
}
DATASET: dict[str, Any] = {
    "language": "en",
    "intents": {"glow": {"utterances": [{"data": [{"text": "glow"}, {"text": "red", "entity": "c",
     "slot_name": "c"}]}, {"data": [{"text": "shine"}]}]}, "dim": {"utterances": []}},
    "entities": {"c": {"data": [{"value": "red", "synonyms": ["ruby"]}], "use_synonyms": True}},
}  # fmt: skip
ALICE: dict[str, Any] = {
    "skill": "Glow",
    "description": "Glows.",
    "slotTypes": [{"name": "C", "values": [{"value": "red", "synonyms": ["ruby"]}]}],
    "intents": [
        {
            "name": "Glow",
            "utterances": ["glow {red:=>C}", "shine"],
            "slots": [{"name": "C", "type": "C", "required": True, "missingQuestion": "Which?"}],
        }
    ],
}
INTENT: dict[str, Any] = {
    "type": "intent",
    "name": "glow",
    "slots": [{"name": "c", "entity": "c"}],
    "utterances": ["glow [c](red)", "shine"],
}
ENTITY: dict[str, Any] = {"type": "entity", "name": "c", "values": ["red", ["blue", "navy"]]}
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, 0, True, 1.5, "", " ", "{", "a {b} [c", "x: y", [], {}, [[]], [None], {"a": None}),
        *({"name": 3}, {"in": []}, [{"name": "x"}], {"x": {"y": ["z"]}}, "\u2028", "é" * 50),
    ]
)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    pairs = node.items() if isinstance(node, dict) else ()
    for key, child in enumerate(node) if isinstance(node, list) else pairs:
        yield from places(child, (*path, key))


def damaged(node: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[path[0]] = damaged(copy[path[0]], path[1:], junk)
    return copy


def check(format: str, files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in files.items():
            place = Path(scratch) / "in" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        try:
            _, found = import_skills(Path(scratch) / "in", format)
        except SkillError:
            return
        for name, account in found.accounts.items():
            assert account.adds_up, (name, account.table())
        assert {*found.accounts, *found.unused} == set(files)
        for skill in found.skills:
            assert from_json(to_json(skill)) == replace(skill, folder=None)


BASES = {
    "names": ("home-assistant", NAMES),
    "home": ("home-assistant", HOME),
    "about": ("ovos", ABOUT),
    "dataset": ("snips", DATASET),
    "alice": ("snips", ALICE),
    "intent": ("snips", INTENT),
    "entity": ("snips", ENTITY),
}


def laid(base: str, doc: Any) -> dict[str, str]:
    """The files of a format, one of them damaged. JSON is YAML too."""
    text = json.dumps(doc)
    return {
        "names": {"custom_sentences/en/x.yaml": json.dumps(HOME), "tests/en/_fixtures.yaml": text},
        "home": {"custom_sentences/en/x.yaml": text},
        "about": {"locale/en-us/glow.intent": "glow", "locale/en-us/skill.json": text},
        "dataset": {"d.json": text},
        "alice": {"dialogTemplate/en.json": text},
        "intent": {"d.yaml": f"type: entity\nname: c\nvalues: [red]\n---\n{text}\n"},
        "entity": {"d.yaml": f"type: intent\nname: g\nutterances: [g]\n---\n{text}\n"},
    }[base]


@pytest.mark.parametrize("base", BASES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_anything_in_the_place_of_something(base: str, data: st.DataObject) -> None:
    format, doc = BASES[base]
    if format == "home-assistant":
        pytest.importorskip("hassil")
    path = data.draw(st.sampled_from(list(places(doc))))
    check(format, laid(base, damaged(doc, path, data.draw(JUNK))))
