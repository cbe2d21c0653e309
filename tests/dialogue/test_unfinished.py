"""A costly request that lacks something: one question does for two."""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.unfinished import asked_by_itself
from sayso.routing.decide import Costs
from sayso.types.skills import Intent, Language, Slot
from sayso.types.turns import Decision, Hypothesis, Outcome, SlotValue

OPEN = Intent("Open", slots=(Slot("door", "DOOR", required=True),), side_effects=True)
DOORS = Language("en-US", "doors", intents=(OPEN,))
COSTS = Costs.of_caution(0.6)


def asked(confidence: float, *slots: SlotValue, costly: bool = True) -> Decision:
    option = Hypothesis("doors", "Open", slots, confidence=confidence, side_effects=costly)
    return Decision(Outcome.ASK, options=(option,), hypotheses=(option,), threshold=0.9)


def settled(decision: Decision) -> Decision:
    return asked_by_itself(decision, DOORS, COSTS)


def test_what_it_lacks_is_asked_for_in_place_of_whether_it_was_meant() -> None:
    decision = settled(asked(0.8))
    assert decision.outcome is Outcome.ACT
    assert decision.chosen is not None
    assert decision.options == ()
    assert decision.reason == "80% sure, and door is asked for before it is done"


def test_a_request_that_lacks_nothing_is_asked_about() -> None:
    decision = asked(0.8, SlotValue("door", "DOOR", "front"))
    assert settled(decision) is decision


def test_what_is_hardly_meant_is_asked_about() -> None:
    decision = asked(0.4)
    assert settled(decision) is decision


def test_a_choice_of_two_stays_a_choice() -> None:
    decision = asked(0.8)
    two = replace(decision, options=(*decision.options, Hypothesis("tv", "On")))
    assert settled(two) is two


def test_anything_else_is_left_alone() -> None:
    for decision in (asked(0.8, costly=False), Decision(Outcome.ABSTAIN)):
        assert settled(decision) is decision
    decision = asked(0.8)
    assert asked_by_itself(decision, None, COSTS) is decision
