"""Several requests in one sentence: what waits, what goes on, and what is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sayso.dialogue.several import back, beside, displaced, may_go_on, still_waiting, together
from sayso.types.calls import Card
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome
from sayso.types.turns import Given, Reply

NOW = datetime(2026, 11, 20, 17, 40, tzinfo=UTC)
QUIET = Context("c", now=NOW, turn=3)
ASKING = replace(QUIET, awaiting=Awaiting(Asked.CONFIRM, Hypothesis("door", "Unlock")))
WAITING = replace(ASKING, waiting=("turn on the porch light",))


def decided(intent: str, basis: Basis = Basis.ANSWER) -> Decision:
    return Decision(Outcome.ACT, Hypothesis("door", intent), basis=basis)


@pytest.mark.parametrize("intent", ["Unlock", "AMAZON.NoIntent"])
def test_an_answer_lets_what_waits_go_on(intent: str) -> None:
    assert still_waiting(decided(intent), WAITING, QUIET) == WAITING.waiting


@pytest.mark.parametrize("intent", ["AMAZON.StopIntent", "AMAZON.CancelIntent"])
def test_stop_drops_what_waits(intent: str) -> None:
    assert still_waiting(decided(intent), WAITING, QUIET) == ()


def test_another_request_drops_what_waits_unless_the_question_stays_open() -> None:
    other = decided("Lock", Basis.SESSION)
    assert still_waiting(other, WAITING, QUIET) == ()
    assert still_waiting(other, WAITING, ASKING) == WAITING.waiting


def test_an_answer_that_was_not_understood_keeps_it_waiting_and_giving_up_does_not() -> None:
    lost = Decision(Outcome.ABSTAIN)
    assert still_waiting(lost, WAITING, ASKING) == WAITING.waiting
    assert still_waiting(lost, WAITING, QUIET) == ()


def test_nothing_waits_for_a_question_that_nobody_asked() -> None:
    stale = replace(QUIET, waiting=("turn on the porch light",))
    assert still_waiting(decided("Unlock"), stale, QUIET) == ()


def test_what_waits_is_bounded() -> None:
    many = replace(WAITING, waiting=("a",) * 50)
    assert len(still_waiting(decided("Unlock"), many, QUIET)) == 2


def test_the_next_begins_when_nothing_is_asked_as_a_turn_of_its_own() -> None:
    assert may_go_on(QUIET)
    assert not may_go_on(ASKING)
    assert beside(QUIET, QUIET).turn == QUIET.turn + 1


def test_a_session_steps_aside_and_is_there_again() -> None:
    open_ = replace(QUIET, active="recipes", attributes={"step": 1}, session="s")
    aside = beside(open_, QUIET)
    assert (aside.active, aside.attributes) == (None, {})
    again = back(aside, open_)
    assert (again.active, again.attributes, again.session) == ("recipes", {"step": 1}, "s")
    assert again.turn == QUIET.turn + 1


def test_a_session_is_not_there_again_over_another_or_over_a_question() -> None:
    open_ = replace(QUIET, active="recipes")
    other = replace(QUIET, active="quiz")
    assert back(other, open_) is other
    ending = displaced(other, open_)
    assert ending is not None
    assert ending.skill == "recipes"
    assert displaced(QUIET, open_) is None
    assert back(ASKING, open_) is ASKING


def test_replies_are_said_in_order_and_one_alone_is_left_as_it_is() -> None:
    one, two = Reply("On.", card=Card("a")), Reply("When?", reprompt="When?", ended=False)
    both = together([one, two], ASKING)
    assert (both.speech, both.reprompt, both.ended) == ("On. When?", "When?", False)
    assert both.card == Card("a")
    assert together([two], ASKING) is two


def test_markup_of_one_is_put_around_the_plain_words_of_the_other() -> None:
    marked = Reply("Hi", ssml='<speak version="1.1">H<break/>i</speak>')
    both = together([Reply("Salt & pepper."), marked], QUIET)
    assert both.ssml == "<speak>Salt &amp; pepper. H<break/>i</speak>"
    assert together([Reply("On."), Reply("x", ssml="<?xml?><speak>x</speak>")], QUIET).ssml is None


def test_what_programs_get_of_each_is_kept() -> None:
    act = Hypothesis("lamp", "On", features={"cosine": 0.9})
    first = Reply("On.", decision=Decision(Outcome.ACT, act), data={"on": True})
    second = Reply("Off.", decision=Decision(Outcome.ACT, Hypothesis("fan", "Off")), data=7)
    both = together([first, Reply("Hm."), second], QUIET)
    assert both.data == 7
    assert both.earlier == (Given(Hypothesis("lamp", "On"), {"on": True}),)
