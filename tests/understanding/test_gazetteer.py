from __future__ import annotations

from sayso.types.skills import Language, SlotType, TypeValue
from sayso.understanding.gazetteer import Gazetteer
from sayso.understanding.heard import words

ROOMS = SlotType("Room", (TypeValue("Living Room", synonyms=("lounge",)), TypeValue("room")))
BANDS = SlotType("Band", (TypeValue("The Lounge"), TypeValue("lounge")))
GAZETTEER = Gazetteer(Language("en-US", types=(ROOMS, BANDS)))


def found(text: str) -> list[tuple[str, set[str]]]:
    said = words(text)
    return [
        (
            text[said[match.first].start : said[match.last - 1].end],
            {GAZETTEER.types[kind] for kind in match.types},
        )
        for match in GAZETTEER.find(said)
    ]


def test_the_longest_value_wins_whatever_its_case() -> None:
    assert found("light the LIVING room now") == [("LIVING room", {"Room"})]


def test_a_value_of_two_types_is_both() -> None:
    assert found("in lounge") == [("lounge", {"Room", "Band"})]


def test_the_end_of_an_utterance_cuts_no_value_short() -> None:
    assert found("the living") == []
    assert found("play the lounge") == [("the lounge", {"Band"})]


def test_a_language_without_types_finds_nothing() -> None:
    assert Gazetteer(Language("en-US")).find(words("living room")) == []
