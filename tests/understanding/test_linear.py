from __future__ import annotations

import numpy as np

from sayso.understanding.linear import Floats, Linear, Rows, find, minimise, vocabulary


def test_the_minimum_of_a_stretched_bowl_is_found() -> None:
    stretch = np.array([1.0, 100.0, 0.01])
    middle = np.array([3.0, -2.0, 5.0])

    def bowl(x: Floats) -> tuple[float, Floats]:
        away = x - middle
        return float((stretch * away * away).sum()) + 1.0, 2 * stretch * away

    assert np.allclose(minimise(bowl, np.zeros(3), 100, 1e-12), middle, atol=1e-3)


def test_unknown_features_count_nothing() -> None:
    known = vocabulary([np.array([7, 3, 7], np.uint32)], 10)
    assert list(find(known, np.array([3, 4, 7], np.uint32))) == [0, 2, 1]
    linear = Linear(
        known, np.array([[1.0], [2.0], [0.0]], np.float32), np.zeros((1, 1), np.float32)
    )
    hashes = np.array([[3, 4, 7]], np.uint32)
    assert linear.scores(np.zeros((1, 1)), hashes, np.ones((1, 3)))[0, 0] == 3.0


def test_a_vocabulary_keeps_the_commonest_features_where_there_are_too_many() -> None:
    hashes = [np.array([5, 5, 9, 1, 9, 9], np.uint32)]
    assert list(vocabulary(hashes, 2)) == [5, 9]


def test_the_sparse_gradient_is_that_of_a_dense_table() -> None:
    chance = np.random.default_rng(0)
    columns, values = chance.integers(0, 5, (4, 3)), chance.normal(size=(4, 3))
    residuals = chance.normal(size=(4, 2))
    table = np.zeros((4, 5))
    for row in range(4):
        for column, value in zip(columns[row], values[row], strict=True):
            table[row, column] += value
    rows = Rows(np.zeros((4, 0)), columns, values)
    assert np.allclose(rows.sparse_gradient(residuals, 5), table.T @ residuals)
