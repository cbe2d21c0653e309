"""The stored context with what a new request says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sayso.dialogue.expiry import IDLE
from sayso.dialogue.resume import resume
from sayso.types.context import Asked, Awaiting, Context, Device
from sayso.types.people import ANYBODY, Person
from sayso.types.skills import SlotType, TypeValue
from sayso.types.turns import TurnRequest
from tests.dialogue.nouns import NOW, context, reading

OPEN = context(
    active="timer",
    session="s1",
    attributes={"n": 1},
    awaiting=Awaiting(Asked.SLOT, reading("Set"), "duration"),
    turn=3,
    last_speech="For how long?",
    entities=(SlotType("Hut", (TypeValue("Trefilberg"),)),),
)


def resumed(
    stored: Context | None, after: timedelta = timedelta(), person: Person = ANYBODY
) -> Context:
    request = TurnRequest("hi", user="ana", device=Device("kitchen", "speaker"))
    return resume(
        stored,
        request,
        conversation="c1",
        now=NOW + after,
        locale="de-DE",
        time_zone="Europe/Berlin",
        person=person,
    )


def test_a_first_turn_starts_a_context() -> None:
    found = resumed(None)
    assert (found.conversation, found.user, found.turn) == ("c1", "ana", 1)
    assert (found.locale, found.time_zone, found.now) == ("de-DE", "Europe/Berlin", NOW)
    assert found.device == Device("kitchen", "speaker")
    assert found.active is None


def test_a_session_and_its_question_go_on_while_it_is_fresh() -> None:
    found = resumed(OPEN, IDLE)
    assert (found.active, found.session, found.attributes) == ("timer", "s1", {"n": 1})
    assert (found.awaiting, found.entities) == (OPEN.awaiting, OPEN.entities)
    assert (found.turn, found.last_speech) == (4, "For how long?")


def test_silence_closes_a_session_and_drops_its_question() -> None:
    found = resumed(OPEN, IDLE + timedelta(seconds=1))
    assert (found.active, found.session, found.attributes, found.awaiting) == (None, None, {}, None)
    assert (found.turn, found.entities) == (4, ())


def test_a_clock_that_jumped_back_is_silence_too() -> None:
    assert resumed(OPEN, -IDLE - timedelta(seconds=1)).awaiting is None


def test_what_is_known_of_a_person_is_always_what_is_known_now() -> None:
    before = replace(OPEN, person=Person(("old",)))
    assert resumed(before, person=Person(("new",))).person == Person(("new",))
    assert resumed(before).person == ANYBODY
