"""MCP lists of tools and client configurations become skills; hints are hints, secrets stay out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.errors import SkillError
from sayso.formats.catalogues import Types
from sayso.formats.foreign import Marks
from sayso.formats.known import import_skills
from sayso.formats.parameters import MOST_SLOTS, Parameters
from sayso.formats.refs import Refs
from sayso.formats.shapes import MOST_LOOKS
from sayso.skills.restore import OURS
from sayso.types.skills import Intent, Skill, Slot
from tests.formats.foreign import check_page, imported, only, put


def tool(name: str, description: str = "", **more: Any) -> dict[str, Any]:
    properties = more.pop("properties", {})
    schema = {"type": "object", "properties": properties, "required": more.pop("required", [])}
    return {
        "name": name,
        "description": description,
        "inputSchema": schema | more.pop("and_", {}),
        **more,
    }


def skill_of(tmp_path: Path, *tools: Any) -> Skill:
    return only(imported(put(tmp_path / "desk", {"desk.json": {"tools": tools}}), "mcp"))


def intent_of(tmp_path: Path, *tools: Any) -> Intent:
    return skill_of(tmp_path, *tools).languages[0].intents[0]


def slots_of(schema: Any) -> list[Slot]:
    marks = Marks(schema)
    parameters = Parameters(Refs(marks.root), Types())
    parameters.add_object(marks.root, "")
    assert marks.close().adds_up
    return parameters.slots


FORECAST = tool(
    "get_forecast",
    "Returns the weather forecast for a city. Data by the hour.",
    title="Weather forecast",
    properties={
        "days": {"type": "integer", "minimum": 1},
        "city": {"type": "string", "description": "City, such as Porto"},
        "unit": {"enum": ["CELSIUS", "degrees_fahrenheit"], "default": "CELSIUS"},
        "alerts": {"type": "boolean"},
        "options": {"type": "object", "properties": {"from": {"type": "string", "format": "date"}}},
    },
    required=["city", "unit"],
)


def test_a_server_becomes_a_skill_and_a_tool_an_intent(tmp_path: Path) -> None:
    page = {
        "serverInfo": {"name": "sky", "title": "Sky Desk"},
        "tools": [FORECAST],
        "nextCursor": "2",
    }
    found = imported(put(tmp_path / "sky", {"sky.json": page, "notes.txt": "n"}), "mcp")
    skill = only(found)
    assert (skill.id, skill.name, skill.locales) == ("sky", "Sky Desk", ("en-US",))
    assert [intent.name for intent in skill.languages[0].intents] == ["get_forecast"]
    assert found.unused == {"notes.txt": "no tools of a server"}
    assert "further pages" in " ".join(line.note for line in found.accounting.skipped)


def test_properties_become_slots_what_is_required_first(tmp_path: Path) -> None:
    skill = skill_of(tmp_path, FORECAST)
    slots = {slot.name: slot for slot in skill.languages[0].intents[0].slots}
    assert {name: (slot.type, slot.required) for name, slot in slots.items()} == {
        "city": ("AMAZON.City", True),
        "unit": ("unit", False),
        "days": ("AMAZON.NUMBER", False),
        "alerts": ("yes_no", False),
        "from": ("AMAZON.DATE", False),
    }
    assert slots["city"].ask == ("Which city, such as Porto?",)
    assert slots["from"].extra[OURS]["argument"] == ["options", "from"]
    unit = skill.languages[0].type("unit")
    assert unit is not None
    assert [(x.value, x.synonyms) for x in unit.values] == [
        ("CELSIUS", ()),
        ("degrees_fahrenheit", ("degrees fahrenheit",)),
    ]


def test_samples_are_made_of_a_developers_words_and_the_account_says_so(tmp_path: Path) -> None:
    found = imported(put(tmp_path / "sky", {"sky.json": {"tools": [FORECAST]}}), "mcp")
    samples = only(found).languages[0].intents[0].samples
    assert "get the weather forecast for {city}" in samples
    assert "show me the weather forecast for {city}" in samples
    assert "weather forecast in {city}" in samples
    assert "get forecast" in samples
    made = [line for line in found.accounting.mapped if line.note.startswith("sample made of it")]
    assert len(made) == 3


def test_hints_count_where_they_ask_for_care(tmp_path: Path) -> None:
    def harm(name: str, **hints: bool) -> tuple[bool, bool]:
        intent = intent_of(tmp_path, tool(name, annotations=hints))
        return intent.side_effects, bool(intent.confirm)

    assert harm("get_notes") == (False, False)
    assert harm("get_notes", readOnlyHint=False) == (True, False)
    assert harm("add_note") == (True, False)
    assert harm("note_stats", readOnlyHint=True) == (False, False)
    assert harm("get_notes", destructiveHint=True) == (True, True)
    assert harm("delete_note") == (True, True)
    assert harm("delete_note", destructiveHint=False) == (True, True)
    assert harm("delete_note", readOnlyHint=True) == (True, True)


def test_a_question_stands_before_what_cannot_be_undone(tmp_path: Path) -> None:
    intent = intent_of(tmp_path, tool("delete_note", "Deletes a note for good."))
    assert intent.confirm == ("Shall I do this: delete a note for good?",)


def test_a_configuration_brings_the_connection_and_no_secrets(tmp_path: Path) -> None:
    config = {
        "mcpServers": {
            "Sky": {"command": "sky-server", "args": ["--quiet"], "env": {"SKY_KEY": "s3cret"}},
            "mute": {"url": "https://mute.example/mcp?key=s3cret", "odd": "s3cret"},
        }
    }
    files = {"claude.json": config, "sky.json": {"result": {"tools": [FORECAST]}, "id": 1}}
    found = imported(put(tmp_path / "home", files), "mcp")
    skill = only(found)
    assert skill.extra == {"mcp": {"server": "Sky", "command": "sky-server", "args": ["--quiet"]}}
    assert "s3cret" not in repr(found)


def test_a_configuration_alone_says_what_is_missing(tmp_path: Path) -> None:
    config = {"servers": {"sky": {"url": "https://sky.example/mcp"}}}
    with pytest.raises(SkillError, match=r"\(sky\) names no tools; save .* as <server>.json"):
        import_skills(put(tmp_path / "home", {"mcp.json": config}))


def test_pages_and_bare_lists_of_a_single_file_are_read(tmp_path: Path) -> None:
    pages = [{"tools": [tool("one")]}, {"tools": [tool("two"), tool("two"), {"name": "three"}]}]
    for name, data, expected in (
        ("pages.json", pages, ["one", "two"]),
        ("bare.json", [tool("天気"), tool("a/b")], ["bc79d84d", "a.b"]),
    ):
        path = put(tmp_path, {name: data}) / name
        kind, found = import_skills(path)
        assert kind.name == "mcp"
        assert found.accounting.adds_up
        names = [intent.name for intent in only(found).languages[0].intents]
        assert names == expected


def test_references_stay_in_the_schema_and_end_where_they_close() -> None:
    schema = {
        "properties": {
            "who": {"$ref": "#/$defs/person"},
            "far": {"$ref": "https://elsewhere.example/x.json"},
            "gone": {"$ref": "#/$defs/none"},
            "loop": {"$ref": "#/$defs/loop"},
        },
        "$defs": {
            "person": {
                "type": "object",
                "properties": {
                    "name": {"type": ["string", "null"]},
                    "boss": {"$ref": "#/$defs/person"},
                },
            },
            "loop": {"$ref": "#/$defs/loop"},
        },
    }
    assert [slot.name for slot in slots_of(schema)] == ["name"]


def test_schemas_that_multiply_are_bounded() -> None:
    laughs: dict[str, Any] = {"d0": {"properties": {"ha": {"type": "string"}}}}
    for n in range(1, 40):
        laughs[f"d{n}"] = {"allOf": [{"$ref": f"#/$defs/d{n - 1}"}] * 10}
    slots = slots_of({"$defs": laughs, "allOf": [{"$ref": "#/$defs/d39"}]})
    assert len(slots) <= MOST_SLOTS < MOST_LOOKS
    wide = {f"p{n}": {"type": "string"} for n in range(100)}
    assert len(slots_of({"properties": wide})) == MOST_SLOTS


def test_a_slot_of_the_same_name_is_told_apart() -> None:
    place = {"type": "object", "properties": {"name": {"type": "string"}}}
    slots = slots_of({"properties": {"from": place, "to": place}})
    assert [slot.name for slot in slots] == ["name", "to_name"]


KEYS = ["type", "properties", "items", "enum", "allOf", "oneOf", "$ref", "required", "const", "a"]
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from(
    ["object", "array", "string", "boolean", "#", "#/properties/a", "#/allOf/0", "a"]
)  # fmt: skip
SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(SCHEMAS)
def test_any_schema_is_read_or_skipped(schema: Any) -> None:
    assert len(slots_of(schema)) <= MOST_SLOTS


def test_the_page_about_it_shows_what_is_done(tmp_path: Path) -> None:
    check_page("mcp", tmp_path)


def test_a_thousand_tools_take_a_moment(tmp_path: Path) -> None:
    tools = [
        json.loads(json.dumps(FORECAST).replace("forecast", f"report{n}")) for n in range(1000)
    ]
    skill = skill_of(tmp_path, *tools)
    assert len(skill.languages[0].intents) == 1000
