from __future__ import annotations

import pytest

from sayso.protocols.names import span_of, value_of
from sayso.types.readings import SlotValue


@pytest.mark.parametrize(
    ("sent", "span"),
    [
        ("to Rome", (3, 7)),
        ("to  Rome ", (4, 8)),  # a space more than in the cleaned text
        ("from Rome to Rome", None),  # moved, and nobody knows which is meant
        ("to rome", None),  # rewritten
        ("", None),
    ],
)
def test_span_is_of_the_text_that_was_sent(sent: str, span: tuple[int, int] | None) -> None:
    assert span_of(SlotValue("city", "CITY", "Rome", 3, 7), sent) == span


def test_value_that_was_not_said_has_no_span() -> None:
    assert span_of(SlotValue("city", "CITY", "Rome"), "to Rome") is None


def test_value_is_the_one_that_the_skill_receives() -> None:
    assert value_of(SlotValue("n", "AMAZON.NUMBER", "four", normalised="4")) == "4"
    assert value_of(SlotValue("n", "AMAZON.NUMBER", "", normalised="")) == ""
    assert value_of(SlotValue("n", "FREE", "four")) == "four"
