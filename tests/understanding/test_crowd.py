"""Very many rows are fitted by another way of counting, not to another end."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.understanding import crf, crowd, softmax
from sayso.understanding.crowd import Crowd
from sayso.understanding.linear import Rows

UNKNOWN = 40


def rows(count: int = 300) -> Rows:
    """Some features that nearly every row has, some that few have, and a few that are unknown."""
    chance = np.random.default_rng(1)
    columns = np.minimum(chance.geometric(0.15, (count, 6)), UNKNOWN)
    values = chance.normal(size=(count, 6)) * (chance.random((count, 6)) < 0.7)
    values[columns == UNKNOWN] = 0.0
    return Rows(chance.normal(size=(count, 3)).astype(np.float32), columns, values)


@pytest.mark.parametrize("common", [0, 4, 1000])
def test_scores_and_gradients_are_those_of_the_rows(
    monkeypatch: pytest.MonkeyPatch, common: int
) -> None:
    monkeypatch.setattr(crowd, "_COMMON", common)
    seen, chance = rows(), np.random.default_rng(2)
    table, residuals = chance.normal(size=(3 + UNKNOWN + 1, 5)), chance.normal(size=(300, 5))
    table[-1] = 0.0
    laid = Crowd(seen, UNKNOWN + 1)
    picked = (table[3:][seen.columns] * seen.values[..., None]).sum(axis=1)
    assert np.allclose(laid.scores(table), seen.dense @ table[:3] + picked, atol=1e-4)
    wanted = np.concatenate(
        [seen.dense.T @ residuals, seen.sparse_gradient(residuals, UNKNOWN + 1)]
    )
    assert np.allclose(laid.gradient(residuals)[:-1], wanted[:-1], atol=1e-3)


def test_a_word_said_twice_counts_twice() -> None:
    twice = Rows(np.zeros((1, 1), np.float32), np.array([[2, 2]]), np.array([[1.0, 1.0]]))
    laid = Crowd(twice, 4)
    assert laid.scores(np.arange(5.0)[:, None])[0, 0] == 6.0


def test_a_crowd_of_examples_teaches_what_each_alone_would(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = rows()
    classes = np.random.default_rng(3).integers(0, 4, 300)
    words, weights = np.arange(UNKNOWN, dtype=np.uint32), np.ones(300)
    plain = softmax.fit(seen, words, classes, weights, 4, l2=1.0)
    monkeypatch.setattr(softmax, "CROWDED", 1)
    crowded = softmax.fit(seen, words, classes, weights, 4, l2=1.0)
    assert np.allclose(plain.dense, crowded.dense, atol=0.02)
    assert np.allclose(plain.sparse, crowded.sparse, atol=0.02)


def test_slots_are_learnt_alike_from_a_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, lengths = rows(), np.full(60, 5)
    tags = np.tile([0, 1, 2, 0, 3], 60)
    words, allowed = np.arange(UNKNOWN, dtype=np.uint32), np.ones((60, 5), bool)
    plain, steps = crf.fit(seen, words, lengths, tags, allowed, np.ones(60), l2=1.0)
    monkeypatch.setattr(crf, "CROWDED", 1)
    crowded, other_steps = crf.fit(seen, words, lengths, tags, allowed, np.ones(60), l2=1.0)
    assert np.allclose(plain.dense, crowded.dense, atol=0.05)
    assert np.allclose(steps, other_steps, atol=0.05)
