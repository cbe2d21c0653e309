"""An intent as a tool: what a client is told of its arguments, and what it may do."""

from __future__ import annotations

from sayso.server.mcp.tools import (
    callable_intents,
    description_of,
    input_schema,
    needs_yes,
    property_of,
)
from sayso.types.skills import Check, Intent, Language, Rule, Skill, Slot, SlotType, TypeValue

FREE = "AMAZON.SearchQuery"
COLOURS = SlotType("COLOUR", tuple(TypeValue(f"colour {n}") for n in range(7)))
FLAG = SlotType("yes_no", (TypeValue("true"), TypeValue("false")))
LANGUAGE = Language("en-US", "lamps", types=(COLOURS, FLAG))


def test_slots_are_properties_of_their_types() -> None:
    intent = Intent(
        "paint",
        slots=(
            Slot("wall", FREE, required=True, ask=("Which wall?",)),
            Slot("coats", "AMAZON.NUMBER", extra={"$": {"kind": "integer"}}),
            Slot("litres", "AMAZON.NUMBER"),
            Slot("day", "AMAZON.DATE", description="When to begin"),
            Slot("helpers", FREE, multiple=True),
            Slot("matt", "yes_no"),
        ),
    )
    assert input_schema(LANGUAGE, intent) == {
        "type": "object",
        "properties": {
            "wall": {"type": "string", "description": "Which wall?"},
            "coats": {"type": "integer"},
            "litres": {"type": "number"},
            "day": {"type": "string", "format": "date", "description": "When to begin"},
            "helpers": {"type": "array", "items": {"type": "string"}},
            "matt": {"type": "boolean"},
        },
        "required": ["wall"],
        "additionalProperties": False,
    }


def test_a_closed_catalogue_is_an_enumeration_and_an_open_one_is_told_in_part() -> None:
    closed = Slot("colour", "COLOUR", valid=(Rule(Check.KNOWN),))
    assert property_of(closed, LANGUAGE)["enum"] == [value.value for value in COLOURS.values]
    told = property_of(Slot("colour", "COLOUR"), LANGUAGE)
    assert told == {
        "type": "string",
        "description": "such as colour 0, colour 1, colour 2, colour 3, colour 4, …",
    }


def test_a_tool_is_described_by_its_developer_else_by_what_people_say() -> None:
    skill = Skill("lamps", "Lamps", description="Lights up.")
    told = Intent("on", ("light {room}", "light please"), description="Lights a  room.")
    assert description_of(skill, LANGUAGE, told) == "Lamps: Lights a room."
    silent = Intent("on", ("light {room}", "light please"))
    assert description_of(skill, LANGUAGE, silent) == 'Lamps: for requests such as "light please"'
    assert description_of(skill, LANGUAGE, Intent("on")) == "Lamps: Lights up."


def test_standard_intents_are_no_tools() -> None:
    language = Language("en-US", "x", intents=(Intent("on"), Intent("AMAZON.StopIntent")))
    assert [intent.name for intent in callable_intents(language)] == ["on"]


def test_a_yes_is_needed_where_the_skill_asks_or_doing_it_costs_dearly() -> None:
    intents = (Intent("a", confirm=("Sure?",)), Intent("b", side_effects=True), Intent("c"))
    skill = Skill("x", "X", languages=(Language("en-US", "x", intents=intents),))
    assert [needs_yes(skill, intent) for intent in intents] == [True, True, False]
