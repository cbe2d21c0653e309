"""A decision becomes a reply of Sayso's own, or a call to the skill."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.dialogue.aside import as_it_was
from sayso.dialogue.moves import Move
from sayso.dialogue.phrases import either, phrase
from sayso.dialogue.respond import respond
from sayso.types.calls import CallKind
from sayso.types.context import MOST_ASIDE, Asked, Awaiting, Context
from sayso.types.readings import LAUNCH, Basis, Decision
from sayso.types.skills import Intent, Skill
from tests.dialogue.nouns import (
    OVEN,
    SKILLS,
    TIMER,
    abstain,
    act,
    ask,
    context,
    reading,
    reply_of,
    slot,
)


def turn(decision: Decision, before: Context) -> Move:
    return respond(decision, before, SKILLS)


def test_a_reading_with_all_it_needs_calls_the_skill() -> None:
    chosen = reading("Set", slot("duration", "five minutes"))
    move = turn(act(chosen), context())
    assert move.reply is None
    assert move.call is not None
    assert (move.call.kind, move.call.skill) == (CallKind.INTENT, "timer")
    assert move.call.hypothesis is chosen
    assert move.call.new_session
    assert not move.call.confirmed
    assert move.ending is None
    assert move.context.session == "c1.1.timer"


def test_a_launch_opens_the_skill_without_an_intent() -> None:
    move = turn(act(reading(LAUNCH)), context())
    assert move.call is not None
    assert move.call.kind is CallKind.LAUNCH
    assert move.call.hypothesis is None


def test_a_missing_required_slot_is_asked_for() -> None:
    move = turn(act(reading("Set", slot("name", "tea"))), context())
    reply = reply_of(move)
    assert reply.speech == reply.reprompt == "For how long, tea?"
    assert not reply.ended
    awaiting = move.context.awaiting
    assert awaiting is not None
    assert (awaiting.asked, awaiting.slot) == (Asked.SLOT, "duration")
    assert awaiting.pending == reading("Set", slot("name", "tea"))


def test_a_required_slot_without_a_prompt_is_asked_for_by_its_name() -> None:
    set_ = SKILLS["timer"].languages[0].intents[0]
    bare = replace(set_, slots=tuple(replace(x, ask=()) for x in set_.slots))
    skill = with_intents(TIMER, bare)
    move = respond(act(reading("Set")), context(), {"timer": skill})
    assert reply_of(move).speech == "What duration would you like?"


def test_an_answered_slot_lets_the_reading_go_on() -> None:
    pending = reading("Set", slot("name", "tea"))
    before = context(awaiting=Awaiting(Asked.SLOT, pending, "duration"), session="c1.1.timer")
    filled = reading("Set", slot("name", "tea"), slot("duration", "an hour"))
    move = turn(act(filled), before)
    assert move.call is not None
    assert move.call.hypothesis is filled
    assert move.context.awaiting is None


def test_a_risky_intent_asks_for_a_yes_with_what_was_said() -> None:
    move = turn(act(reading("Reset", slot("name", "tea"))), context())
    assert reply_of(move).speech == "Forget tea?"
    awaiting = move.context.awaiting
    assert awaiting is not None
    assert awaiting.asked is Asked.CONFIRM


def test_a_yes_calls_the_skill_as_confirmed() -> None:
    pending = reading("Reset", slot("name", "tea"))
    yes = replace(act(pending), basis=Basis.ANSWER)
    move = turn(yes, context(awaiting=Awaiting(Asked.CONFIRM, pending)))
    assert move.call is not None
    assert move.call.confirmed
    assert move.context.awaiting is None


def test_to_ask_for_it_once_more_is_no_yes() -> None:
    pending = reading("Reset", slot("name", "tea"))
    again = replace(act(pending), basis=Basis.SESSION)
    move = turn(again, context(awaiting=Awaiting(Asked.CONFIRM, pending)))
    assert move.call is None
    assert reply_of(move).speech == "Forget tea?"


def test_a_yes_holds_for_the_reading_that_was_asked_about_and_no_other() -> None:
    asked = Awaiting(Asked.CONFIRM, reading("Reset", slot("name", "tea")))
    move = turn(act(reading("Reset", slot("name", "eggs"))), context(awaiting=asked))
    assert reply_of(move).speech == "Forget eggs?"


def test_a_no_drops_what_was_asked_about() -> None:
    asked = Awaiting(Asked.CONFIRM, reading("Reset"))
    move = turn(act(reading("AMAZON.NoIntent")), context(awaiting=asked))
    assert reply_of(move).speech == phrase("cancelled", "en-US")
    assert reply_of(move).ended
    assert move.context.awaiting is None


def test_a_no_to_a_question_which_one_calls_none_of_them() -> None:
    skill = with_intents(TIMER, *TIMER.languages[0].intents, Intent("AMAZON.NoIntent"))
    asked = Awaiting(Asked.WHICH, options=(reading("Set"), reading("Reset")))
    move = respond(act(reading("AMAZON.NoIntent")), context(awaiting=asked), {"timer": skill})
    assert reply_of(move).speech == phrase("cancelled", "en-US")
    assert move.context.awaiting is None


def test_a_no_closes_the_session_that_the_question_was_asked_in() -> None:
    asked = Awaiting(Asked.CONFIRM, reading("Reset"))
    before = context(awaiting=asked, active="timer", session="s1")
    move = turn(act(reading("AMAZON.NoIntent")), before)
    assert move.context.active is None
    assert move.ending is not None
    assert (move.ending.skill, move.ending.reason) == ("timer", "USER_INITIATED")


def test_a_no_is_the_pending_questions_even_if_the_skill_knows_the_word() -> None:
    skill = with_intents(TIMER, *TIMER.languages[0].intents, Intent("AMAZON.NoIntent"))
    asked = Awaiting(Asked.CONFIRM, reading("Reset"))
    move = respond(act(reading("AMAZON.NoIntent")), context(awaiting=asked), {"timer": skill})
    assert reply_of(move).speech == phrase("cancelled", "en-US")


def test_a_no_in_a_skills_own_session_goes_to_the_skill() -> None:
    skill = with_intents(TIMER, Intent("AMAZON.NoIntent"))
    before = context(active="timer", session="s1")
    move = respond(act(reading("AMAZON.NoIntent")), before, {"timer": skill})
    assert move.call is not None
    assert not move.call.new_session


def test_a_close_call_asks_which_skill_is_meant() -> None:
    options = (reading("Set"), reading("Heat", skill="oven"))
    move = turn(ask(*options), context())
    assert reply_of(move).speech == "Did you mean Timer or Oven?"
    assert not reply_of(move).ended
    awaiting = move.context.awaiting
    assert awaiting is not None
    assert (awaiting.asked, awaiting.options) == (Asked.WHICH, options)


def test_two_intents_of_one_skill_are_told_apart_by_an_example() -> None:
    move = turn(ask(reading("Set"), reading("Reset")), context())
    speech = reply_of(move).speech
    assert speech == "Did you mean Timer: set a timer for duration or Timer: forget all timers?"


def test_the_session_that_is_open_goes_on() -> None:
    before = context(active="timer", session="s1", attributes={"n": 1})
    move = turn(act(reading("Set", slot("duration", "an hour"))), before)
    assert move.call is not None
    assert not move.call.new_session
    assert (move.context.session, move.context.attributes) == ("s1", {"n": 1})


def test_the_open_session_waits_while_another_skill_is_called() -> None:
    before = context(active="oven", session="s1", attributes={"n": 1}, reprompt="How hot?")
    move = turn(act(reading("Set", slot("duration", "an hour"))), before)
    assert move.ending is None
    assert (move.context.session, move.context.attributes) == ("c1.1.timer", {})
    assert move.context.active is None
    (aside,) = move.context.aside
    assert (aside.active, aside.session, aside.attributes) == ("oven", "s1", {"n": 1})
    assert aside.speech == "How hot?"


def test_a_skill_that_is_named_closes_the_session_that_was_open() -> None:
    before = context(active="oven", session="s1")
    chosen = reading("Set", slot("duration", "an hour"))
    move = turn(replace(act(chosen), basis=Basis.NAMED), before)
    assert move.ending is not None
    assert (move.ending.kind, move.ending.skill) == (CallKind.SESSION_ENDED, "oven")
    assert move.ending.reason == "USER_INITIATED"


def test_no_more_waits_than_somebody_can_keep_in_mind() -> None:
    before = context(active="oven", session="s1")
    for number in range(MOST_ASIDE):
        move = turn(act(reading("Set")), before)
        assert move.dropped == ()
        before = replace(move.context, awaiting=None, active="oven", session=f"s{number + 2}")
    move = turn(act(reading("Set")), before)
    assert len(move.context.aside) == MOST_ASIDE
    assert [each.active for each in move.dropped] == ["oven"]


def test_a_stop_drops_the_sessions_that_waited_and_says_which() -> None:
    before = context(active="oven", session="s1", attributes={"n": 1})
    aside = turn(act(reading("Set")), before)
    assert aside.dropped == ()
    stopped = turn(act(reading("AMAZON.StopIntent")), aside.context)
    (gone,) = stopped.dropped
    assert (gone.active, gone.session) == ("oven", "s1")
    then = as_it_was(gone, stopped.context)
    assert (then.active, then.session, then.attributes) == ("oven", "s1", {"n": 1})


def test_a_session_that_is_come_back_to_is_not_dropped() -> None:
    before = context(active="oven", session="s1")
    aside = turn(act(reading("Set")), before)
    back = turn(act(reading("AMAZON.NoIntent")), aside.context)
    assert back.context.active == "oven"
    assert back.dropped == ()


@pytest.mark.parametrize("intent", ["AMAZON.StopIntent", "AMAZON.CancelIntent"])
def test_stop_closes_the_session_of_a_skill_that_does_not_handle_it(intent: str) -> None:
    move = turn(act(reading(intent)), context(active="timer", session="s1", attributes={"n": 1}))
    assert reply_of(move).speech == phrase("cancelled", "en-US")
    assert reply_of(move).ended
    assert move.ending is not None
    assert move.ending.skill == "timer"
    assert (move.context.active, move.context.session, move.context.attributes) == (None, None, {})


def test_stop_in_a_question_drops_the_question() -> None:
    asked = Awaiting(Asked.SLOT, reading("Set"), "duration")
    move = turn(act(reading("AMAZON.CancelIntent")), context(awaiting=asked))
    assert reply_of(move).ended
    assert move.context.awaiting is None
    assert move.ending is None


def test_help_names_things_to_say_that_need_no_slot() -> None:
    move = turn(act(reading("AMAZON.HelpIntent")), context(active="timer", session="s1"))
    reply = reply_of(move)
    assert "set a timer; start a timer; forget all timers" in reply.speech
    assert "{" not in reply.speech
    assert not reply.ended
    assert move.context.active == "timer"


def test_repeat_says_the_last_thing_again() -> None:
    move = turn(act(reading("AMAZON.RepeatIntent")), context(last_speech="Ten minutes left."))
    assert reply_of(move).speech == "Ten minutes left."


def test_abstaining_says_so_and_keeps_an_open_session() -> None:
    move = turn(abstain(), context(active="timer", session="s1"))
    assert reply_of(move).speech == phrase("unknown", "en-US")
    assert not reply_of(move).ended
    assert move.context.active == "timer"
    assert reply_of(turn(abstain(), context())).ended


def test_an_answer_not_understood_repeats_the_question_once() -> None:
    asked = Awaiting(Asked.SLOT, reading("Set"), "duration")
    before = context(awaiting=asked, last_speech="For how long?")
    move = turn(abstain(), before)
    assert reply_of(move).speech == "Sorry, I didn't get that. For how long?"
    assert move.context.awaiting == replace(asked, misses=1, tried=("duration", "duration"))


def test_a_second_miss_drops_the_question() -> None:
    asked = Awaiting(Asked.SLOT, reading("Set"), "duration", misses=1)
    move = turn(abstain(), context(awaiting=asked))
    assert reply_of(move).speech == phrase("cancelled", "en-US")
    assert reply_of(move).ended
    assert move.context.awaiting is None


def test_dropping_a_question_closes_the_session_it_was_asked_in() -> None:
    asked = Awaiting(Asked.SLOT, reading("Set"), "duration", misses=1)
    move = turn(abstain(), context(awaiting=asked, active="timer", session="s1"))
    assert move.context.active is None
    assert move.ending is not None
    assert move.ending.skill == "timer"
    assert move.ending.reason == "EXCEEDED_MAX_REPROMPTS"


def test_a_skill_without_the_locale_speaks_its_first_language() -> None:
    move = turn(act(reading("Heat", skill="oven")), context(locale="de-DE"))
    assert move.call is not None
    assert move.call.skill == OVEN.id


def test_every_phrase_has_the_same_blanks_in_every_tongue() -> None:
    values = {"options": "a", "name": "b", "example": "c", "slot": "d", "examples": "e"}
    for name in ("unknown", "which", "or", "option", "ask_slot", "confirm", "opened", "failed"):
        assert phrase(name, "de-DE", **values) != ""
        assert phrase(name, "xx-XX", **values) == phrase(name, "en-GB", **values)


def test_options_are_listed_as_they_are_spoken() -> None:
    assert either([], "en-US") == ""
    assert either(["a"], "en-US") == "a"
    assert either(["a", "b", "c"], "de-DE") == "a, b oder c"


def with_intents(skill: Skill, *intents: Intent) -> Skill:
    return replace(skill, languages=(replace(skill.languages[0], intents=intents),))


def test_one_option_is_asked_about_with_an_example_of_what_it_does() -> None:
    reply = reply_of(turn(ask(reading("Reset")), context()))
    assert reply.speech == "Did you mean Timer: forget all timers?"
    japanese = reply_of(turn(ask(reading("Reset")), context(locale="ja-JP")))
    assert "どちら" not in japanese.speech  # "which of the two"


def test_two_readings_of_one_intent_are_told_apart_by_their_values() -> None:
    two = [reading("Set", slot("duration", value)) for value in ("ten minutes", "two minutes")]
    speech = reply_of(turn(ask(*two), context())).speech
    assert "ten minutes or" in speech
    assert speech.endswith("two minutes?")


def test_a_call_says_what_was_asked_for_on_the_way_to_it() -> None:
    asked = Awaiting(Asked.SLOT, reading("Set"), "duration", tried=("duration",))
    answered = replace(act(reading("Set", slot("duration", "an hour"))), basis=Basis.ANSWER)
    move = turn(answered, context(awaiting=asked))
    assert move.call is not None
    assert move.call.tried == ("duration",)
