"""Act, ask which one, or abstain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.routing.decide import OPTIONS, Thresholds, decide
from sayso.types.turns import Hypothesis, Outcome

THRESHOLDS = Thresholds(act=0.5, ask=0.2, margin=0.15)


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
    decision = decide(readings(*confidences), [("skill0", 1.0)], THRESHOLDS)
    assert decision.outcome is outcome
    assert (decision.chosen is not None) == (outcome is Outcome.ACT)
    assert (len(decision.options) == OPTIONS) == (outcome is Outcome.ASK)


def test_two_readings_of_one_intent_are_no_rivals() -> None:
    ranked = [
        Hypothesis("timer", "Set", confidence=0.5),
        Hypothesis("timer", "Set", confidence=0.45),
    ]
    assert decide(ranked, (), THRESHOLDS).outcome is Outcome.ACT


def test_two_intents_of_one_skill_are_rivals() -> None:
    ranked = [
        Hypothesis("timer", "Pause", confidence=0.5),
        Hypothesis("timer", "Cancel", confidence=0.45),
    ]
    decision = decide(ranked, (), THRESHOLDS)
    assert decision.outcome is Outcome.ASK
    assert [option.intent for option in decision.options] == ["Pause", "Cancel"]


def test_the_decision_keeps_all_it_was_made_of() -> None:
    ranked, shortlist = readings(0.9, 0.05), [("skill0", 0.8), ("skill1", 0.1)]
    decision = decide(ranked, shortlist, THRESHOLDS)
    assert decision.chosen is ranked[0]
    assert list(decision.hypotheses) == ranked
    assert list(decision.shortlist) == shortlist
    assert decision.threshold == THRESHOLDS.act
    assert decision.propensity == 1.0
    assert decision.reason == "90% sure, 5% for the runner-up"


def test_a_margin_of_nothing_never_asks_when_sure() -> None:
    decision = decide(readings(0.5, 0.49), (), Thresholds(act=0.5, ask=0.2, margin=0.0))
    assert decision.outcome is Outcome.ACT


confidences = st.lists(st.floats(0, 1), max_size=6).map(lambda xs: sorted(xs, reverse=True))
shares = st.floats(0, 1)


@given(confidences, shares, shares, shares)
def test_whatever_the_thresholds_an_action_is_sure_and_a_question_has_a_choice(
    found: list[float], act: float, ask: float, margin: float
) -> None:
    decision = decide(readings(*found), (), Thresholds(act, ask, margin))
    if decision.outcome is Outcome.ACT:
        assert decision.chosen is not None
        assert decision.chosen.confidence >= act
    elif decision.outcome is Outcome.ASK:
        assert len(decision.options) > 1
        assert all(option.confidence >= ask for option in decision.options)
    else:
        assert not decision.options
    assert decision.reason
