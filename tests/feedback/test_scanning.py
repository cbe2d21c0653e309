"""A batch of rows that is scanned ends in the same leaves as rows that walk one by one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sayso.feedback.boosting import Shape, fit
from sayso.trees import Trees

NAMES = ("a", "b", "c", "d")


def fitted(leaves: int) -> tuple[Trees, NDArray[np.float32]]:
    """Trees over values that are missing at times, and whose being missing tells, too."""
    random = np.random.default_rng(0)
    rows = random.normal(size=(1500, len(NAMES))).astype(np.float32)
    rows[random.random(rows.shape) < 0.2] = np.nan
    odds = np.nan_to_num(rows[:, 0]) * np.nan_to_num(rows[:, 1]) + 2 * np.isnan(rows[:, 2])
    target = (odds + random.normal(size=len(rows)) > 0.5).astype(int)
    return fit(NAMES, rows, target, shape=Shape(trees=20, leaves=leaves, least=5), folds=0), rows


@pytest.mark.parametrize("leaves", [2, 8, 16, 40, 64, 90])
def test_scanned_and_walked_are_the_same(leaves: int) -> None:
    trees, rows = fitted(leaves)
    walked = [float(trees.log_odds(row[None])[0]) for row in rows[:200]]
    assert np.allclose(trees.log_odds(rows)[:200], walked, rtol=0, atol=1e-9)


def test_values_beyond_all_numbers_are_on_their_side() -> None:
    trees, rows = fitted(16)
    rows[:2, 0] = (np.inf, -np.inf)
    walked = [float(trees.log_odds(row[None])[0]) for row in rows[:2]]
    assert np.allclose(trees.log_odds(rows)[:2], walked, rtol=0, atol=1e-9)
