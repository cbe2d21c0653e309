from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sayso.types.skills import Intent, Language, Slot, SlotType, TypeValue
from sayso.understanding.gazetteer import Gazetteer
from sayso.understanding.heard import hear
from sayso.understanding.values.shelf import build

ROOMS = SlotType("Room", (TypeValue("Living Room", synonyms=("lounge",)), TypeValue("room")))
BANDS = SlotType("Band", (TypeValue("The Lounge"), TypeValue("lounge")))
GAZETTEER = Gazetteer(Language("en-US", types=(ROOMS, BANDS)))


def found(
    text: str, gazetteer: Gazetteer = GAZETTEER, entities: Sequence[SlotType] = ()
) -> list[tuple[str, set[str]]]:
    heard = replace(hear(text, None), entities=entities)
    return [
        (
            text[heard.words[match.first].start : heard.words[match.last - 1].end],
            {gazetteer.types[kind] for kind in match.types},
        )
        for match in gazetteer.find(heard)
    ]


def test_the_longest_value_wins_whatever_its_case() -> None:
    assert found("light the LIVING room now") == [("LIVING room", {"Room"})]


def test_a_value_of_two_types_is_both() -> None:
    assert found("in lounge") == [("lounge", {"Room", "Band"})]


def test_the_end_of_an_utterance_cuts_no_value_short() -> None:
    assert found("the living") == []
    assert found("play the lounge") == [("the lounge", {"Band"})]


def test_a_language_without_types_finds_nothing() -> None:
    assert found("living room", Gazetteer(Language("en-US"))) == []


def test_built_in_types_are_found_where_a_slot_uses_them() -> None:
    slots = (Slot("when", "AMAZON.TIME"), Slot("what", "AMAZON.SearchQuery"))
    language = Language("en-US", intents=(Intent("Wake", slots=slots),), types=(ROOMS,))
    matches = found("at half past six in the lounge", Gazetteer(language))
    assert matches == [("lounge", {"Room"}), ("half past six", {"AMAZON.TIME"})]


def test_what_the_conversation_adds_is_seen_too() -> None:
    added = (SlotType("Room", (TypeValue("Aunt Jo's den", synonyms=("lounge",)),)),)
    assert found("in aunt jo's den", entities=added) == [("aunt jo's den", {"Room"})]
    assert found("in the lounge", entities=added) == [("the lounge", {"Band"})]
    assert found("in aunt jo's den") == []


def test_a_type_that_the_skill_does_not_have_is_not_seen() -> None:
    assert found("oslo", entities=(SlotType("Town", (TypeValue("Oslo"),)),)) == []


def test_values_on_a_shelf_are_found_like_those_of_a_list() -> None:
    shelved = tuple(replace(kind, values=build(kind.values, "en")) for kind in (ROOMS, BANDS))
    gazetteer = Gazetteer(Language("en-US", types=shelved))
    for text in ("light the LIVING room now", "in lounge", "play the lounge", "the living", ""):
        assert found(text, gazetteer) == found(text)
