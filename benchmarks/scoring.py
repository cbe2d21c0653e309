"""The selection score fitted on one half of a store's skills, and what it says of all phrases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from benchmarks.exact import TUNING, TURNS, Places, Store, Turn
from sayso.training.selecting import Request, fit_fusion
from sayso.understanding.fusion import FEATURES, Floats, Fusion

RANDOM = 60  # skills beside those that come near, for the score to know what is far


def fitted(store: Store) -> tuple[Fusion, Floats]:
    """The score fitted on the tuning half, and (asked, skills) scores that no phrase taught.

    Phrases of the tuning half are scored by what the other quarter of all skills taught.
    """
    quarters = np.array([_quarter(store, asked.skill) for asked in store.asked])
    tables = dict(_heard(store, quarters % 2 == TUNING, "learning", _near))
    lists = {n: _request(store, n, *near) for n, near in tables.items()}
    models = {
        quarter: fit_fusion([x for n, x in lists.items() if x and quarters[n] == quarter])
        for quarter in np.unique(quarters[quarters % 2 == TUNING])
    }
    fusion = fit_fusion([x for x in lists.values() if x])

    def scored(number: int, features: Floats) -> Floats:
        others = [model for quarter, model in models.items() if quarter != quarters[number]]
        return (others[0] if quarters[number] % 2 == TUNING else fusion).scores(features)

    everything = np.ones(len(store.asked), np.bool_)
    scores = np.zeros((len(store.asked), len(store.skills)), np.float32)
    for number, row in _heard(store, everything, "scoring", scored):
        scores[number] = row
    return fusion, scores


def _quarter(store: Store, skill: int) -> int:
    return crc32(store.skills[skill].encode()) % 4


def _heard(
    store: Store,
    wanted: NDArray[np.bool_],
    what: str,
    made: Callable[[int, Floats], Any],
) -> Iterable[tuple[int, Any]]:
    """Number of each phrase that is wanted, and what is made of all skills' features for it."""
    for number in range(TURNS):
        turn = Turn(store, number)
        own = [n for n, x in enumerate(store.asked) if x.turn == number and wanted[n]]
        for n in track(own, f"{what}, {number + 1} of {TURNS}"):
            yield n, made(n, turn.features(store.asked[n].row))


def _near(number: int, features: Floats) -> tuple[Places, Places, Floats]:
    """Skills that come near, these and some that do not, and the features of the latter."""
    column = {name: features[:, at] for at, name in enumerate(FEATURES)}
    cosine = np.maximum(column["name_cosine"], column["line_cosine"])
    words = np.maximum(column["name_words"], column["line_words"])
    examples = 0.6 * column["example_cosine"] + 0.4 * column["example_words"]
    orders = (
        (np.maximum(examples, 0.6 * cosine + 0.4 * words), 150),
        (examples + 0.5 * column["line_cosine"], 150),
        (column["all_words"], 30),
        (column["example_cosine"], 30),
    )
    near = np.unique(np.concatenate([np.argpartition(-x, k)[:k] for x, k in orders]))
    others = np.random.default_rng(number).choice(len(features), RANDOM)
    beside = np.union1d(near, others)
    return near, beside, features[beside]


def _request(
    store: Store, number: int, near: Places, beside: Places, features: Floats
) -> Request | None:
    """What there is to learn of a phrase; None if its skill did not come near."""
    right = store.asked[number].skill
    if right not in near:
        return None
    return Request(features, int(np.searchsorted(beside, right)))
