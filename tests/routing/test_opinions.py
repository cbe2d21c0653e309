"""What skills think of a request themselves counts as evidence, and for nobody's gain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.routing.opinions import MOST, contenders, weighed
from sayso.types.calls import Opinion
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome


def reading(skill: str, confidence: float) -> Hypothesis:
    return Hypothesis(skill, "Do", confidence=confidence)


def decided(*ranked: Hypothesis, act: bool = False, basis: Basis = Basis.WORDS) -> Decision:
    chosen = ranked[0] if act else None
    outcome = Outcome.ACT if act else Outcome.ASK
    return Decision(outcome, chosen, hypotheses=ranked, basis=basis)


def sure(ranked: list[Hypothesis]) -> dict[str, float]:
    return {each.skill: round(each.confidence, 3) for each in ranked}


def test_a_yes_decides_between_two_that_are_alike() -> None:
    ranked = weighed([reading("a", 0.45), reading("b", 0.45)], {("b", "Do"): Opinion.YES})
    assert [each.skill for each in ranked] == ["b", "a"]
    assert ranked[0].confidence > 0.6
    assert list(ranked[0].situation) == ["opinion: b says that it can do this"]


def test_a_no_takes_away_and_makes_no_weak_rival_certain() -> None:
    told = sure(weighed([reading("a", 0.7), reading("b", 0.1)], {("a", "Do"): Opinion.NO}))
    assert told == {"b": 0.299, "a": 0.104}


def test_perhaps_and_no_opinion_change_nothing() -> None:
    ranked = [reading("a", 0.5), reading("b", 0.3)]
    assert sure(weighed(ranked, {})) == sure(ranked)
    assert sure(weighed(ranked, {("a", "Do"): Opinion.MAYBE})) == sure(ranked)


@given(
    st.lists(st.floats(0, 0.2), max_size=5),
    st.lists(st.sampled_from([None, *Opinion]), min_size=5, max_size=5),
)
def test_confidences_stay_probabilities(shares: list[float], said: list[Opinion | None]) -> None:
    readings = [reading(str(place), share) for place, share in enumerate(shares)]
    opinions = {(str(n), "Do"): each for n, each in enumerate(said) if each is not None}
    ranked = weighed(readings, opinions)
    assert sum(each.confidence for each in ranked) <= 1 + 1e-9
    assert ranked == sorted(ranked, key=lambda each: -each.confidence)


@pytest.mark.parametrize(
    ("decision", "who"),
    [
        (decided(reading("a", 0.5), reading("b", 0.4)), ["a", "b"]),
        (decided(reading("a", 0.7), reading("b", 0.2), act=True), ["a", "b"]),
        (decided(reading("a", 0.9), reading("b", 0.05), act=True), []),
        (decided(reading("a", 0.5)), ["a"]),
        (decided(reading("a", 0.5), reading("b", 0.4), basis=Basis.NAMED), []),
        (decided(reading("a", 0.5), reading("b", 0.4), basis=Basis.SESSION), []),
        (decided(), []),
    ],
)
def test_who_is_likely_is_asked_where_there_is_doubt(decision: Decision, who: list[str]) -> None:
    assert [each.skill for each in contenders(decision)] == who


def test_few_are_asked_and_each_once() -> None:
    many = [reading(f"s{n}", 0.12) for n in range(8)]
    assert len(contenders(decided(*many))) == MOST
    twice = [reading("a", 0.4), Hypothesis("a", "Undo", confidence=0.3)]
    assert contenders(decided(*twice)) == (twice[0],)
