from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sayso.understanding import softmax
from sayso.understanding.linear import Floats, Linear, Rows

NO_WORDS = np.zeros(0, np.uint32)


def fitted(points: list[list[float]], classes: list[int], weights: list[float]) -> Linear:
    count = len(points)
    rows = Rows(np.array(points, np.float32), np.zeros((count, 0), np.int64), np.zeros((count, 0)))
    return softmax.fit(rows, NO_WORDS, np.array(classes), np.array(weights), 3, l2=0.01)


def chances(linear: Linear, point: Sequence[float]) -> list[float]:
    nothing = np.zeros((1, 0))
    scores = linear.scores(np.array([point]), nothing.astype(np.uint32), nothing)
    return [float(chance) for chance in softmax.probabilities(scores)[0]]


def test_it_tells_separable_classes_apart() -> None:
    linear = fitted([[1, 0, 1], [0, 1, 1], [-1, -1, 1]], [0, 1, 2], [1, 1, 1])
    for at, point in enumerate(([1, 0, 1], [0, 1, 1], [-1, -1, 1])):
        assert int(np.argmax(chances(linear, point))) == at


def test_names_are_ranked_with_probabilities_that_sum_to_one() -> None:
    found = softmax.ranked({"a": 1.0, "b": 3.0, "c": -400.0})
    assert [name for name, _ in found] == ["b", "a", "c"]
    assert np.isclose(sum(chance for _, chance in found), 1.0)
    assert softmax.ranked({}) == []


def test_a_heavier_example_counts_more() -> None:
    light = fitted([[1, 1], [1, 1]], [0, 1], [1, 1])
    heavy = fitted([[1, 1], [1, 1]], [0, 1], [1, 3])
    assert np.isclose(chances(light, [1, 1])[0], chances(light, [1, 1])[1], atol=0.01)
    assert chances(heavy, [1, 1])[1] > 2 * chances(heavy, [1, 1])[0]


def test_a_negative_weight_says_not_this() -> None:
    before = fitted([[1, 0, 1], [0, 1, 1]], [0, 1], [1, 1])
    after = fitted([[1, 0, 1], [0, 1, 1], [1, 0, 1]], [0, 1, 0], [1, 1, -1])
    assert chances(after, [1, 0, 1])[0] < 0.75 < chances(before, [1, 0, 1])[0]


def test_the_gradient_agrees_with_small_steps() -> None:
    scores = np.random.default_rng(0).normal(size=(3, 4))
    classes, weights = np.array([0, 3, 1]), np.array([1.0, 2.0, -0.7])

    def loss(table: Floats) -> float:
        return softmax._log_loss(softmax.probabilities(table), classes, weights)[0]

    _, gradient = softmax._log_loss(softmax.probabilities(scores), classes, weights)
    for spot in np.ndindex(*scores.shape):
        bump = np.zeros_like(scores)
        bump[spot] = 1e-5
        slope = (loss(scores + bump) - loss(scores - bump)) / 2e-5
        assert np.isclose(gradient[spot], slope, atol=1e-5)
