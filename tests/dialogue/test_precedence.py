"""Who gets a sentence while something is open: the question, a waiting one, or another request."""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.aside import set_aside
from sayso.dialogue.precedence import last_resort
from sayso.types.context import Context
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome, ResolutionStatus, SlotValue
from sayso.understanding.cards import card_of
from sayso.understanding.heard import hear
from sayso.understanding.stock import stock_of
from sayso.understanding.view import view_of
from tests.dialogue.nouns import act, context
from tests.dialogue.test_answers import INSTALLED, awaiting_slot

VIEW = view_of(stock_of(map(card_of, INSTALLED.values())), "en-US", None)
NOTHING = Decision(Outcome.ABSTAIN)
HEAT = Hypothesis("oven", "Preheat", confidence=0.9)


def heard_as(text: str, decision: Decision, before: Context) -> Decision:
    return last_resort(decision, hear(text, None), before, VIEW)


def filled(decision: Decision) -> dict[str, str | None]:
    chosen = decision.chosen
    return {each.name: each.normalised for each in chosen.slots} if chosen is not None else {}


def test_words_that_mean_nothing_else_are_the_answer() -> None:
    found = heard_as("that soup from last week", NOTHING, awaiting_slot("dish"))
    assert (found.outcome, found.basis) == (Outcome.ACT, Basis.ANSWER)
    assert filled(found)["dish"] == "soup"


def test_what_is_surely_another_request_is_no_answer() -> None:
    said = act(HEAT)
    assert heard_as("get the oven ready for soup", said, awaiting_slot("dish")) is said


def test_what_is_hardly_another_request_is_the_answer() -> None:
    said = act(replace(HEAT, confidence=0.5))
    found = heard_as("that soup from last week", said, awaiting_slot("dish"))
    assert found.basis is Basis.ANSWER


def test_what_else_the_same_words_say_of_the_request_is_kept() -> None:
    six = SlotValue(
        "time", "AMAZON.TIME", "six", normalised="06:00", status=ResolutionStatus.MATCHED
    )
    again = Hypothesis("kitchen", "Order", (six,), confidence=0.5)
    found = heard_as("that soup from last week for six", act(again), awaiting_slot("dish"))
    assert filled(found)["dish"] == "soup"
    assert filled(found)["time"] == "06:00"


def behind_a_session(name: str) -> Context:
    """A question of the kitchen's waits; the oven's session is open."""
    return replace(set_aside(awaiting_slot(name)), active="oven", session="s1")


def test_a_question_that_waits_takes_a_value_that_is_known() -> None:
    found = heard_as("soup", NOTHING, behind_a_session("dish"))
    assert (found.basis, filled(found)["dish"]) == (Basis.ANSWER, "soup")


def test_a_question_that_waits_takes_no_other_words() -> None:
    found = heard_as("flurble", NOTHING, behind_a_session("dish"))
    assert found.basis is not Basis.ANSWER


def test_a_session_keeps_what_its_own_skill_understands() -> None:
    said = act(HEAT)
    assert heard_as("soup", said, behind_a_session("dish")) is said


def test_where_nothing_is_open_thanks_are_heard() -> None:
    assert heard_as("thank you", NOTHING, context()).basis is Basis.THANKS
