"""A skill as its descriptions tell it."""

from __future__ import annotations

from sayso.understanding.described.slots import describe, stem
from tests.understanding.described.lessons import LANGUAGE


def test_every_slot_is_described_once_in_all_intents() -> None:
    skill = describe(LANGUAGE, None)
    assert list(skill.places) == ["lake_name", "number_of_seats", "hire_date", "has_motor"]
    hire = skill.intent("HireBoat")
    assert hire is not None
    assert hire.required == {skill.places["lake_name"], skill.places["hire_date"]}


def test_a_slot_is_of_the_kind_that_its_type_says() -> None:
    kinds = {each.slot.name: each.kind for each in describe(LANGUAGE, None).slots}
    assert kinds == {
        "lake_name": "free",
        "number_of_seats": "listed",
        "hire_date": "date",
        "has_motor": "yes_no",
    }


def test_words_that_say_nothing_are_left_out_of_a_description() -> None:
    lake = describe(LANGUAGE, None).slots[0]
    assert lake.words == {"lake"}


def test_a_plural_is_compared_as_its_singular() -> None:
    assert [stem(word) for word in ("seats", "pass", "bus")] == ["seat", "pass", "bus"]
