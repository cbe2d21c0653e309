"""Act, ask which one, or abstain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.routing.decide import LEAST, OPTIONS, Costs, decide
from sayso.settings import RoutingSettings
from sayso.types.readings import Hypothesis, Outcome

COSTS = Costs.of_caution(0.5)


def readings(*confidences: float) -> list[Hypothesis]:
    """A reading of another skill for each confidence."""
    return [Hypothesis(f"skill{i}", "Do", confidence=c) for i, c in enumerate(confidences)]


@pytest.mark.parametrize(
    ("confidences", "outcome"),
    [
        ((0.9, 0.05), Outcome.ACT),
        ((0.5,), Outcome.ACT),
        ((0.60, 0.40), Outcome.ACT),  # sure, and well ahead
        ((0.50, 0.40), Outcome.ASK),  # sure, but the runner-up is close
        ((0.45, 0.40), Outcome.ASK),  # neither is sure, together they are
        ((0.45, 0.15), Outcome.ABSTAIN),  # the runner-up is not worth asking about
        ((0.24, 0.22), Outcome.ABSTAIN),  # two options, yet most likely neither
        ((0.3,), Outcome.ABSTAIN),
        ((), Outcome.ABSTAIN),
    ],
)
def test_the_outcome_follows_from_confidence_and_lead(
    confidences: tuple[float, ...], outcome: Outcome
) -> None:
    decision = decide(readings(*confidences), [("skill0", 1.0)], COSTS)
    assert decision.outcome is outcome
    assert (decision.chosen is not None) == (outcome is Outcome.ACT)
    assert (len(decision.options) == OPTIONS) == (outcome is Outcome.ASK)


def test_two_readings_of_one_intent_are_no_rivals() -> None:
    ranked = [
        Hypothesis("timer", "Set", confidence=0.5),
        Hypothesis("timer", "Set", confidence=0.45),
    ]
    assert decide(ranked, (), COSTS).outcome is Outcome.ACT


def test_two_intents_of_one_skill_are_rivals() -> None:
    ranked = [
        Hypothesis("timer", "Pause", confidence=0.5),
        Hypothesis("timer", "Cancel", confidence=0.45),
    ]
    decision = decide(ranked, (), COSTS)
    assert decision.outcome is Outcome.ASK
    assert [option.intent for option in decision.options] == ["Pause", "Cancel"]


def test_the_decision_keeps_all_it_was_made_of() -> None:
    ranked, shortlist = readings(0.9, 0.05), [("skill0", 0.8), ("skill1", 0.1)]
    decision = decide(ranked, shortlist, COSTS)
    assert decision.chosen is ranked[0]
    assert list(decision.hypotheses) == ranked
    assert list(decision.shortlist) == shortlist
    assert decision.threshold == 0.5
    assert decide(readings(0.9, 0.1), (), COSTS).threshold == pytest.approx((1 + 1 - 0.8) / 2)
    assert decision.propensity == 1.0
    assert decision.reason == "90% sure, 5% for the runner-up"


@pytest.mark.parametrize("caution", [0.0, 0.3, 0.5, 0.8, 0.95])
def test_alone_a_reading_is_acted_upon_from_the_confidence_that_caution_names(
    caution: float,
) -> None:
    costs = Costs.of_caution(caution)
    assert costs.caution == pytest.approx(caution)
    assert decide(readings(caution + 1e-6), (), costs).outcome is Outcome.ACT
    if caution:
        assert decide(readings(caution - 1e-6), (), costs).outcome is Outcome.ABSTAIN


def test_caution_turns_an_action_into_a_question_and_a_question_is_of_no_use_without_options() -> (
    None
):
    outcomes = [
        decide(readings(0.7, 0.25), (), Costs.of_caution(caution)).outcome
        for caution in (0.1, 0.5, 0.7, 0.9)
    ]
    assert outcomes == [Outcome.ACT, Outcome.ACT, Outcome.ASK, Outcome.ASK]
    assert decide(readings(0.7), (), Costs.of_caution(0.9)).outcome is Outcome.ABSTAIN


confidences = st.lists(st.floats(0, 1), max_size=6).map(
    lambda xs: [x / max(1.0, sum(xs)) for x in sorted(xs, reverse=True)]
)


def test_costs_nobody_set_are_those_of_the_setting_nobody_made() -> None:
    assert Costs().caution == pytest.approx(RoutingSettings().caution)


cautions = st.floats(0, 0.99)


@given(confidences, cautions)
def test_whatever_the_caution_an_action_is_sure_and_a_question_has_a_choice(
    found: list[float], caution: float
) -> None:
    decision = decide(readings(*found), (), Costs.of_caution(caution))
    if decision.outcome is Outcome.ACT:
        assert decision.chosen is not None
        assert decision.chosen.confidence >= caution - 1e-9
        assert decision.chosen.confidence >= decision.threshold
    elif decision.outcome is Outcome.ASK:
        assert len(decision.options) == OPTIONS
        assert all(option.confidence >= LEAST for option in decision.options)
    else:
        assert not decision.options
    assert decision.reason


@given(confidences, cautions, cautions)
def test_more_caution_never_makes_sayso_act(found: list[float], one: float, other: float) -> None:
    low, high = sorted((one, other))
    bold = decide(readings(*found), (), Costs.of_caution(low))
    careful = decide(readings(*found), (), Costs.of_caution(high))
    assert bold.outcome is Outcome.ACT or careful.outcome is not Outcome.ACT
