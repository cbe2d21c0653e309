"""The selection scores learn from requests of which the right skill is known."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.training.selecting import (
    PersonalRequest,
    Request,
    fit_fusion,
    fit_personal,
    softmax_by_list,
)
from sayso.understanding.fusion import FEATURES, Floats, Fusion
from sayso.understanding.personal import PERSONAL

TELLING = FEATURES.index("example_cosine")


def lists(count: int, *, seed: int, crossed: bool = False) -> list[Request]:
    """The right one has the largest cosine; if crossed, the one that differs from its words."""
    chance = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        table = chance.uniform(0, 1, (8, len(FEATURES))).astype(np.float32)
        telling = table[:, TELLING]
        if crossed:
            telling = np.abs(telling - table[:, FEATURES.index("example_words")])
        made.append(Request(table, int(telling.argmax())))
    return made


def share_right(fusion: Fusion, requests: list[Request]) -> float:
    right = [int(fusion.scores(each.features).argmax()) == each.right for each in requests]
    return float(np.mean(right))


def test_the_score_learns_which_feature_tells() -> None:
    fusion = fit_fusion(lists(600, seed=0), hidden=8)
    assert share_right(fusion, lists(100, seed=1)) > 0.8
    assert int(np.abs(fusion.linear).argmax()) == TELLING


def test_the_score_learns_what_no_sum_can_tell() -> None:
    fusion = fit_fusion(lists(1500, seed=0, crossed=True))
    assert share_right(fusion, lists(200, seed=1, crossed=True)) > 0.6


def test_the_same_requests_give_the_same_weights() -> None:
    first, again = (fit_fusion(lists(40, seed=0), hidden=4) for _ in range(2))
    assert first.to_json() == again.to_json()


def test_it_is_enough_to_find_one_of_several_right_ones() -> None:
    lists_ = lists(600, seed=0)
    swapped = [Request(x.features, (x.right + 1) % 8, also=[x.right]) for x in lists_]
    fusion = fit_fusion(swapped, hidden=8)
    assert share_right(fusion, lists(100, seed=1)) > 0.6
    alone = fit_fusion([Request(x.features, x.right) for x in swapped], hidden=8)
    assert share_right(alone, lists(100, seed=1)) < 0.4


def test_requests_of_little_weight_teach_little() -> None:
    right = lists(300, seed=0)
    wrong = [Request(x.features, int(x.features[:, TELLING].argmin())) for x in lists(600, seed=2)]
    light = [Request(x.features, x.right, weight=0.1) for x in wrong]
    assert share_right(fit_fusion([*right, *light], hidden=8), lists(100, seed=1)) > 0.7
    assert share_right(fit_fusion([*right, *wrong], hidden=8), lists(100, seed=1)) < 0.5


def test_a_feature_that_never_differs_does_no_harm() -> None:
    same = [Request(each.features * 0 + 1, each.right) for each in lists(40, seed=0)]
    scores = fit_fusion(same, hidden=4).scores(same[0].features)
    assert np.isfinite(scores).all()
    assert np.allclose(scores, scores[0])


def people(weight: float = 1.0) -> list[PersonalRequest]:
    """Three of four ask for what they have enabled; one for the other, which is far likelier."""
    flags: Floats = np.zeros((2, len(PERSONAL)), np.float32)
    flags[1, PERSONAL.index("enabled")] = 1.0
    scores = np.array([2.0, 0.0], np.float32)
    asked = [PersonalRequest(scores, flags, 1)] * 3
    return [*asked, PersonalRequest(scores, flags, 0, weight)]


def test_flags_weigh_as_much_as_people_keep_to_what_they_have_enabled() -> None:
    # log(3 of 4) over log(1 of 4), and what the score for anybody said against it.
    assert fit_personal(people()).weights["enabled"] == pytest.approx(np.log(3) + 2, abs=0.05)


def test_requests_for_other_skills_weigh_against_the_flags() -> None:
    assert fit_personal(people(6.0)).weights["enabled"] < fit_personal(people()).weights["enabled"]


def test_only_the_features_that_are_named_have_weights() -> None:
    assert set(fit_personal(people(), ["enabled"]).weights) == {"enabled"}


def test_shares_sum_to_one_in_each_list() -> None:
    shares = softmax_by_list(np.array([1.0, 1.0, 500.0, 0.0, 0.0]), np.array([0, 2]))
    assert shares.tolist() == pytest.approx([0.5, 0.5, 1.0, 0.0, 0.0])
