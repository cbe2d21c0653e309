"""Every built-in type that real skills use is read somehow, as docs/values.md says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sayso.skills.builtin_types import builtin_name
from sayso.understanding.builtin import Reading, reading, spans, value

NOW = datetime(2026, 11, 18, 15, 20, tzinfo=UTC)
DOCS = Path(__file__).parents[3] / "docs" / "values.md"
# The names found in 471 published interaction models, most used first. The last four are how early
# models, and one with another case, write names.
SEEN = {
    Reading.GRAMMAR: "NUMBER DATE TIME FOUR_DIGIT_NUMBER DURATION PhoneNumber Ordinal",
    Reading.LIST: "Color US_STATE Month DayOfWeek",
    Reading.OPEN: (
        "FirstName US_FIRST_NAME Person US_CITY City Movie GB_FIRST_NAME Food Animal StreetName "
        "PostalAddress Sport FictionalCharacter TVSeries GB_CITY ProfessionalType Professional "
        "Country EUROPE_CITY VideoGame EventType StreetAddress Genre Region Corporation "
        "MovieTheater MusicCreativeWork MusicAlbum LocalBusiness DE_FIRST_NAME "
        "MusicCreativeWorkType"
    ),
    Reading.TEXT: "SearchQuery LITERAL",
}
NAMES = [(f"AMAZON.{name}", how) for how, names in SEEN.items() for name in names.split()]


@pytest.mark.parametrize(("name", "how"), [*NAMES, ("AMAZON.Number", Reading.GRAMMAR)])
def test_a_type_that_real_skills_use_is_read_somehow(name: str, how: Reading) -> None:
    assert reading(name, "en-US") is how


def test_the_docs_say_of_each_type_how_it_is_read() -> None:
    rows = dict(re.findall(r"^\| `(AMAZON\.\w+)` \| ([a-z ]+) \|", DOCS.read_text("utf-8"), re.M))
    assert {name: how for name, how in rows.items() if name in dict(NAMES)} == {
        name: str(how) for name, how in NAMES
    }
    assert {name: str(reading(name, "en-US")) for name in rows} == rows


@pytest.mark.parametrize("name", ["NUMBER", "DATE", "LITERAL"])
def test_early_models_leave_the_prefix_out(name: str) -> None:
    assert builtin_name(name) == f"AMAZON.{name}"


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("AMAZON.FOUR_DIGIT", Reading.GRAMMAR),
        ("AMAZON.BIRTH_DATE", Reading.GRAMMAR),
        ("AMAZON.IT_CITY", Reading.OPEN),
        ("AMAZON.Colour", Reading.LIST),
        ("AMAZON.BrandNewThing", Reading.TEXT),
    ],
)
def test_an_unknown_type_is_read_as_the_one_its_name_ends_with(name: str, how: Reading) -> None:
    assert reading(name, "en-GB") is how


def test_without_a_grammar_or_a_full_list_any_words_are_a_value() -> None:
    assert reading("AMAZON.Month", "de-DE") is Reading.OPEN
    assert value("AMAZON.Month", "januar", now=NOW, locale="de-DE") == "januar"
    assert value("AMAZON.Color", "dunkelrot", now=NOW, locale="de-DE") == "dunkelrot"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Color", "it's a dark red one, or Navy Blue", [
            ("dark red", "dark red"),
            ("Navy Blue", "navy blue"),
        ]),
        ("Month", "from jan. to March", [("jan", "January"), ("March", "March")]),
        ("Country", "tell us about the UK and Trinidad and Tobago", [
            ("UK", "United Kingdom"),
            ("Trinidad and Tobago", "Trinidad and Tobago"),
        ]),
        ("DayOfWeek", "the sun is out on thursdays", [("thursdays", "Thursday")]),
        ("Country", "", []),
        ("City", "from paris to rome", []),
    ],
)  # fmt: skip
def test_values_of_full_lists_are_found_within_a_sentence(
    name: str, text: str, expected: list[tuple[str, str]]
) -> None:
    found = spans(f"AMAZON.{name}", text, now=NOW, locale="en-US")
    assert [(text[start:end], said) for start, end, said in found] == expected
