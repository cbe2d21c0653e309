"""What is kept of a turn, how much, how long, and of whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sayso.dialogue.carrying.spoken import LASTS, MOST, TURNS, lately, remembered
from sayso.types.context import Context
from tests.dialogue.carrying.nouns import (
    ATTIC,
    INES,
    INSTALLED,
    ROME,
    after,
    context,
    next_turn,
    said,
)


def names(now: Context) -> list[str]:
    return [each.value.value for each in lately(now)]


def test_the_values_of_a_turn_are_kept_without_their_place() -> None:
    now = after(ROME)
    assert names(now) == ["Rome", "tomorrow"]
    assert {(each.value.start, each.value.end) for each in now.spoken} == {(None, None)}
    assert {(each.turn, each.user) for each in now.spoken} == {(1, "ana")}


def test_values_are_forgotten_after_some_turns_and_after_a_while() -> None:
    now = after(ROME)
    for _ in range(TURNS - 1):
        now = next_turn(now)
    assert names(now)
    assert not names(next_turn(now))
    later = replace(after(ROME), now=context().now + LASTS + timedelta(seconds=1))
    assert not names(later)


def test_what_is_forgotten_is_no_longer_in_the_context() -> None:
    now = after(ROME)
    for _ in range(TURNS):
        now = next_turn(now)
    assert now.spoken, "it is counted only when a turn is kept"
    assert remembered(now, None, None, "hello").spoken == ()


def test_nobody_else_has_said_it() -> None:
    assert not names(replace(after(ROME), user="ben"))


def test_a_person_is_kept_for_one_turn_however_often_carried() -> None:
    now = after(INES)
    assert names(now) == ["Ines"]
    # Carried to the next turn it still counts from when it was said.
    carried = now.spoken[0].value
    write = replace(said("write to her", "phone.Write")[1], slots=(carried,))
    later = next_turn(remembered(now, write, INSTALLED["phone"].language, "write to her"))
    assert {each.turn for each in later.spoken} == {1}
    assert not names(later)


def test_what_is_carried_freely_counts_from_when_it_was_last_spoken_of() -> None:
    now = after(ROME)
    carried = now.spoken[0].value
    rain = replace(said("will it rain there", "sky.Rain")[1], slots=(carried,))
    later = next_turn(remembered(now, rain, INSTALLED["sky"].language, "will it rain there"))
    assert [each.turn for each in later.spoken if each.intent == "Rain"] == [2]


def test_a_slot_that_says_never_is_not_kept() -> None:
    assert after(said("the attic is a secret", "light.Secret", lamp="attic")).spoken == ()


def test_a_message_is_not_kept() -> None:
    text = "write to Noor that the soup is ready"
    now = after(said(text, "phone.Write", person="Noor", words="the soup is ready"))
    assert [each.value.name for each in now.spoken] == ["person"]


def test_a_new_value_of_the_same_slot_takes_the_place_of_the_old_one() -> None:
    now = after(ATTIC, said("turn on the hall light", "light.On", lamp="hall"))
    assert names(now) == ["hall"]


def test_closing_a_session_keeps_it_and_forgetting_the_conversation_does_not() -> None:
    assert after(ROME).closed().spoken
    assert after(ROME).forgotten().spoken == ()


@given(st.lists(st.sampled_from([ROME, INES, ATTIC]), max_size=60))
def test_it_stays_small(turns: list[tuple[str, object]]) -> None:
    now = after(*turns)  # type: ignore[arg-type]
    assert len(now.spoken) <= MOST
