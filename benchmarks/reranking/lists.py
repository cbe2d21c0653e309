"""Requests as tables: what the rankers of the comparison learn from and are judged on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks.reranking.traffic import Asked
from sayso.routing.rank import FEATURES, WHICH
from sayso.training.ranking import FITTED
from sayso.understanding.contenders import SHARES

MOST = 10  # readings of a request; eight, and a few where a session is open
FOLDS = 5  # of skills: a request is judged by what requests for other folds' skills taught
FIXED = ("denied", "active")  # nothing that is asked shows these at work
WORDS = (*FITTED, "known")  # what words say, of which the weights are fitted
KNOWN = tuple(SHARES)  # what is known of the person
ALL = (*WORDS, *KNOWN)
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lists:
    """n requests of up to m readings; `there` tells which are.

    features: (n, m, FEATURES + KNOWN), the latter in log-odds, as they count now; fixed: (n, m)
    what the features that are not fitted add. right: (n,) place of what was meant, -1 if it is not
    there; its, same: (n, m) of the skill meant, of one that has the very sentence.
    folds: (n,) of the skill meant; weights: (n,) how many requests each counts as.
    """

    features: Floats
    fixed: Floats
    there: Bools
    right: NDArray[np.intp]
    its: Bools
    same: Bools
    folds: NDArray[np.intp]
    weights: Floats


def lists_of(asked: Sequence[Asked], weights: Sequence[float] | None = None) -> Lists:
    """The requests as tables. weights: as `Lists` has them; None for 1 each."""
    shape = (len(asked), MOST)
    features = np.zeros((*shape, len(FEATURES) + len(KNOWN)))
    there, its, same = (np.zeros(shape, np.bool_) for _ in range(3))
    right = np.full(len(asked), -1)
    for n, each in enumerate(asked):
        for at, reading in enumerate(each.readings[:MOST]):
            features[n, at] = [
                *(reading.features[name] for name in FEATURES),
                *(reading.personal.get(name, 0.0) for name in KNOWN),
            ]
            there[n, at] = True
            its[n, at], same[n, at] = reading.skill == each.skill, reading.skill in each.same
            if (reading.skill, reading.intent) == (each.skill, each.intent):
                right[n] = at
    places = [FEATURES.index(name) for name in FIXED]
    fixed = features[:, :, places] @ np.array([WHICH[name] for name in FIXED])
    folds = np.array([crc32(each.skill.encode()) % FOLDS for each in asked])
    counting = np.ones(len(asked)) if weights is None else np.array(weights)
    return Lists(features, fixed, there, right, its, same, folds, counting)


def columns(lists: Lists, names: Sequence[str]) -> Floats:
    """(n, m, names) of the features."""
    every = (*FEATURES, *KNOWN)
    return lists.features[:, :, [every.index(name) for name in names]]


def fit_linear(
    table: Floats, fixed: Floats, there: Bools, right: NDArray[np.intp], counting: Floats
) -> Floats:
    """Weights of a list-wise logit, by Newton's method; the right ones are there."""
    weights = np.zeros(table.shape[-1])
    for _ in range(30):
        shares = softmax(np.where(there, table @ weights + fixed, -np.inf))
        means = np.einsum("nm,nmf->nf", shares, table)
        behind = table[np.arange(len(table)), right] - means
        gradient = counting @ behind - weights
        weighed = (table * (shares * counting[:, None])[..., None]).reshape(-1, len(weights))
        spread = weighed.T @ table.reshape(-1, len(weights)) - (means.T * counting) @ means
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
