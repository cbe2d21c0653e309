from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sayso.types.readings import ResolutionStatus, SlotValue
from sayso.types.skills import Language, Slot, SlotType, TypeValue
from sayso.understanding.values.live import live
from sayso.understanding.values.resolve import Resolver

NOW = datetime(2026, 11, 18, 15, 20, tzinfo=UTC)
LANGUAGE = Language(
    "en-US",
    types=(
        SlotType(
            "Room",
            (
                TypeValue("living room", "living", ("lounge",)),
                TypeValue("kitchen", "kitchen"),
                TypeValue("salt and pepper room", "spice"),
            ),
        ),
        SlotType("AMAZON.DATE", (TypeValue("payday", "pay"),)),
        SlotType("AMAZON.City", (TypeValue("Springfield", "spr", ("home town",)),)),
        SlotType("Supplied", extra={"valueSupplier": {"type": "CatalogValueSupplier"}}),
    ),
)
RESOLVER = Resolver(LANGUAGE)


def found(words: str, kind: str, **more: object) -> SlotValue:
    return RESOLVER.resolve(words, Slot("it", kind), now=NOW, **more)  # type: ignore[arg-type]


def matched(value: SlotValue) -> bool:
    return value.status is ResolutionStatus.MATCHED


def test_a_synonym_resolves_to_its_value_and_id() -> None:
    value = found("the lounge", "Room", start=8, end=18, confidence=0.7)
    assert matched(value)
    assert (value.name, value.type, value.value) == ("it", "Room", "the lounge")
    assert (value.normalised, value.id) == ("living room", "living")
    assert (value.start, value.end, value.confidence) == (8, 18, 0.7)


def test_an_unknown_value_keeps_its_words_and_is_no_match() -> None:
    value = found("the attic", "Room")
    assert not matched(value)
    assert (value.normalised, value.id) == ("the attic", None)


def test_a_similar_value_is_a_candidate_and_no_match() -> None:
    value = found("living", "Room")
    assert not matched(value)
    assert value.candidates[0].value == "living room"
    assert value.normalised == "living"


@pytest.mark.parametrize(
    ("words", "kind", "expected"),
    [
        ("half past six", "AMAZON.TIME", "06:30"),
        ("twenty one", "AMAZON.NUMBER", "21"),
        ("an hour and a half", "AMAZON.DURATION", "PT1H30M"),
        ("the tallest tower", "AMAZON.SearchQuery", "the tallest tower"),
        ("ulan bator", "AMAZON.Country", "ulan bator"),
    ],
)
def test_a_built_in_type_gives_its_value(words: str, kind: str, expected: str) -> None:
    value = found(words, kind)
    assert matched(value)
    assert value.normalised == expected
    assert value.candidates == ()


def test_words_that_are_no_value_of_a_built_in_type_are_no_match() -> None:
    value = found("whenever", "AMAZON.TIME")
    assert not matched(value)
    assert value.normalised == "whenever"


def test_a_built_in_type_with_values_of_the_skills_own_is_looked_up_there_first() -> None:
    own, date, neither = (found(words, "AMAZON.DATE") for words in ("payday", "today", "someday"))
    assert (own.normalised, own.id) == ("payday", "pay")
    assert (date.normalised, date.id, matched(date)) == ("2026-11-18", None, True)
    assert not matched(neither)


def test_an_open_built_in_type_takes_words_beyond_the_skills_own() -> None:
    own, other = found("home town", "AMAZON.City"), found("Oslo", "AMAZON.City")
    assert (own.normalised, own.id) == ("Springfield", "spr")
    assert (other.normalised, other.id, matched(other)) == ("Oslo", None, True)


@pytest.mark.parametrize("kind", ["Supplied", "Undefined"])
def test_a_type_without_values_takes_any_words(kind: str) -> None:
    value = found("whatever  it is", kind)
    assert matched(value)
    assert (value.value, value.normalised) == ("whatever  it is", "whatever it is")


@pytest.mark.parametrize("kind", ["Room", "Supplied", "AMAZON.TIME", "AMAZON.SearchQuery"])
def test_no_words_are_no_value(kind: str) -> None:
    assert not matched(found(" ", kind))


