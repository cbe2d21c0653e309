"""The policy is a table without holes: whatever is open, whatever is heard, a step follows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.dialogue.policy import TABLE, Act, State, Step, act_of, state_of, step
from sayso.dialogue.questions import MOST_QUESTIONS
from sayso.dialogue.respond import respond
from sayso.dialogue.steps import STEPS
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.readings import Basis, Decision, Outcome
from sayso.understanding.repairs import repaired
from tests.dialogue.nouns import NOW, SKILLS, abstain, act, context, reading, slot

SILENCE = Decision(Outcome.ABSTAIN, basis=Basis.SILENCE)
ASKED = Awaiting(Asked.SLOT, reading("Set"), "duration", tried=("duration",))


def test_every_step_of_the_table_is_there_and_none_is_in_vain() -> None:
    assert {*STEPS} == {*Step}
    assert {each for row in TABLE.values() for each in row.values()} == {*Step}
    assert {*TABLE} == {*State}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("heard", Act)
def test_whatever_is_open_and_heard_a_step_follows(state: State, heard: Act) -> None:
    assert step(state, heard) in STEPS


def test_a_question_and_a_session_are_told_apart() -> None:
    assert state_of(context()) is State.QUIET
    assert state_of(context(active="oven")) is State.SESSION
    assert state_of(context(awaiting=ASKED)) is State.SLOT
    value = Awaiting(Asked.CONFIRM, reading("Set"), "duration")
    assert state_of(context(awaiting=value)) is State.VALUE
    assert act_of(SILENCE, context()) is Act.SILENCE


def test_silence_is_asked_once_more_and_then_left_in_peace() -> None:
    before = context(awaiting=ASKED, last_speech="For how long?")
    first = respond(SILENCE, before, SKILLS)
    assert first.reply is not None
    assert first.reply.speech == "For how long?"
    second = respond(SILENCE, replace(first.context, last_speech="For how long?"), SKILLS)
    assert second.reply is not None
    assert second.reply.ended
    assert second.context.awaiting is None


def test_no_slot_is_asked_for_a_third_time_however_it_was_answered() -> None:
    before: Context = context(awaiting=ASKED, last_speech="For how long?")
    asked = 1
    for decision in (abstain(), SILENCE, act(reading("Set")), abstain()):
        move = respond(decision, before, SKILLS)
        before = replace(move.context, last_speech="For how long?")
        if before.awaiting is None:
            break
        asked += 1
    assert asked <= MOST_QUESTIONS


def test_what_is_open_is_come_back_to_with_all_that_was_said() -> None:
    pending = reading("Set", slot("name", "tea"))
    asked = Awaiting(Asked.SLOT, pending, "duration", tried=("duration",))
    before = context(awaiting=asked, reprompt="For how long?")
    aside = respond(act(reading("Heat", skill="oven")), before, SKILLS).context
    assert aside.awaiting is None
    unclear = respond(abstain(), aside, SKILLS)
    assert unclear.context.awaiting == asked
    assert unclear.reply is not None
    assert unclear.reply.speech.endswith("For how long?")
    assert not unclear.reply.ended


def test_after_a_stop_nothing_is_come_back_to() -> None:
    before = context(awaiting=ASKED, reprompt="For how long?")
    aside = respond(act(reading("Heat", skill="oven")), before, SKILLS).context
    stopped = respond(act(reading("AMAZON.StopIntent", skill="oven")), aside, SKILLS)
    assert stopped.context.aside == ()
    assert stopped.context.awaiting is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("set a timer for ten, no, twelve minutes", "set a timer for twelve minutes"),
        ("wake me at six, wait, seven", "wake me at seven"),
        ("wake me at six, no, at seven", "wake me at seven"),
        ("remind me on Monday, sorry, on Tuesday", "remind me on Tuesday"),
        ("wake me tomorrow, i mean the day after tomorrow", "wake me the day after tomorrow"),
        ("for two nights, no i meant three nights", "for three nights"),
        ("tomorrow at nine in the evening, no, two pm", "tomorrow at two pm"),
        ("seven am tomorrow, no, the day after tomorrow", "seven am the day after tomorrow"),
        ("the day after tomorrow at six pm no wait 1 pm", "the day after tomorrow at 1 pm"),
        ("it is actually seven", "it is actually seven"),
        ("no, twelve", "no, twelve"),
        ("tell her no, thanks", "tell her no, thanks"),
    ],
)
def test_a_slip_is_put_right_in_the_same_breath(said: str, meant: str) -> None:
    assert repaired(said, now=NOW, locale="en-US") == meant


def remark(basis: Basis) -> Decision:
    return Decision(Outcome.ABSTAIN, basis=basis)


def test_a_word_to_stop_is_heard_where_nothing_is_open() -> None:
    move = respond(remark(Basis.DISMISSAL), context(), SKILLS)
    assert move.reply is not None
    assert (move.reply.speech, move.reply.ended) == ("Okay.", True)


def test_it_closes_a_session_whose_skill_does_not_know_the_word() -> None:
    move = respond(remark(Basis.DISMISSAL), context(active="oven"), SKILLS)
    assert move.context.active is None
    assert move.ending is not None
    assert (move.ending.skill, move.ending.reason) == ("oven", "USER_INITIATED")


def test_thanks_are_heard_and_change_nothing() -> None:
    before = context(done=reading("Set"))
    move = respond(remark(Basis.THANKS), before, SKILLS)
    assert move.reply is not None
    assert move.reply.speech == "You're welcome."
    assert move.context == before
