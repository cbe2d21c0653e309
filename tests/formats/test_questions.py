"""The question for an argument, made of what its schema says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.formats.questions import MOST_WORDS, question
from tests.formats.foreign import imported, only, put

# As servers of tools write them: name, its JSON schema, and how it is asked for.
ARGUMENTS: list[tuple[str, dict[str, Any], str]] = [
    ("day", {"format": "date", "description": "Day on which ..."}, "Which day?"),
    (
        "departure_date",
        {"format": "date", "description": "Day on which the train leaves"},
        "On which day does the train leave?",
    ),
    (
        "from_station",
        {"description": "Station where the journey starts"},
        "At which station does the journey start?",
    ),
    ("city", {"description": "City to search in."}, "Which city should I search in?"),
    ("city", {"description": "The city"}, "Which city?"),
    ("city", {}, "Which city?"),
    (
        "party_size",
        {"type": "integer", "description": "Number of people at the table."},
        "How many people at the table?",
    ),
    (
        "issue_number",
        {"type": "integer", "description": "The number of the issue"},
        "What is the number of the issue?",
    ),
    (
        "price_level",
        {
            "enum": ["CHEAP", "MODERATE", "EXPENSIVE"],
            "description": "How expensive the restaurant is",
        },
        "How expensive is the restaurant: cheap, moderate or expensive?",
    ),
    (
        "account",
        {"enum": ["checking", "savings"], "description": "Account that is debited"},
        "Which account is debited: checking or savings?",
    ),
    ("cuisine", {"description": "Kind of food, such as Thai"}, "What kind of food, such as Thai?"),
    (
        "state",
        {"enum": ["open", "closed"], "description": "Filter by state"},
        "Which state: open or closed?",
    ),
    ("q", {"description": "What to search for"}, "What should I search for?"),
    ("topic", {"description": "What the books are about."}, "What are the books about?"),
    ("reason", {"description": "Why the order is cancelled"}, "Why is the order cancelled?"),
    ("message", {"description": "The message to send"}, "Which message should I send?"),
    ("contact", {"description": "Person to call"}, "Which person should I call?"),
    ("tags", {"description": "List of tags to attach"}, "Which tags should I attach?"),
    (
        "start_date",
        {"format": "date", "description": "Start date in ISO 8601 format (YYYY-MM-DD)"},
        "Which start date?",
    ),
    (
        "owner",
        {"description": "Repository owner (username or organization)"},
        "What is the repository owner?",
    ),
    (
        "timezone",
        {"description": "IANA timezone name (e.g. 'Europe/London'). Use the user's if unknown."},
        "What is the IANA timezone name?",
    ),
    (
        "street",
        {"description": "Street address of the destination. Must be in the US."},
        "What is the street address of the destination?",
    ),
    (
        "recipient",
        {"description": "Name of the person who receives the money"},
        "What is the name of the person who receives the money?",
    ),
    ("room", {"description": "Room the lamp is in"}, "Which room is the lamp in?"),
    (
        "has_motor",
        {"type": "boolean", "description": "Whether the boat has a motor"},
        "Please say whether the boat has a motor.",
    ),
    (
        "dry_run",
        {"type": "boolean", "description": "Whether or not to only simulate"},
        "Should I only simulate?",
    ),
    (
        "include_alerts",
        {"type": "boolean", "description": "If true, alerts are part of the result"},
        "Should I include alerts?",
    ),
    ("zip_code", {}, "What is the zip code?"),
    ("stadt", {"description": "Die Stadt, in der gesucht wird"}, "What is the stadt?"),
]


@pytest.mark.parametrize(("name", "schema", "asked"), ARGUMENTS)
def test_an_argument_is_asked_for_in_a_few_natural_words(
    tmp_path: Path, name: str, schema: dict[str, Any], asked: str
) -> None:
    written = {"type": "object", "properties": {name: {"type": "string", **schema}}}
    tool = {"name": "do_it", "inputSchema": {**written, "required": [name]}}
    found = only(imported(put(tmp_path / "desk", {"desk.json": {"tools": [tool]}}), "mcp"))
    (slot,) = found.languages[0].intents[0].slots
    assert slot.ask == (asked,)
    assert json.dumps(asked).isascii()


def test_what_may_be_left_out_is_not_asked_for(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"city": {"description": "City to search in"}}}
    tool = {"name": "do_it", "inputSchema": schema}
    found = only(imported(put(tmp_path / "desk", {"desk.json": {"tools": [tool]}}), "mcp"))
    assert [slot.ask for slot in found.languages[0].intents[0].slots] == [()]


def test_few_choices_are_named_and_many_are_not() -> None:
    assert question("size", "Size of the pizza", ("small", "large")).endswith("small or large?")
    colors = ("red", "green", "blue", "white", "black")
    assert question("color", "Color of the light", colors) == "What is the color of the light?"


def test_choices_are_not_said_twice() -> None:
    asked = question("state", "Either open or closed", ("open", "closed"))
    assert asked == "Which state: open or closed?"


def test_a_long_description_leaves_its_beginning_or_the_name() -> None:
    long = "Identifier of the workspace, which was returned by the call before " + "and so on " * 9
    assert question("workspace", long) == "What is the identifier of the workspace?"
    assert question("workspace", "words " * 40) == "What is the workspace?"


def test_what_has_no_words_is_not_asked_for() -> None:
    assert question("p", "") == ""
    assert question("7", "...") == ""


@given(st.text(max_size=20), st.text(max_size=200), st.lists(st.text(max_size=9), max_size=4))
def test_no_description_breaks_it(name: str, description: str, choices: list[str]) -> None:
    asked = question(name, description, choices)
    assert len(asked.split(":", maxsplit=1)[0].split()) <= MOST_WORDS + 20
    assert not asked or asked[-1] in "?."
