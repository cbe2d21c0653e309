"""The published measures, on states of our own writing."""

from __future__ import annotations

import pytest
from benchmarks.sgd.metrics import score, summary
from benchmarks.sgd.reading import Service, SlotSchema, State

pytest.importorskip("rapidfuzz")

SERVICE = Service(
    "Boats_1",
    "Hire a boat",
    (
        SlotSchema("lake", "Lake to sail on"),
        SlotSchema("seats", "Seats in the boat", categorical=True, values=("2", "4")),
        SlotSchema("date", "Day of hire"),
    ),
    (),
)
STATE = State("HireBoat", (), {"lake": ("Lake Como", "Como"), "seats": ("2",)})


def joint(**values: str) -> float:
    return score(SERVICE, STATE, "HireBoat", values).joint


def test_any_spelling_of_a_value_is_right() -> None:
    assert joint(lake="Como", seats="2") == joint(lake="Lake Como", seats="2") == 1.0


def test_nearly_the_words_are_nearly_right() -> None:
    assert 0.8 < joint(lake="Lake Comoo", seats="2") < 1.0


def test_a_value_of_a_catalogue_is_right_or_wrong() -> None:
    assert joint(lake="Como", seats="4") == 0.0


def test_a_slot_too_few_or_too_many_spoils_the_frame() -> None:
    assert joint(lake="Como") == 0.0
    assert joint(lake="Como", seats="2", date="today") == 0.0


def test_the_average_is_over_slots_that_have_a_value() -> None:
    assert score(SERVICE, STATE, None, {"lake": "Como", "date": "today"}).average == 0.5
    assert score(SERVICE, State("NONE", (), {}), None, {}).average is None


def test_no_intent_is_the_intent_none() -> None:
    assert score(SERVICE, State("NONE", (), {}), None, {}).intent == 1.0
    assert score(SERVICE, STATE, None, {}).intent == 0.0


def test_f1_counts_what_was_read_and_what_is_right() -> None:
    frames = [score(SERVICE, STATE, "HireBoat", {"lake": "Como", "date": "today"})]
    assert summary(frames)["active_f1"] == 50.0
