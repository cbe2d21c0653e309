"""Boosted trees as arrays: saved, loaded, walked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sayso.errors import BundleError
from sayso.trees import Trees, load


def stump() -> Trees:
    """One tree, one question: is x at most 1? Missing counts as no."""
    return Trees(
        names=("x", "y"),
        feature=np.array([0, 0, 0], np.int32),
        threshold=np.array([1.0, 0, 0]),
        left=np.array([1, 1, 2], np.int32),
        right=np.array([2, 1, 2], np.int32),
        missing_left=np.array([False, False, False]),
        value=np.array([0.0, -2.0, 3.0]),
        roots=np.array([0], np.int32),
        base=0.5,
        depth=1,
    )


def test_a_row_ends_in_its_leaf() -> None:
    rows = np.array([[1.0, 9], [1.5, 9], [np.nan, 9]], np.float32)
    assert stump().log_odds(rows).tolist() == [-1.5, 3.5, 3.5]


def test_without_a_curve_the_probability_is_the_logistic_one() -> None:
    probability = stump().predict(np.array([[1.0, 0]], np.float32))
    assert probability == pytest.approx(1 / (1 + np.exp(1.5)))


def test_a_curve_is_read_between_its_knots() -> None:
    curved = replace(stump(), knots=np.array([-1.5, 3.5]), levels=np.array([0.2, 0.9]))
    rows = np.array([[0.0, 0], [2, 0]], np.float32)
    assert curved.predict(rows).tolist() == pytest.approx([0.2, 0.9])


def test_no_trees_give_the_base() -> None:
    none = replace(stump(), roots=np.zeros(0, np.int32))
    assert none.log_odds(np.zeros((2, 2), np.float32)).tolist() == [0.5, 0.5]


def test_no_rows_give_no_probabilities() -> None:
    assert stump().predict(np.zeros((0, 2), np.float32)).shape == (0,)


def test_many_rows_are_walked_in_parts() -> None:
    rows = np.tile(np.array([[0.0, 0], [2, 0]], np.float32), (5000, 1))
    assert stump().log_odds(rows).tolist() == [-1.5, 3.5] * 5000


def test_what_is_saved_is_loaded_and_the_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    stump().save(tmp_path / "a.npz")
    assert (tmp_path / "a.npz").read_bytes() == stump().to_bytes()
    loaded = load(tmp_path / "a.npz", ["x", "y"])
    rows = np.array([[1.0, 9], [1.5, 9]], np.float32)
    assert loaded.predict(rows).tolist() == stump().predict(rows).tolist()


def test_features_of_another_width_are_refused() -> None:
    with pytest.raises(ValueError, match=r"wanted \(n, 2\): x, y"):
        stump().predict(np.zeros((1, 3), np.float32))


def test_a_damaged_file_or_one_of_other_features_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(stump().to_bytes()[:200])
    with pytest.raises(BundleError, match=r"a\.npz: damaged"):
        load(tmp_path / "a.npz")
    with pytest.raises(BundleError, match="other features"):
        load(stump().to_bytes(), ["x", "z"])
