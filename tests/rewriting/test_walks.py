from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.rewriting.walks import Chain, Counts, GraphError, chain_of, success_after

# The numbers that the design's worked example gives.
MOVES = np.array([[0.10, 0.60], [0.02, 0.10]])
ENDS = np.array([[0.05, 0.25], [0.80, 0.08]])
LAST = np.array([[0.0564, 0.6015], [0.0013, 0.9023]])


def test_the_worked_example_comes_out() -> None:
    chain = Chain(sparse.csr_array(MOVES), ENDS[:, 0])
    found = success_after(chain, [0, 1]).toarray()
    assert found == pytest.approx(LAST, abs=5e-5)
    assert found.sum(1) == pytest.approx([0.6579, 0.9035], abs=1e-4)


def test_the_first_request_is_better_put_as_the_second_and_the_second_left_alone() -> None:
    best = success_after(Chain(sparse.csr_array(MOVES), ENDS[:, 0]), [0, 1]).toarray().argmax(1)
    assert best.tolist() == [1, 1]


@st.composite
def chains(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    n = draw(st.integers(1, 8))
    cells = st.floats(0, 1)
    moves = np.array(
        draw(st.lists(st.lists(cells, min_size=n, max_size=n), min_size=n, max_size=n))
    )
    moves *= np.array(draw(st.lists(st.booleans(), min_size=n * n, max_size=n * n))).reshape(n, n)
    moves *= 0.9 / np.maximum(moves.sum(1, keepdims=True), 1)
    left = 1 - moves.sum(1)
    success = left * np.array(draw(st.lists(cells, min_size=n, max_size=n)))
    return moves, success


@settings(max_examples=60, deadline=None)
@given(chains())
def test_component_by_component_is_the_same_as_the_inverse(
    drawn: tuple[np.ndarray, np.ndarray],
) -> None:
    moves, success = drawn
    whole = np.linalg.inv(np.eye(len(success)) - moves) * success
    found = success_after(Chain(sparse.csr_array(moves), success), range(len(success)))
    assert found.toarray() == pytest.approx(whole, abs=1e-9)


def test_requests_that_nobody_asked_about_are_not_solved_for() -> None:
    moves = sparse.csr_array(np.array([[0, 0.5, 0], [0, 0, 0], [0, 0, 0.2]]))
    found = success_after(Chain(moves, np.array([0.1, 0.9, 0.5])), [0])
    assert found.toarray() == pytest.approx(np.array([[0.1, 0.45, 0.0]]))


def test_a_loop_without_a_way_out_is_named() -> None:
    loop = sparse.csr_array(np.array([[0.0, 1.0], [1.0, 0.0]]))
    with pytest.raises(GraphError, match="may never end"):
        success_after(Chain(loop, np.zeros(2)), [0])


def test_smoothing_draws_few_votes_to_the_average_and_leaves_many_alone() -> None:
    counts = Counts(sparse.csr_array((2, 2)), np.array([1.0, 900.0]), np.array([0.0, 100.0]))
    success = chain_of(counts).success
    assert 0.9 < success[0] < 0.97
    assert success[1] == pytest.approx(0.9, abs=0.001)


def test_smoothing_makes_every_walk_end() -> None:
    counts = Counts(sparse.csr_array(np.array([[0.0, 9.0], [9.0, 0.0]])), np.zeros(2), np.ones(2))
    assert success_after(chain_of(counts), [0, 1]).toarray() == pytest.approx(np.zeros((2, 2)))
