from __future__ import annotations

import pytest
from benchmarks.transferring.measures import Counts, best_epoch, counted, first_at_most

from sayso.types.lessons import Label, Span
from sayso.understanding.contract import Reading, Tagged

SAID = Label("play jazz at nine", "s", "Play", "en-US", (Span("what", 5, 9), Span("when", 13, 17)))


def reading(intent: str, *slots: tuple[str, int, int]) -> Reading:
    return Reading(intent, 1.0, [Tagged(*slot, 1.0) for slot in slots])


def test_a_right_reading_has_no_error() -> None:
    counts = counted([SAID], [reading("Play", ("what", 5, 9), ("when", 13, 17))])
    assert (counts.semer, counts.irer, counts.intent_error, counts.slot_f1) == (0, 0, 0, 1)


def test_the_intent_counts_as_one_more_slot() -> None:
    counts = counted([SAID], [reading("Stop", ("what", 5, 9), ("when", 13, 17))])
    assert counts.semer == pytest.approx(1 / 3)
    assert counts.irer == 1


def test_a_slot_read_in_the_place_of_another_is_one_substitution() -> None:
    counts = counted([SAID], [reading("Play", ("when", 5, 9), ("when", 13, 17))])
    assert (counts.mixed, counts.missed, counts.added) == (1, 0, 0)


def test_wrong_borders_are_one_substitution() -> None:
    counts = counted([SAID], [reading("Play", ("what", 0, 9), ("when", 13, 17))])
    assert (counts.mixed, counts.missed, counts.added) == (1, 0, 0)


def test_a_slot_where_there_is_none_is_an_insertion_and_one_not_found_a_deletion() -> None:
    counts = counted([SAID], [reading("Play", ("what", 5, 9), ("who", 0, 4))])
    assert (counts.mixed, counts.missed, counts.added) == (0, 1, 1)
    assert counts.semer == pytest.approx(2 / 3)


def test_without_any_slot_there_is_no_slot_f1() -> None:
    stop = Label("stop", "s", "Stop", "en-US")
    assert counted([stop], [reading("Stop")]).slot_f1 is None


def test_counts_come_back_from_their_row() -> None:
    counts = counted([SAID], [reading("Stop", ("what", 5, 9))])
    assert Counts(**counts.as_dict()) == counts


def test_epochs_count_from_one() -> None:
    assert best_epoch([0.5, 0.2, 0.3, 0.2]) == 2
    assert first_at_most([0.4, 0.2], 0.2) == 2
    assert first_at_most([0.4, 0.3], 0.2) is None
