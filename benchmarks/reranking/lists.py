"""Requests as tables: what the rankers of the comparison learn from and are judged on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks.reranking.traffic import Asked
from sayso.routing.rank import FEATURES, WHICH

MOST = 10  # readings of a request; eight, and a few where a session is open
FOLDS = 5  # of skills: a request is judged by what requests for other folds' skills taught
FIXED = ("denied", "known", "active")  # held-out sentences do not show these at work
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lists:
    """n requests of up to m readings; `there` tells which are.

    features: (n, m, FEATURES); personal: (n, m) what is known of the person, in log-odds; fixed:
    (n, m) what the features that are not fitted add. right: (n,) place of what was meant, -1 if it
    is not there; its, same: (n, m) of the skill meant, of one that has the very sentence.
    folds: (n,) of the skill meant; taught: (n,) whether a ranker may learn from it.
    """

    features: Floats
    personal: Floats
    fixed: Floats
    there: Bools
    right: NDArray[np.intp]
    its: Bools
    same: Bools
    folds: NDArray[np.intp]
    taught: Bools


def lists_of(asked: Sequence[Asked]) -> Lists:
    """The requests as tables."""
    shape = (len(asked), MOST)
    features = np.zeros((*shape, len(FEATURES)))
    personal = np.zeros(shape)
    there, its, same = (np.zeros(shape, np.bool_) for _ in range(3))
    right = np.full(len(asked), -1)
    for n, each in enumerate(asked):
        for at, reading in enumerate(each.readings[:MOST]):
            features[n, at] = [reading.features[name] for name in FEATURES]
            personal[n, at] = sum(reading.personal.values())
            there[n, at] = True
            its[n, at], same[n, at] = reading.skill == each.skill, reading.skill in each.same
            if (reading.skill, reading.intent) == (each.skill, each.intent):
                right[n] = at
    known = features[:, :, FEATURES.index("known")] > 0
    places = [FEATURES.index(name) for name in FIXED]
    fixed = features[:, :, places] @ np.array([WHICH[name] for name in FIXED])
    folds = np.array([crc32(each.skill.encode()) % FOLDS for each in asked])
    # Where another skill has the sentence itself, nothing tells that it is not meant.
    taught = (right >= 0) & ~(known & ~its).any(axis=1)
    return Lists(features, personal, fixed, there, right, its, same, folds, taught)


def columns(lists: Lists, names: Sequence[str]) -> Floats:
    """(n, m, names) of the features."""
    return lists.features[:, :, [FEATURES.index(name) for name in names]]


def fit_linear(table: Floats, fixed: Floats, there: Bools, right: NDArray[np.intp]) -> Floats:
    """Weights of a list-wise logit, by Newton's method; the right ones are there."""
    weights = np.zeros(table.shape[-1])
    for _ in range(30):
        shares = softmax(np.where(there, table @ weights + fixed, -np.inf))
        means = np.einsum("nm,nmf->nf", shares, table)
        gradient = (table[np.arange(len(table)), right] - means).sum(axis=0) - weights
        weighed = (table * shares[..., None]).reshape(-1, len(weights))
        spread = weighed.T @ table.reshape(-1, len(weights)) - means.T @ means
        step = np.linalg.solve(spread + np.eye(len(weights)), gradient)
        weights += step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-9))
        if float(np.abs(step).max()) < 1e-4:
            break
    return weights


def softmax(scores: Floats) -> Floats:
    """(n, m) shares of each list; -inf where there is nothing."""
    tops = scores.max(axis=1, keepdims=True)
    powers = np.exp(scores - np.where(np.isfinite(tops), tops, 0.0))
    shares: Floats = powers / np.maximum(powers.sum(axis=1, keepdims=True), 1e-12)
    return shares
