"""What a skill answered becomes a reply, an open session, a question, or one more call."""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.conclude import conclude
from sayso.dialogue.moves import Move
from sayso.types.calls import Answer, Call, CallKind, Card, Progress
from sayso.types.context import Asked, Context
from sayso.types.readings import Hypothesis
from sayso.types.skills import SlotType, TypeValue
from tests.dialogue.nouns import TIMER, act, context, reading, reply_of, slot

CHOSEN = reading("Set", slot("duration", "an hour"))


def follow(
    answer: Answer,
    before: Context | None = None,
    chosen: Hypothesis = CHOSEN,
    *,
    confirmed: bool = False,
) -> Move:
    call = Call(CallKind.INTENT, "timer", chosen, confirmed=confirmed)
    return conclude(answer, call, act(chosen), before or context(session="s1"), TIMER)


def test_an_answer_is_said_and_the_session_closed() -> None:
    move = follow(Answer("Done."), context(active="timer", session="s1", attributes={"n": 1}))
    assert reply_of(move).speech == "Done."
    assert reply_of(move).ended
    assert (move.context.active, move.context.session, move.context.attributes) == (None, None, {})


def test_markup_reprompt_and_card_reach_the_reply() -> None:
    card = Card("Timer", "One hour")
    answer = Answer("Done.", ssml="<speak>Done.</speak>", reprompt="More?", card=card)
    reply = reply_of(follow(answer))
    assert (reply.ssml, reply.reprompt, reply.card) == ("<speak>Done.</speak>", "More?", card)
    assert reply.decision == act(CHOSEN)


def test_a_session_kept_open_keeps_its_attributes() -> None:
    move = follow(Answer("Which?", ended=False, attributes={"step": 2}))
    assert not reply_of(move).ended
    assert (move.context.active, move.context.session) == ("timer", "s1")
    assert move.context.attributes == {"step": 2}


def test_a_slot_that_the_skill_asks_for_is_awaited() -> None:
    move = follow(Answer("How long?", ask_slot="duration"))
    awaiting = move.context.awaiting
    assert awaiting is not None
    assert (awaiting.asked, awaiting.slot, awaiting.pending) == (Asked.SLOT, "duration", CHOSEN)
    assert not reply_of(move).ended
    assert move.context.active == "timer"


def test_a_slot_that_a_skill_asks_for_a_third_time_is_given_up() -> None:
    asks = Answer("How long?", ask_slot="duration")
    before = context(active="timer", session="s1")
    for tried in ((), ("duration",)):
        call = Call(CallKind.INTENT, "timer", CHOSEN, tried=tried)
        awaiting = conclude(asks, call, act(CHOSEN), before, TIMER).context.awaiting
        assert awaiting is not None
        assert awaiting.tried == (*tried, "duration")
    call = Call(CallKind.INTENT, "timer", CHOSEN, tried=("duration", "duration"))
    move = conclude(asks, call, act(CHOSEN), before, TIMER)
    assert reply_of(move).ended
    assert (move.context.awaiting, move.context.active) == (None, None)
    assert move.ending is not None
    assert move.ending.reason == "EXCEEDED_MAX_REPROMPTS"


def test_the_next_question_of_a_quiz_is_no_question_asked_again() -> None:
    asks = Answer("And the second?", ask_slot="duration", attributes={"question": 2})
    before = context(active="timer", session="s1", attributes={"question": 1})
    call = Call(CallKind.INTENT, "timer", CHOSEN, tried=("duration", "duration"))
    awaiting = conclude(asks, call, act(CHOSEN), before, TIMER).context.awaiting
    assert awaiting is not None
    assert awaiting.tried == ("duration",)


def test_a_slot_is_awaited_for_the_reading_that_the_skill_changed() -> None:
    updated = replace(CHOSEN, intent="Reset")
    awaiting = follow(Answer("Which?", ask_slot="name", updated=updated)).context.awaiting
    assert awaiting is not None
    assert awaiting.pending == updated


def test_a_skill_that_wants_a_yes_gets_the_question_asked() -> None:
    move = follow(Answer(confirm=True))
    awaiting = move.context.awaiting
    assert awaiting is not None
    assert awaiting.asked is Asked.CONFIRM
    assert reply_of(move).speech == "Are you sure?"


def test_delegating_asks_for_what_is_missing() -> None:
    move = follow(Answer(delegate=True, attributes={"n": 1}), chosen=reading("Set"))
    assert reply_of(move).speech == reply_of(move).reprompt
    assert reply_of(move).speech.startswith("For how long")
    assert move.context.awaiting is not None
    assert move.context.attributes == {"n": 1}


def test_delegating_with_nothing_missing_calls_the_skill_again() -> None:
    move = follow(Answer(delegate=True))
    assert move.reply is None
    assert move.call is not None
    assert move.call.hypothesis == CHOSEN
    assert not move.call.confirmed, "nobody was asked"
    assert move.call.progress is Progress.COMPLETED
    assert not move.call.new_session
    assert move.context.active == "timer"


def test_delegating_asks_for_a_yes_where_the_intent_wants_one() -> None:
    move = follow(Answer(delegate=True), chosen=reading("Reset", slot("name", "tea")))
    assert reply_of(move).speech == "Forget tea?"
    assert move.context.awaiting is not None
    assert move.context.awaiting.asked is Asked.CONFIRM


def test_delegating_after_a_yes_does_not_ask_for_it_again() -> None:
    chosen = reading("Reset", slot("name", "tea"))
    move = follow(Answer(delegate=True), chosen=chosen, confirmed=True)
    assert move.call is not None
    assert move.call.hypothesis == chosen


def test_a_yes_does_not_hold_for_a_reading_that_the_skill_then_changed() -> None:
    chosen, other = (reading("Reset", slot("name", name)) for name in ("tea", "eggs"))
    move = follow(Answer(delegate=True, updated=other), chosen=chosen, confirmed=True)
    assert reply_of(move).speech == "Forget eggs?"


def test_a_failure_is_an_apology_that_names_the_skill_and_nothing_else() -> None:
    move = follow(Answer(failure="ZeroDivisionError in handler"))
    assert reply_of(move).speech == "Sorry, Timer isn't answering right now."
    assert reply_of(move).ended


def test_a_failing_skill_with_words_of_its_own_is_heard() -> None:
    assert reply_of(follow(Answer("Try later.", failure="timeout"))).speech == "Try later."


def test_a_launch_that_asks_for_a_slot_has_no_reading_to_go_on_with() -> None:
    call = Call(CallKind.LAUNCH, "timer")
    move = conclude(
        Answer("How long?", ask_slot="duration", ended=False), call, act(CHOSEN), context(), TIMER
    )
    assert move.context.awaiting is None
    assert reply_of(move).speech == "How long?"


def test_values_that_the_skill_sets_hold_until_it_sets_others_or_its_session_ends() -> None:
    huts = (SlotType("Hut", (TypeValue("Trefilberg"),)),)
    kept = follow(Answer("Where?", ended=False, entities=huts)).context
    assert kept.entities == huts
    assert follow(Answer("Well?", ended=False), kept).context.entities == huts
    assert follow(Answer("So?", ended=False, entities=()), kept).context.entities == ()
    assert follow(Answer("Bye.", entities=huts), kept).context.entities == ()
