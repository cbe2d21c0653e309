"""What the slots of a reading say for it."""

from __future__ import annotations

import pytest

from sayso.types.readings import ResolutionStatus, SlotValue
from sayso.understanding.contract import Tagged
from sayso.understanding.filled import filled

MATCHED = ResolutionStatus.MATCHED


def test_a_reading_without_slots_has_no_doubt_and_takes_nothing() -> None:
    assert filled("stop", ()) == {"matched": 0.0, "doubt": 0.0, "taken": 0.0, "free": 0.0}


def test_the_least_certain_slot_is_the_doubt() -> None:
    sure = SlotValue("room", "ROOM", "hall", 0, 4, status=MATCHED, confidence=0.9)
    unsure = SlotValue("hour", "AMAZON.TIME", "six", 5, 8, status=MATCHED, confidence=0.6)
    found = filled("hall six", (sure, unsure))
    assert found["doubt"] == pytest.approx(0.4)
    assert found["matched"] == 2.0


def test_words_that_anything_may_be_are_free_and_others_are_only_taken() -> None:
    what = SlotValue("what", "AMAZON.SearchQuery", "milk", 4, 8)
    room = SlotValue("room", "ROOM", "hall", 12, 16)
    found = filled("buy milk at hall", (what, room))
    assert found["free"] == pytest.approx(4 / 16)
    assert found["taken"] == pytest.approx(8 / 16)


def test_two_values_of_the_same_words_take_them_once() -> None:
    same = SlotValue("room", "ROOM", "hall", 0, 4)
    assert filled("hall", (same, same))["taken"] == 1.0


def test_a_day_told_apart_from_its_time_is_no_more_evidence_than_both_together() -> None:
    text = "at seven tomorrow"
    matched = ResolutionStatus.MATCHED
    time = SlotValue("at", "AMAZON.TIME", "seven", 3, 8, "07:00", matched)
    day = SlotValue("on", "AMAZON.DATE", "tomorrow", 9, 17, "2026-11-21", matched)
    assert filled(text, [time, day], [Tagged("at", 3, 17, 0.9)])["matched"] == 1.0
    assert (
        filled(text, [time, day], [Tagged("at", 3, 8, 0.9), Tagged("on", 9, 17, 0.9)])["matched"]
        == 2.0
    )
