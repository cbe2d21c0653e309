"""Readings of many skills on one scale."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.routing.rank import DEFAULT_WEIGHTS, FEATURES, WHICH, Ranker, Rankers, shipped, tipped
from sayso.types.readings import Hypothesis

features = st.fixed_dictionaries(
    {},
    optional={name: st.floats(-1, 1, allow_subnormal=False) for name in FEATURES},
)


def reading(skill: str = "timer", /, **found: float) -> Hypothesis:
    return Hypothesis(skill, "Start", features=found)


@given(st.lists(features, max_size=12))
def test_confidences_sum_to_less_than_one_and_follow_the_scores(
    lists: list[Mapping[str, float]],
) -> None:
    ranked = shipped().rank([reading(**found) for found in lists])
    assert sum(x.confidence for x in ranked) < 1
    assert all(0 < x.confidence < 1 for x in ranked)
    assert [x.score for x in ranked] == sorted((x.score for x in ranked), reverse=True)
    assert [x.confidence for x in ranked] == sorted((x.confidence for x in ranked), reverse=True)


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_moves_confidence_the_way_its_weight_points(name: str) -> None:
    without, with_it = reading("a"), reading("b", **{name: 1.0})
    ranked = {x.skill: x.confidence for x in shipped().rank([without, with_it])}
    assert (ranked["b"] > ranked["a"]) == (WHICH[name] > 0)


def test_a_strong_rival_lowers_confidence() -> None:
    strong = {"cosine": 0.4, "overlap": 0.8, "probability": 0.9}
    alone = Ranker().rank([reading(**strong)])[0].confidence
    beside = Ranker().rank([reading(**strong), reading("alarm", **strong)])[0].confidence
    assert beside < alone


def test_a_reading_far_from_every_example_is_hardly_believed() -> None:
    assert Ranker().rank([reading(cosine=-0.4, probability=0.3)])[0].confidence < 0.1


def test_equal_readings_keep_their_order() -> None:
    ranked = Ranker().rank([reading("a"), reading("b"), reading("c")])
    assert [x.skill for x in ranked] == ["a", "b", "c"]


def test_huge_scores_do_not_overflow() -> None:
    ranker = Ranker({"cosine": 1e6}, none=-1e6)
    assert ranker.rank([reading(cosine=1.0), reading(cosine=-1.0)])[0].confidence == 1.0


def test_nothing_to_rank_gives_nothing() -> None:
    assert Ranker().rank([]) == []


def test_a_ranker_survives_json() -> None:
    ranker = Ranker({**DEFAULT_WEIGHTS, "cosine": 3.25}, 4.5, {**WHICH, "size": 0.5}, 0.75)
    assert Ranker.from_json(json.loads(json.dumps(ranker.to_json()))) == ranker
    assert Ranker.from_json({}) == shipped()


def test_an_older_bundle_keeps_its_weights_and_gets_the_shipped_order() -> None:
    weights = {name: weight for name, weight in DEFAULT_WEIGHTS.items() if name != "strength"}
    old = Ranker.from_json({"weights": weights, "none": 2.2})
    near = {"cosine": 0.3, "strength": -4.0, "selection": 2.0}
    assert old.some([reading(**near)]) == old.some([reading(cosine=0.3)])
    assert old.score(near) == shipped().score(near)


def test_which_reading_is_meant_does_not_change_whether_any_is() -> None:
    readings = [reading("a", cosine=0.3, selection=1.0), reading("b", cosine=0.2, selection=4.0)]
    alike = Ranker().rank(readings)
    ordered = shipped().rank(readings)
    assert (alike[0].skill, ordered[0].skill) == ("a", "b")
    assert sum(x.confidence for x in ordered) == pytest.approx(sum(x.confidence for x in alike))


def test_a_blunter_ranker_is_less_sure_of_the_same_order() -> None:
    readings = [reading("a", cosine=0.4, selection=2.0), reading("b", cosine=0.4)]
    sharp, blunt = (Ranker(which=WHICH, sharpness=x).rank(readings) for x in (1.0, 0.5))
    assert [x.skill for x in sharp] == [x.skill for x in blunt] == ["a", "b"]
    assert blunt[0].confidence < sharp[0].confidence
    assert blunt[0].score == sharp[0].score


def test_each_language_has_its_ranker_and_others_the_main_one() -> None:
    german = Ranker(none=1.5)
    rankers = Rankers(Ranker(none=3.0), {"de": german})
    assert Rankers.from_json(rankers.to_json()) == rankers
    assert rankers.of("de-AT") == german
    assert rankers.of("fr-FR").none == rankers.of("en-GB").none == 3.0


def test_a_ranker_of_before_there_were_languages_serves_them_all() -> None:
    assert Rankers.from_json(Ranker(none=2.0).to_json()).of("de-DE").none == 2.0


def known(skill: str, score: float, /, **personal: float) -> Hypothesis:
    return Hypothesis(skill, "Start", features={"cosine": score}, personal=personal)


ONE = Ranker({"cosine": 1.0}, none=0.0)


def test_what_is_known_of_a_person_tells_which_skill_is_meant() -> None:
    mine = ONE.rank([known("tales", 1.0), known("ghosts", 0.5, enabled=3.0)])
    assert [x.skill for x in mine] == ["ghosts", "tales"]


def test_what_a_person_has_counts_in_part_for_any_and_against_a_higher_bar() -> None:
    plain, mine, other, used = (
        ONE.some([known("tales", 1.0), known("ghosts", 0.5, **personal)])
        for personal in ({}, {"enabled": 6.0}, {"attention": 0.1}, {"uses": 0.1})
    )
    assert other < plain < used < mine
    # Not in full, or it would take whatever is said to it.
    assert mine < ONE.some([known("tales", 1.0), known("ghosts", 6.5)])


def test_the_feature_without_which_another_skill_would_have_won_has_tipped_it() -> None:
    tales = known("tales", 1.0, uses=0.4)
    assert tipped(ONE.rank([tales, known("ghosts", 0.5, enabled=3.0, uses=0.5)])) == "enabled"
    assert tipped(ONE.rank([tales, known("ghosts", 0.9, enabled=0.4, uses=0.5)])) == "enabled"
    assert tipped(ONE.rank([tales, known("ghosts", 4.0, enabled=3.0)])) is None
    assert tipped(ONE.rank([tales, known("ghosts", 0.0)])) is None
    assert tipped(ONE.rank([tales])) is None


def around(skill: str, score: float, /, **situation: float) -> Hypothesis:
    named = {f"state: the {thing} is on": added for thing, added in situation.items()}
    return Hypothesis(skill, "Start", features={"cosine": score}, situation=named)


def test_what_goes_on_around_tells_which_skill_is_meant_and_not_whether_any_is() -> None:
    plain = ONE.rank([around("weather", 1.0), around("oven", 0.5)])
    cooking = ONE.rank([around("weather", 1.0), around("oven", 0.5, oven=3.0)])
    assert [x.skill for x in cooking] == ["oven", "weather"]
    assert sum(x.confidence for x in cooking) == pytest.approx(sum(x.confidence for x in plain))
    assert tipped(cooking) == "state: the oven is on"


def test_what_speaks_against_the_second_has_tipped_it_too() -> None:
    assert tipped(ONE.rank([around("a", 0.5), around("b", 1.0, screen=-2.0)])) is not None
