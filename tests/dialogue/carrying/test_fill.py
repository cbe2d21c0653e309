"""Readings that lack what was said before, and those that are left alone."""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.carrying.fill import carried_over
from sayso.dialogue.carrying.weigh import share_of_words
from sayso.types.context import Context
from sayso.types.readings import Hypothesis, SlotValue
from sayso.understanding.heard import hear
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


def read(now: Context, turn: tuple[str, Hypothesis]) -> Hypothesis:
    text, reading = turn
    return carried_over([reading], hear(text, None), now, INSTALLED, share_of_words)[0]


def values(found: Hypothesis) -> dict[str, str]:
    return {each.name: each.normalised or each.value for each in found.slots}


def test_there_is_the_city_that_was_spoken_of() -> None:
    found = read(after(ROME), said("find me a bed there", "beds.Find"))
    assert values(found) == {"town": "Rome"}
    town = found.slots[0]
    assert (town.start, town.end) == (None, None)
    assert 0.5 <= town.confidence <= 1.0
    assert found.carried["town"].startswith("city of sky.Look, 1 turn ago; words point back")


def test_that_day_is_the_day_as_it_was_understood_then() -> None:
    found = read(after(ROME), said("a bed there on that day", "beds.Find"))
    assert values(found) == {"town": "Rome", "date": "2026-05-05"}
    assert {each.value for each in found.slots} == {"Rome", "tomorrow"}


def test_what_is_pointed_at_may_be_called_by_the_name_of_its_slot_or_type() -> None:
    for text, words in (
        ("find a bed in that town", "that town"),
        ("the same city please", "the same city"),
    ):
        found = read(after(ROME), said(text, "beds.Find", town=words))
        assert values(found) == {"town": "Rome"}
        assert values(read(context(), said(text, "beds.Find", town=words))) == {}
    castle = said("a bed in that castle", "beds.Find", town="that castle")
    assert values(read(after(ROME), castle)) == {"town": "that castle"}


def test_words_that_point_back_are_no_value() -> None:
    text = "a bed in there"
    for now in (context(), after(ROME)):
        found = read(now, said(text, "beds.Find", town="there"))
        assert "there" not in values(found).values()


def test_that_day_at_the_end_of_a_value_is_no_part_of_it() -> None:
    text = "remind me to call the plumber that day"
    found = read(after(ROME), said(text, "notes.Remind", chore="call the plumber that day"))
    assert values(found) == {"chore": "call the plumber", "date": "2026-05-05"}
    chore = found.slots[0]
    assert text[chore.start : chore.end] == "call the plumber"
    nothing = read(context(), said(text, "notes.Remind", chore="call the plumber that day"))
    assert values(nothing) == {"chore": "call the plumber that day"}


def test_a_message_may_point_where_it_likes() -> None:
    text = "write to Noor that I'll be there then"
    turn = said(text, "phone.Write", person="Noor", words="I'll be there then")
    assert read(after(ROME), turn) == turn[1]


def test_nothing_is_carried_without_being_asked_for() -> None:
    for text, of in (("find me a bed", "beds.Find"), ("buy a ticket", "rail.Buy")):
        assert values(read(after(ROME), said(text, of))) == {}


def test_nothing_is_carried_that_the_catalogue_does_not_have() -> None:
    assert values(read(after(ROME), said("a ticket to go there", "rail.Buy"))) == {}
    oslo = said("what's the weather in Oslo", "sky.Look", city="Oslo")
    assert values(read(after(oslo), said("a ticket to go there", "rail.Buy"))) == {
        "to_city": "Oslo"
    }


def test_what_is_said_now_counts_and_not_what_was_said_before() -> None:
    found = read(after(ROME), said("find me a bed there in Paris", "beds.Find", town="Paris"))
    assert values(found) == {"town": "Paris"}
    assert found.carried == {}


def test_it_is_the_lamp_that_was_spoken_of() -> None:
    found = read(after(ATTIC), said("dim it to thirty", "light.Dim", level="thirty"))
    assert values(found) == {"level": "30", "lamp": "attic"}


def test_what_is_booked_was_found_before() -> None:
    find = said("find a bed in Rome", "beds.Find", town="Rome")
    found = read(after(find), said("book it for two nights", "beds.Book", nights="two"))
    assert values(found) == {"nights": "2", "town": "Rome"}
    assert values(read(after(find), said("find another bed please", "beds.Find"))) == {}


def test_her_is_known_for_one_turn_and_never_without_the_word() -> None:
    assert values(read(after(INES), said("call her", "phone.Ring"))) == {"person": "Ines Vale"}
    assert values(read(after(INES), said("make a call", "phone.Ring"))) == {}
    assert values(read(after(INES, ATTIC), said("call her", "phone.Ring"))) == {}


def test_a_lamp_that_is_a_secret_is_told_to_nobody() -> None:
    assert values(read(after(ATTIC), said("it is a secret", "light.Secret"))) == {}


def test_one_value_does_not_fill_two_slots() -> None:
    found = read(after(ROME), said("what's it like there", "sky.Look"))
    assert values(found) == {"city": "Rome"}


def test_another_person_has_said_nothing() -> None:
    ben = replace(after(ROME), user="ben")
    assert values(read(ben, said("find me a bed there", "beds.Find"))) == {}


def test_readings_without_slots_and_of_skills_that_are_gone_are_left_alone() -> None:
    gone = Hypothesis("gone", "Do", (SlotValue("x", "X", "there"),))
    plain = Hypothesis("sky", "AMAZON.HelpIntent")
    heard = hear("help me there", None)
    assert carried_over([gone, plain], heard, after(ROME), INSTALLED, share_of_words) == [
        gone,
        plain,
    ]


def test_where_nothing_was_said_before_the_readings_are_as_they_were() -> None:
    turn = said("what's the weather in Rome", "sky.Look", city="Rome")
    assert read(context(), turn) is turn[1]
    assert read(next_turn(context()), turn) is turn[1]
