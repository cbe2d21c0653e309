"""The runner-up now and then, with a probability that the log can be held to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.evaluation.logged import action_of, support_of
from sayso.routing.decide import Costs
from sayso.routing.explore import Exploration, draw, explore
from sayso.routing.ground import Ground, settle
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.people import Person
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome

COSTS = Costs.of_caution(0.5)
HERE = Context("kitchen", datetime(2026, 11, 21, 9, tzinfo=UTC), turn=3)
OFTEN = Exploration(0.2)
NEAR_TWO = [Hypothesis("lamp", "On", confidence=0.6), Hypothesis("tv", "On", confidence=0.25)]


def decided(ranked: list[Hypothesis], context: Context = HERE) -> Decision:
    return settle(ranked, (), context, COSTS, Ground())


def explored(
    chance: float,
    ranked: list[Hypothesis] = NEAR_TWO,
    context: Context = HERE,
    exploration: Exploration = OFTEN,
) -> Decision:
    return explore(decided(ranked, context), context, exploration, COSTS, chance)


def skill(decision: Decision) -> str:
    assert decision.chosen is not None
    return decision.chosen.skill


def test_a_runner_up_that_is_near_is_tried_with_the_probability_that_is_logged() -> None:
    tried, usual = explored(0.19), explored(0.2)
    assert (skill(tried), tried.propensity) == ("tv", 0.2)
    assert (skill(usual), usual.propensity) == ("lamp", 0.8)
    assert tried.reason.startswith("explored")
    assert "explored" not in usual.reason


def test_nothing_is_explored_until_somebody_sets_a_share() -> None:
    assert explored(0.0, exploration=Exploration()) == decided(NEAR_TWO)


def marked(at: int) -> list[Hypothesis]:
    return [replace(x, side_effects=i == at, confidence=x.confidence) for i, x in enumerate(SURE)]


SURE = [Hypothesis("lamp", "On", confidence=0.93), Hypothesis("tv", "On", confidence=0.06)]
WIDE = Costs(wrong=0.1)  # under which even these two are near


@pytest.mark.parametrize("at", [0, 1])
def test_what_has_side_effects_is_never_explored(at: int) -> None:
    decision = settle(marked(at), (), HERE, COSTS, Ground())
    assert skill(decision) == "lamp"
    assert explore(decision, HERE, OFTEN, WIDE, 0.0) == decision
    plain = settle(SURE, (), HERE, COSTS, Ground())
    assert skill(explore(plain, HERE, OFTEN, WIDE, 0.0)) == "tv"


def test_a_runner_up_that_is_far_is_not_tried() -> None:
    far = [Hypothesis("lamp", "On", confidence=0.9), Hypothesis("tv", "On", confidence=0.05)]
    assert explored(0.0, far) == decided(far)


@pytest.mark.parametrize(
    "context",
    [
        replace(HERE, active="lamp"),
        replace(HERE, awaiting=Awaiting(Asked.WHICH)),
        replace(HERE, trial={"tv": 0.0}),
        replace(HERE, conversation=""),
    ],
    ids=["session", "question", "trial", "no conversation"],
)
def test_nothing_is_explored_in(context: Context) -> None:
    assert explored(0.0, context=context) == decided(NEAR_TWO, context)


def test_a_new_skill_may_be_tried_for_a_person_who_has_enabled_it() -> None:
    mine = replace(HERE, trial={"tv": 0.9}, person=Person(enabled=("tv",)))
    assert skill(explored(0.0, context=mine)) == "tv"


def test_a_skill_that_was_named_is_not_explored_away() -> None:
    named = replace(decided(NEAR_TWO), basis=Basis.NAMED)
    assert explore(named, HERE, OFTEN, COSTS, 0.0) == named


def test_of_two_skills_the_smaller_share_counts() -> None:
    strict = Exploration(0.2, {"tv": 0.05})
    assert skill(explored(0.04, exploration=strict)) == "tv"
    assert explored(0.05, exploration=strict).propensity == 0.95
    assert explored(0.0, exploration=Exploration(0.2, {"lamp": 0.0})).propensity == 1.0
    assert explored(0.0, exploration=Exploration(0.0, {"tv": 0.2})).propensity == 1.0


def test_a_replayed_turn_draws_the_same_number_and_another_turn_another() -> None:
    assert draw(HERE) == draw(replace(HERE, now=datetime(2027, 1, 1, tzinfo=UTC)))
    others = [replace(HERE, turn=4), replace(HERE, user="ben"), replace(HERE, conversation="hall")]
    assert draw(HERE) not in [draw(other) for other in others]


def test_the_numbers_are_spread_evenly() -> None:
    drawn = [draw(replace(HERE, turn=turn)) for turn in range(4000)]
    assert all(0 <= number < 1 for number in drawn)
    for tenth in range(10):
        share = sum(tenth / 10 <= number < (tenth + 1) / 10 for number in drawn) / len(drawn)
        assert 0.08 < share < 0.12


def test_as_often_as_the_propensity_says_the_runner_up_is_tried() -> None:
    turns = [replace(HERE, turn=turn) for turn in range(4000)]
    tried = sum(skill(explored(draw(turn), context=turn)) == "tv" for turn in turns)
    assert 0.18 < tried / len(turns) < 0.22


@given(
    st.lists(st.floats(0.01, 1.0), min_size=0, max_size=5),
    st.floats(1.001, 1.5),
    st.floats(0, 0.5),
    st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_propensities_sum_to_one_over_what_may_be_done(
    parts: list[float], more: float, share: float, marks: list[bool]
) -> None:
    total = sum(parts) * more
    ranked = [
        Hypothesis(f"skill{i}", "Do", confidence=part / total, side_effects=mark)
        for i, (part, mark) in enumerate(zip(sorted(parts, reverse=True), marks, strict=False))
    ]
    chances = [number / 997 for number in range(997)]
    seen = [explored(chance, ranked, exploration=Exploration(share)) for chance in chances]
    done = {action_of(decision): decision.propensity for decision in seen}
    support = support_of(seen[0])
    assert support is not None
    assert sum(support.values()) == pytest.approx(1.0)
    assert all(support[action] == pytest.approx(chance) for action, chance in done.items())
    assert all(action_of(x) in support for x in seen)
    if share > 0.01:
        assert set(done) == set(support)
    if seen[0].outcome is not Outcome.ACT:
        assert len(support) == 1