def test_the_speakers_locale_goes_before_the_skills() -> None:
    assert found("3/5", "AMAZON.DATE").normalised == "2027-03-05"
    assert found("3/5", "AMAZON.DATE", locale="en-GB").normalised == "2027-05-03"


def test_several_values_are_told_apart_where_each_is_known() -> None:
    slot = Slot("rooms", "Room", multiple=True)
    words = "the lounge, and the kitchen"
    values = RESOLVER.resolve_all(words, slot, now=NOW, start=10, end=37)
    assert [value.id for value in values] == ["living", "kitchen"]
    assert [(value.start, value.end) for value in values] == [(10, 20), (26, 37)]
    assert [value.value for value in values] == ["the lounge", "the kitchen"]


@pytest.mark.parametrize(
    ("words", "multiple", "ids"),
    [
        ("salt and pepper room", True, ["spice"]),
        ("lounge and attic", True, [None]),
        ("lounge and kitchen", False, [None]),
        ("kitchen", True, ["kitchen"]),
    ],
)
def test_words_stay_together_unless_they_are_several_values(
    words: str, multiple: bool, ids: list[str | None]
) -> None:
    values = RESOLVER.resolve_all(words, Slot("rooms", "Room", multiple=multiple), now=NOW)
    assert [value.id for value in values] == ids


def test_several_dates_are_told_apart() -> None:
    slot = Slot("days", "AMAZON.DATE", multiple=True)
    values = RESOLVER.resolve_all("today & tomorrow", slot, now=NOW)
    assert [value.normalised for value in values] == ["2026-11-18", "2026-11-19"]


GUEST = SlotType("Room", (TypeValue("Aunt Jo's den", "jo", ("kitchen",)), TypeValue("Orrery", "o")))
TOWNS = SlotType("AMAZON.City", (TypeValue("Trefilberg", "t"),))


def live_found(words: str, kind: str, *entities: SlotType) -> SlotValue:
    return found(words, kind, live=live(entities or (GUEST, TOWNS), "en"))


def test_a_value_of_the_conversation_resolves_and_says_where_it_is_from() -> None:
    value = live_found("aunt jos den", "Room")
    assert (matched(value), value.normalised, value.id) == (True, "Aunt Jo's den", "jo")
    assert value.candidates[0].dynamic
    assert [each.id for each in value.matches(dynamic=True)] == ["jo"]
    assert value.matches() == ()


def test_the_conversation_goes_before_the_catalogue() -> None:
    value = live_found("the kitchen", "Room")
    assert (matched(value), value.id) == (True, "jo")
    assert [each.id for each in value.matches(dynamic=True)] == ["jo"]
    assert [each.id for each in value.matches()] == ["kitchen"]


def test_what_was_said_goes_before_what_is_only_like_it() -> None:
    near = SlotType("Room", (TypeValue("kitchin", "n"),))
    assert live_found("kitchen", "Room", near).id == "kitchen"
    assert live_found("kitchin", "Room", near).id == "n"


def test_the_catalogue_is_still_there() -> None:
    value = live_found("lounge", "Room")
    assert (value.id, value.candidates[0].dynamic) == ("living", False)
    assert not matched(live_found("attic", "Room"))


def test_a_type_that_only_the_conversation_fills_is_closed() -> None:
    supplied = SlotType("Supplied", (TypeValue("Orrery", "o"),))
    assert live_found("orrery", "Supplied", supplied).id == "o"
    assert not matched(live_found("something else", "Supplied", supplied))


def test_an_open_built_in_type_stays_open() -> None:
    own, other = live_found("trefilburg", "AMAZON.City"), live_found("Ulmerode", "AMAZON.City")
    assert (own.normalised, own.id) == ("Trefilberg", "t")
    assert (matched(other), other.id) == (True, None)


def test_two_values_of_one_name_are_both_given_and_neither_is_acted_upon() -> None:
    twins = SlotType("Room", (TypeValue("James", "1"), TypeValue("James", "2")))
    value = live_found("james", "Room", twins)
    assert (matched(value), value.id) == (False, None)
    assert [each.id for each in value.matches(dynamic=True)] == ["1", "2"]
