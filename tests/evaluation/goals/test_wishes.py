"""Values that simulated people want: said in many ways, meant in one."""

from __future__ import annotations

from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest

from sayso.evaluation.goals.wishes import Draw, spelled, wish
from sayso.types.skills import Language, Slot, SlotType, TypeValue
from sayso.understanding import builtin

NOW = datetime(2026, 11, 18, 17, 40, tzinfo=ZoneInfo("Europe/Berlin"))  # a Wednesday
ROOMS = SlotType("ROOM", (TypeValue("living room", synonyms=("lounge",)), TypeValue("hall")))
LANGUAGE = Language("en-US", types=(ROOMS,))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (40, "forty"),
        (57, "fifty seven"),
        (300, "three hundred"),
        (999, "nine hundred ninety nine"),
    ],
)
def test_numbers_are_spelled_as_a_recogniser_writes_them(number: int, words: str) -> None:
    assert spelled(number) == words


@pytest.mark.parametrize("kind", ["NUMBER", "TIME", "DATE", "DURATION"])
def test_what_is_meant_is_what_the_grammars_read(kind: str) -> None:
    # Neither is made from the other: a difference is a mistake in one of them.
    slot = Slot("x", f"AMAZON.{kind}")
    for seed in range(150):
        one = wish(slot, LANGUAGE, Draw(2, 900), NOW, Random(seed))
        value = builtin.value(slot.type, one.said, now=NOW, locale="en-US")
        assert value is not None, one.said
        assert value.casefold() in one.meant, one.said


def test_a_name_of_a_catalogue_means_its_value() -> None:
    slot = Slot("room", "ROOM")
    found = {wish(slot, LANGUAGE, Draw(), NOW, Random(seed)) for seed in range(30)}
    assert {(each.said, *each.meant) for each in found} == {
        ("living room", "living room"),
        ("lounge", "living room"),
        ("hall", "hall"),
    }
    only = Draw(words=("lounge",))
    assert wish(slot, LANGUAGE, only, NOW, Random(1)).said == "lounge"


def test_a_type_without_known_values_says_what_would_do() -> None:
    with pytest.raises(ValueError, match=r'no values to draw for slot "x" of AMAZON.SearchQuery'):
        wish(Slot("x", "AMAZON.SearchQuery"), LANGUAGE, Draw(), NOW, Random(1))
