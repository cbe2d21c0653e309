"""What scikit-learn fits is what the arrays predict."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sayso.feedback.boosting import Shape, fit, isotonic, of_sklearn
from sayso.trees import Floats

pytest.importorskip("sklearn", reason="scikit-learn is not installed: sayso[learn]")
NAMES = ("a", "b", "c", "d")


def rows(seed: int, many: int = 3000) -> tuple[Floats, NDArray[np.int64]]:
    """Features with gaps, and whether a sum with noise is high."""
    random = np.random.default_rng(seed)
    features = random.normal(size=(many, len(NAMES))).astype(np.float32)
    features[random.random(features.shape) < 0.1] = np.nan
    plain = np.nan_to_num(features)
    high = plain[:, 0] + plain[:, 1] * plain[:, 2] + random.normal(size=many) > 0.5
    return features, high.astype(np.int64)


def test_arrays_predict_what_scikit_learn_predicts() -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    features, target = rows(0)
    model = HistGradientBoostingClassifier(max_iter=40, early_stopping=False, random_state=0)
    model.fit(features, target)
    theirs = model.predict_proba(features)[:, 1]
    assert np.abs(of_sklearn(NAMES, model).predict(features) - theirs).max() < 1e-12


def test_probabilities_come_true_as_often_as_they_say() -> None:
    trees = fit(NAMES, *rows(1, 6000), shape=Shape(trees=40))
    features, target = rows(2, 6000)
    told = trees.predict(features)
    for low, high in ((0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1)):
        some = (told >= low) & (told < high)
        assert abs(told[some].mean() - target[some].mean()) < 0.07


def test_a_feature_that_may_only_raise_does() -> None:
    features, target = rows(3)
    trees = fit(NAMES, features, target, shape=Shape(trees=20, rising=("a",)), folds=0)
    asked = np.zeros((50, 4), np.float32)
    asked[:, 0] = np.linspace(-3, 3, 50)
    assert (np.diff(trees.log_odds(asked)) >= 0).all()


def test_fitting_is_the_same_twice() -> None:
    assert (
        fit(NAMES, *rows(4, 500), shape=Shape(trees=5)).to_bytes()
        == fit(NAMES, *rows(4, 500), shape=Shape(trees=5)).to_bytes()
    )


def test_one_kind_of_row_is_too_few() -> None:
    features, _ = rows(5, 50)
    with pytest.raises(ValueError, match="both kinds"):
        fit(NAMES, features, np.zeros(50))


def test_a_curve_rises_and_stays_off_the_ends() -> None:
    odds = np.linspace(-2, 2, 400)
    knots, levels = isotonic(odds, (odds > 0).astype(int))
    assert (np.diff(knots) > 0).all()
    assert (np.diff(levels) >= 0).all()
    assert 0 < levels[0] < 0.05
    assert 0.95 < levels[-1] < 1


def test_a_figure_that_is_never_known_is_never_asked_for() -> None:
    random = np.random.default_rng(1)
    features = random.normal(size=(400, 2)).astype(np.float32)
    target = (features[:, 0] > 0).astype(np.int64)
    features[:, 1] = np.nan
    trees = fit(["known", "unknown"], features, target)
    likely = trees.predict(np.array([[2.0, np.nan], [-2.0, 5.0]], np.float32))
    assert likely[0] > 0.9 > 0.1 > likely[1]
