"""A back-end that fails: said plainly; what was open stands as before, once."""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.failing import after_failure
from sayso.dialogue.moves import Move
from sayso.types.calls import Call, CallKind
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.skills import Fulfilment, FulfilmentKind
from sayso.types.turns import Reply
from tests.dialogue.nouns import TIMER, context, reading, slot

SORRY = Reply("Sorry, Timer isn't answering right now.")
CALL = Call(CallKind.INTENT, "timer", reading("Set", slot("duration", "an hour")))
KEPT = replace(TIMER, fulfilment=Fulfilment(FulfilmentKind.PYTHON, handler="code:handle"))
LATER = Move(context(), reply=SORRY)


def session(failures: int = 0) -> Context:
    attributes = {"round": 2}
    open_now = context(active="timer", attributes=attributes, reprompt="Well?", last_speech="So?")
    return replace(open_now, failures=failures)


def test_out_of_the_blue_there_is_nothing_to_keep() -> None:
    after, reply = after_failure(context(), LATER, CALL, KEPT)
    assert (after, reply) == (LATER.context, SORRY)


def test_a_session_stands_as_before_and_listens() -> None:
    after, reply = after_failure(session(), LATER, CALL, KEPT)
    assert after == session(failures=1)
    assert (reply.speech, reply.reprompt, reply.ended) == (SORRY.speech, "Well?", False)


def test_a_question_is_open_still() -> None:
    awaiting = Awaiting(Asked.SLOT, reading("Set"), "duration")
    after, _ = after_failure(context(awaiting=awaiting), LATER, CALL, KEPT)
    assert after.awaiting == awaiting


def test_the_second_failure_in_a_row_ends_it() -> None:
    after, reply = after_failure(session(failures=1), LATER, CALL, KEPT)
    assert (after.active, after.failures, reply.ended) == (None, 0, True)


def test_another_skill_that_fails_leaves_no_session_of_its_own() -> None:
    other = replace(CALL, skill="oven")
    assert after_failure(session(), LATER, other, KEPT)[0] == LATER.context


def test_whoever_says_stop_is_not_held() -> None:
    stop = Call(CallKind.INTENT, "timer", reading("AMAZON.StopIntent"))
    assert after_failure(session(), LATER, stop, KEPT)[1].ended


def test_a_reply_with_a_hole_ends_what_it_would_have_ended() -> None:
    assert after_failure(session(), LATER, CALL, TIMER) == (LATER.context, SORRY)
