"""The slots of a request in another one that says the same."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.labels.aligned import align, placed, words_of
from sayso.types.lessons import Span


def spans(text: str, **values: str) -> list[Span]:
    found = [
        Span(name, text.index(said), text.index(said) + len(said)) for name, said in values.items()
    ]
    return sorted(found, key=lambda span: span.start)


def projected(well: str, failed: str, **values: str) -> dict[str, str]:
    found = align(words_of(well), spans(well, **values), words_of(failed))
    assert found is not None
    return {span.name: failed[span.start : span.end] for span in found.spans}


def test_values_are_found_where_everything_around_them_is_other() -> None:
    found = projected(
        "play some jazz in the kitchen", "kitchen i want to hear jazz", genre="jazz", room="kitchen"
    )
    assert found == {"genre": "jazz", "room": "kitchen"}


def test_a_value_written_apart_or_misheard_has_its_place() -> None:
    assert projected("open snapchat", "start snap chat for me", app="snapchat") == {
        "app": "snap chat"
    }
    assert projected("play coldplay", "i want cold plate on", artist="coldplay") == {
        "artist": "cold plate"
    }


def test_a_number_in_words_has_the_place_of_its_digits_and_no_other() -> None:
    well = "wake me at 7 am"
    assert projected(well, "alarm seven am please", time="7 am") == {"time": "seven am"}
    found = align(words_of(well), spans(well, time="7 am"), words_of("alarm eight am please"))
    assert found is None


def test_what_is_not_there_costs_much() -> None:
    well = "play jazz in the kitchen"
    found = align(words_of(well), spans(well, room="kitchen"), words_of("some music would be good"))
    assert found is not None
    assert found.cost > 0.5


def test_stops_around_a_word_are_no_part_of_a_slot() -> None:
    assert projected("weather in Oslo", "Is it warm in (Oslo)?", city="Oslo") == {"city": "Oslo"}


def test_values_are_placed_where_they_stand_word_for_word() -> None:
    found = placed("Play Yellow River loudly", [("title", "yellow river")])
    assert found == (Span("title", 5, 17),)


@pytest.mark.parametrize("value", ["2026-01-01", "", "play"])
def test_values_that_do_not_stand_there_once_are_not_placed(value: str) -> None:
    assert placed("play and play again tomorrow", [("what", value)]) is None


WORDS = ("red", "green", "blue", "jazz", "lamp", "7")


@given(st.lists(st.sampled_from(WORDS), max_size=7), st.data())
def test_slots_never_overlap_and_lie_in_the_text(words: list[str], data: st.DataObject) -> None:
    well = "lamp red jazz green"
    names = data.draw(st.lists(st.sampled_from(well.split()), unique=True, max_size=3))
    target = words_of(" ".join(words))
    found = align(words_of(well), spans(well, **{name: name for name in names}), target)
    if found is not None:
        assert len(found.spans) == len(names)
        assert all(one.end <= other.start for one, other in pairwise(found.spans))
        assert all(0 <= x.start < x.end <= len(target.text) for x in found.spans)
        assert 0.0 <= found.cost <= 1.0
