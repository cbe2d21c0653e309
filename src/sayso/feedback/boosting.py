"""Boosted trees fitted with scikit-learn, kept as arrays: see `sayso.trees`.

Calibrated on rows that the trees were not fitted on: each row's log-odds come from trees of the
other folds, and the curve over them is the isotonic one, thinned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.errors import MissingExtraError
from sayso.trees import Doubles, Floats, Trees

MOST_KNOTS = 64


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a model may grow. trees: rounds of boosting; leaves: of each tree, at most.

    rate: of learning; least: rows in a leaf; shrink: L2 penalty of a leaf's value. rising: names
    of features that may only raise the probability; falling: only lower it.
    """

    trees: int = 150
    leaves: int = 15
    rate: float = 0.1
    least: int = 20
    shrink: float = 1.0
    rising: tuple[str, ...] = ()
    falling: tuple[str, ...] = ()


def fit(
    names: Sequence[str],
    features: Floats,
    target: NDArray[Any],
    *,
    weight: Doubles | None = None,
    groups: NDArray[Any] | None = None,
    shape: Shape | None = None,
    folds: int = 5,
    seed: int = 0,
) -> Trees:
    """Calibrated trees that tell P(target = 1).

    features: (n, d), NaN where missing; target: (n,) of 0 and 1, both present; weight: (n,);
    groups: (n,), rows of one group (a person) are kept in one fold; folds: 0 for no calibration.
    """
    shape = shape or Shape()
    features = np.asarray(features, np.float32)
    target = np.asarray(target, np.int64)
    weight = np.ones(len(target)) if weight is None else np.asarray(weight, np.float64)
    if set(np.unique(target)) != {0, 1}:
        raise ValueError("boosting needs rows of both kinds, 0 and 1")
    trees = _boosted(names, features, target, weight, shape, seed)
    if not folds:
        return trees
    held = _folds(groups, len(target), folds, seed)
    odds = np.zeros(len(target))
    for fold in range(folds):
        test = held == fold
        if not test.any():
            continue
        if len(np.unique(target[~test])) < 2:
            return trees  # too few rows of one kind to say how sure the trees may be
        part = _boosted(names, features[~test], target[~test], weight[~test], shape, seed)
        odds[test] = part.log_odds(features[test])
    knots, levels = isotonic(odds, target, weight)
    return replace(trees, knots=knots, levels=levels)


def isotonic(
    odds: Doubles, target: NDArray[Any], weight: Doubles | None = None
) -> tuple[Doubles, Doubles]:
    """The rising curve nearest to what came true: (knots, levels), at most MOST_KNOTS of them.

    Levels stay off 0 and 1 by what half a row more of either kind would make of a step.
    """
    try:
        from sklearn.isotonic import IsotonicRegression
    except ImportError as error:
        raise MissingExtraError("scikit-learn", "learn") from error
    weight = np.ones(len(odds)) if weight is None else weight
    curve = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip")
    curve.fit(odds, target, sample_weight=weight)
    knots, levels = np.asarray(curve.X_thresholds_), np.asarray(curve.y_thresholds_)
    if len(knots) > MOST_KNOTS:
        kept = np.unique(np.linspace(0, len(knots) - 1, MOST_KNOTS).round().astype(int))
        knots, levels = knots[kept], levels[kept]
    edge = 0.5 / (len(odds) / len(levels) + 1)
    return knots.astype(np.float64), np.clip(levels, edge, 1 - edge).astype(np.float64)


def _folds(groups: NDArray[Any] | None, rows: int, folds: int, seed: int) -> NDArray[np.int64]:
    """(n,): the fold of each row."""
    random = np.random.default_rng(seed)
    if groups is None:
        return random.integers(0, folds, rows)
    _, which = np.unique(groups, return_inverse=True)
    fold: NDArray[np.int64] = random.integers(0, folds, which.max() + 1)[which]
    return fold


def _boosted(
    names: Sequence[str],
    features: Floats,
    target: NDArray[np.int64],
    weight: Doubles,
    shape: Shape,
    seed: int,
) -> Trees:
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier
    except ImportError as error:
        raise MissingExtraError("scikit-learn", "learn") from error
    ways = [(name in shape.rising) - (name in shape.falling) for name in names]
    model = HistGradientBoostingClassifier(
        max_iter=shape.trees,
        max_leaf_nodes=shape.leaves,
        learning_rate=shape.rate,
        min_samples_leaf=shape.least,
        l2_regularization=shape.shrink,
        monotonic_cst=ways,
        early_stopping=False,
        random_state=seed,
    )
    # scikit-learn cannot bin a column that is never known; of one value, it is never split on.
    unknown = np.isnan(features).all(axis=0)
    model.fit(np.where(unknown, np.float32(0), features), target, sample_weight=weight)
    return of_sklearn(names, model)


def of_sklearn(names: Sequence[str], model: Any) -> Trees:
    """A fitted HistGradientBoostingClassifier of two classes, without categories, as arrays.

    The one place that knows scikit-learn's private layout; a test compares the predictions.
    """
    nodes = [each[0].nodes for each in model._predictors]
    starts = np.cumsum([0, *map(len, nodes)])
    roots = starts[:-1].astype(np.int32)
    every: Any = np.concatenate(nodes)
    offset = np.repeat(roots, [len(each) for each in nodes])
    own = np.arange(len(every), dtype=np.int32)
    leaf = every["is_leaf"].astype(bool)
    return Trees(
        names=tuple(names),
        feature=np.where(leaf, 0, every["feature_idx"]).astype(np.int32),
        threshold=np.where(leaf, 0.0, every["num_threshold"]).astype(np.float64),
        left=np.where(leaf, own, every["left"].astype(np.int32) + offset).astype(np.int32),
        right=np.where(leaf, own, every["right"].astype(np.int32) + offset).astype(np.int32),
        missing_left=every["missing_go_to_left"].astype(bool),
        value=np.where(leaf, every["value"], 0.0).astype(np.float64),
        roots=roots,
        base=float(np.ravel(model._baseline_prediction)[0]),
        depth=int(every["depth"].max()),
    )
