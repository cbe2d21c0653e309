"""What is costly by mistake, and what is new, takes more to be acted upon."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.routing.decide import Costs, decide
from sayso.routing.ground import Ground, on_trial, settle, without
from sayso.settings import RoutingSettings
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.people import Person
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome

COSTS, GROUND = Costs.of_caution(0.6), Ground()
HERE = Context("kitchen", datetime(2026, 11, 21, 9, tzinfo=UTC))


def reading(skill: str, confidence: float, *, side_effects: bool = False) -> Hypothesis:
    return Hypothesis(skill, "Do", confidence=confidence, side_effects=side_effects)


def settled(*ranked: Hypothesis, context: Context = HERE, ground: Ground = GROUND) -> Decision:
    return settle(ranked, (), context, COSTS, ground)


def with_new(share: float, *skills: str) -> Context:
    """A context in which these skills are on trial and have had that share of all requests."""
    return replace(HERE, trial=dict.fromkeys(skills or ("new",), share))


def chosen(decision: Decision) -> str | None:
    return decision.chosen.skill if decision.chosen is not None else None


def test_what_is_neither_costly_nor_new_is_decided_as_ever() -> None:
    for ranked in ([reading("lamp", 0.7)], [reading("lamp", 0.5), reading("tv", 0.4)], []):
        assert settled(*ranked) == decide(ranked, (), COSTS)


def test_the_defaults_are_those_of_the_settings() -> None:
    told = RoutingSettings()
    assert GROUND.side_effects.caution == pytest.approx(told.caution_side_effects)
    assert GROUND.trial.caution == pytest.approx(told.new_skill_floor)
    assert GROUND.share == told.new_skill_share
    assert told.caution_side_effects > told.caution


def test_an_intent_with_side_effects_is_asked_about_where_another_is_done() -> None:
    decision = settled(reading("door", 0.85, side_effects=True))
    assert decision.outcome is Outcome.ASK
    assert [option.skill for option in decision.options] == ["door"]
    assert decision.threshold == pytest.approx(0.9)
    assert decision.reason == "Do has side effects: 85% sure, 90% needed to act"
    assert chosen(settled(reading("door", 0.95, side_effects=True))) == "door"


def test_the_lead_that_an_act_with_side_effects_needs_is_larger_too() -> None:
    rival = reading("lamp", 0.07)
    assert settled(reading("door", 0.91, side_effects=True), rival).outcome is Outcome.ACT
    ranked = reading("door", 0.88, side_effects=True), reading("lamp", 0.11)
    decision = settled(*ranked)
    assert decision.outcome is Outcome.ASK
    assert [option.skill for option in decision.options] == ["door", "lamp"]


def test_caution_holds_for_side_effects_too_where_it_is_higher() -> None:
    strict = Costs.of_caution(0.97)
    decision = settle([reading("door", 0.95, side_effects=True)], (), HERE, strict, GROUND)
    assert decision.outcome is not Outcome.ACT


def test_a_question_about_a_costly_act_is_asked_only_where_another_would_be_done() -> None:
    assert settled(reading("door", 0.5, side_effects=True)).outcome is Outcome.ABSTAIN


def test_a_new_skill_must_clear_its_floor() -> None:
    decision = settled(reading("new", 0.75), context=with_new(0.0))
    assert decision.outcome is Outcome.ASK
    assert "new is new" in decision.reason
    decision = settled(reading("new", 0.85), context=with_new(0.0))
    assert chosen(decision) == "new"
    assert decision.basis is Basis.TRIAL


@pytest.mark.parametrize(
    "at_home",
    [
        replace(with_new(1.0), person=Person(enabled=("new",))),
        replace(with_new(1.0), active="new", session="s"),
        replace(with_new(1.0), trial={}),
    ],
)
def test_a_skill_is_not_on_trial_where_it_was_enabled_opened_or_approved(at_home: Context) -> None:
    assert not on_trial("new", at_home)
    assert chosen(settled(reading("new", 0.65), context=at_home)) == "new"


def test_beyond_its_share_a_new_skill_leaves_the_others_what_was_theirs() -> None:
    ranked = reading("new", 0.95), reading("lamp", 0.04)
    within, beyond = (settled(*ranked, context=with_new(share)) for share in (0.049, 0.05))
    assert chosen(within) == "new"
    assert chosen(beyond) == "lamp"
    assert beyond.chosen is not None
    assert beyond.chosen.confidence == pytest.approx(0.8)  # as if `new` were not installed
    assert list(beyond.hypotheses) == list(ranked)
    assert beyond.basis is Basis.TRIAL


def test_beyond_its_share_a_new_skill_is_asked_about_where_nobody_else_is_meant() -> None:
    decision = settled(reading("new", 0.95), context=with_new(0.05))
    assert decision.outcome is Outcome.ASK
    assert [option.skill for option in decision.options] == ["new"]
    assert decision.reason == "new is new and has had its share of requests"


def test_two_new_skills_beyond_their_share_do_not_open_the_way_for_each_other() -> None:
    ranked = reading("new", 0.6), reading("newer", 0.38)
    assert settled(*ranked, context=with_new(0.9, "new", "newer")).outcome is not Outcome.ACT


def test_what_is_said_while_a_question_is_open_is_no_request_out_of_the_blue() -> None:
    asked = replace(HERE, awaiting=Awaiting(Asked.WHICH))
    assert settled(reading("lamp", 0.9), context=asked).basis is Basis.SESSION
    assert settled(reading("lamp", 0.9)).basis is Basis.WORDS


def test_a_new_skill_that_claims_everything_gets_its_share_and_no_more() -> None:
    latest: deque[str | None] = deque(maxlen=200)
    most = 0
    for turn in range(2000):
        share = latest.count("new") / 200
        old = reading(f"skill{turn % 7}", 0.03)
        decision = settled(reading("new", 0.96), old, context=with_new(share))
        assert decision.outcome is Outcome.ACT  # nobody is asked more than before
        latest.append(chosen(decision))
        most = max(most, latest.count("new"))
    assert most == 0.05 * 200


@st.composite
def lists(draw: st.DrawFn) -> list[Hypothesis]:
    """Ranked readings of five skills whose confidences sum to less than 1."""
    parts = draw(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=5))
    total = sum(parts) * draw(st.floats(1.001, 2.0))
    marks = draw(st.lists(st.booleans(), min_size=5, max_size=5))
    return [
        reading(f"skill{i}", part / total, side_effects=mark)
        for i, (part, mark) in enumerate(zip(sorted(parts, reverse=True), marks, strict=False))
    ]


trials = st.dictionaries(st.sampled_from([f"skill{i}" for i in range(5)]), st.floats(0, 1))


@given(lists(), trials)
def test_the_guards_never_act_where_there_would_have_been_none(
    ranked: list[Hypothesis], trial: Mapping[str, float]
) -> None:
    safe = settled(*ranked, context=replace(HERE, trial=trial))
    given = {skill for skill, share in trial.items() if share >= GROUND.share}
    usual = decide(ranked, (), COSTS)
    before = decide(without(ranked, given), (), COSTS)  # had these never been installed
    done = safe.chosen
    if usual.outcome is before.outcome is Outcome.ABSTAIN:
        assert safe.outcome is Outcome.ABSTAIN
    if done is not None:
        assert before.chosen == done
        assert trial.get(done.skill, 0.0) < GROUND.share
        assert done.confidence >= (
            0.9 if done.side_effects else 0.8 if done.skill in trial else 0.6
        )
    assert len(safe.options) in ((1, 2) if safe.outcome is Outcome.ASK else (0,))
