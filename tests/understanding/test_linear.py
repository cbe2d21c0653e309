from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def table(chance: np.random.Generator, features: int = 200, classes: int = 7) -> Linear:
    hashes = np.unique(chance.integers(0, 2**32, features, dtype=np.uint32))
    sparse = chance.laplace(size=(len(hashes) + 1, classes)).astype(np.float32)
    sparse[-1] = 0.0
    return Linear(hashes, sparse, chance.normal(size=(385, classes)).astype(np.float32))


def test_a_byte_a_weight_gives_nearly_the_same_scores() -> None:
    chance = np.random.default_rng(0)
    linear = table(chance)
    dense = chance.normal(size=(30, 385)).astype(np.float32)
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    hashes, values = chance.choice(linear.vocabulary, (30, 8)), np.full((30, 8), 0.35)
    exact = linear.scores(dense, hashes, values)
    small = linear.rounded()
    assert small.dense.dtype == small.sparse.dtype == np.int8
    assert np.abs(small.scores(dense, hashes, values) - exact).mean() < 0.03 * exact.std()
    assert small.rounded() is small


def test_features_without_weight_are_left_out_and_count_nothing() -> None:
    known = np.array([3, 7, 9], np.uint32)
    sparse = np.array([[2.0], [0.001], [-1.0], [0.0]], np.float32)
    small = Linear(known, sparse, np.zeros((1, 1), np.float32)).rounded()
    assert list(small.vocabulary) == [3, 9]
    hashes = np.array([[7, 9, 8]], np.uint32)
    found = small.scores(np.zeros((1, 1)), hashes, np.ones((1, 3)))[0, 0]
    assert found == pytest.approx(-1.0, abs=0.02)


@pytest.mark.parametrize("classes", [0, 1, 5])
@pytest.mark.parametrize("width", [0, 1, 16])
def test_a_map_that_has_seen_nothing_survives_packing(classes: int, width: int) -> None:
    empty = Linear(
        np.zeros(0, np.uint32),
        np.zeros((1, classes), np.float32),
        np.zeros((width, classes), np.float32),
    )
    again = Linear.unpack(empty.pack("x"), "x")
    scores = again.scores(np.ones((2, width)), np.ones((2, 3), np.uint32), np.ones((2, 3)))
    assert scores.shape == (2, classes)
    assert not scores.any()


@given(st.sets(st.integers(0, 2**32 - 1), max_size=40))
def test_any_vocabulary_survives_packing(hashes: set[int]) -> None:
    known = np.array(sorted(hashes), np.uint32)
    sparse = np.ones((len(known) + 1, 1), np.float32)
    sparse[-1] = 0.0
    linear = Linear(known, sparse, np.zeros((1, 1), np.float32))
    assert np.array_equal(Linear.unpack(linear.pack("x"), "x").vocabulary, known)
