"""A costly request that asks something before it is done: one question does for two."""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.unfinished import asked_by_itself
from sayso.routing.decide import Costs
from sayso.types.readings import Decision, Hypothesis, Outcome, SlotValue
from sayso.types.skills import Intent, Language, Slot

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


def of_two(first: float, second: float) -> Decision:
    decision = asked(first)
    other = Hypothesis("tv", "On", confidence=second)
    return replace(
        decision,
        options=(*decision.options, other),
        hypotheses=(*decision.hypotheses, other),
    )


def test_a_choice_of_two_that_are_close_stays_a_choice() -> None:
    two = of_two(0.5, 0.45)
    assert settled(two) is two


def test_the_first_of_two_asks_its_own_question_if_it_would_be_done_but_for_its_cost() -> None:
    two = of_two(0.8, 0.1)
    assert settled(two).chosen == two.options[0]
    # Within a question of somebody else it may be the answer to that.
    assert asked_by_itself(two, DOORS, COSTS, answering=True) is two


def test_what_asks_for_a_yes_before_it_is_done_asks_for_nothing_else() -> None:
    agreed = Language(
        "en-US", "doors", intents=(replace(OPEN, confirm=("Open the {door} door?",)),)
    )
    decision = asked_by_itself(asked(0.8, SlotValue("door", "DOOR", "front")), agreed, COSTS)
    assert decision.outcome is Outcome.ACT
    assert decision.reason == "80% sure, and a yes is asked for before it is done"


def test_anything_else_is_left_alone() -> None:
    for decision in (asked(0.8, costly=False), Decision(Outcome.ABSTAIN)):
        assert settled(decision) is decision
    decision = asked(0.8)
    assert asked_by_itself(decision, None, COSTS) is decision
