"""The selection score fitted on one half of a store's skills, and what it says of all phrases.

Learnt from phrases that were taken out of their skill alone, the score would take a whole sentence
for the mark of a wrong one. So skills that hold the very phrase, and from which it was not taken,
are left out of its list; and some phrases are asked for while their skills hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from zlib import crc32

import numpy as np
from rich.progress import track

from benchmarks.exact import TUNING, TURNS, Asked, Places, Store, Turn
from benchmarks.turning import PLAIN, Turnings, fold_of
from sayso.training.selecting import Request, fit_fusion
from sayso.understanding.fusion import EXAMPLE, FEATURES, Floats, Fusion

RANDOM = 60  # skills beside those that come near, for the score to know what is far
SAME = 0.999  # share of common words and pairs from which on sentences are the same
WHOLE = 0.4  # what a sentence that its skill holds counts beside one that was taken out


def fitted(store: Store, turnings: Turnings = PLAIN) -> tuple[Fusion, Floats]:
    """The score fitted on the tuning half, and (asked, skills) scores that no phrase taught.

    Phrases of the tuning half are scored by what the other quarter of all skills taught.
    """
    requests = _requests(store, turnings)
    models = {
        quarter: fit_fusion([x for x, skill in requests if _quarter(store, skill) == quarter])
        for quarter in {_quarter(store, skill) for _, skill in requests}
    }
    fusion = fit_fusion([x for x, _ in requests])

    def scored(number: int, features: Floats) -> Floats:
        own = _quarter(store, store.asked[number].skill)
        others = [model for quarter, model in models.items() if quarter != own]
        return (others[0] if own % 2 == TUNING else fusion).scores(features)

    scores = np.zeros((len(store.asked), len(store.skills)), np.float32)
    for number, row in _heard(store, dict(enumerate(store.asked)), "scoring", scored, turnings):
        scores[number] = row
    return fusion, scores


def _requests(store: Store, turnings: Turnings) -> list[tuple[Request, int]]:
    """What the tuning half teaches, and the skill that each is a phrase of."""
    phrases = [x for x in (*store.asked, *_whole(store)) if store.part(x.skill) == TUNING]
    made = []
    for n, near in _heard(store, dict(enumerate(phrases)), "learning", _near, turnings):
        gone = bool(store.gone[phrases[n].turn, phrases[n].row])
        request = _request(phrases[n].skill, gone, *near)
        if request is not None:
            made.append((n, request))
    # In the order of the phrases and not of the turns: how batches fall depends on nothing else.
    return [(request, phrases[n].skill) for n, request in sorted(made, key=lambda one: one[0])]


def _whole(store: Store) -> list[Asked]:
    """Of every third skill with examples one that is asked for as it stands there."""
    found: dict[int, list[int]] = {}
    for row in np.flatnonzero((store.kinds == EXAMPLE) & ~store.gone[0]).tolist():
        found.setdefault(int(store.owners[row]), []).append(row)
    keys = {skill: crc32(store.skills[skill].encode()) for skill in found}
    return [
        Asked(skill, rows[keys[skill] % len(rows)], turn=0)
        for skill, rows in found.items()
        if (keys[skill] >> 8) % 3 == 0
    ]


def _quarter(store: Store, skill: int) -> int:
    return crc32(store.skills[skill].encode()) % 4


def _heard(
    store: Store,
    phrases: Mapping[int, Asked],
    what: str,
    made: Callable[[int, Floats], Any],
    turnings: Turnings,
) -> Iterable[tuple[int, Any]]:
    """Number of each phrase, and what is made of all skills' features for it."""
    for number in range(TURNS):
        turn = Turn(store, number)
        own = [n for n, x in phrases.items() if x.turn == number]
        for n in track(own, f"{what}, {number + 1} of {TURNS}"):
            turning = turnings.get(fold_of(store, phrases[n].skill))
            yield n, made(n, turn.features(phrases[n].row, turning))


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
    right: int, gone: bool, near: Places, beside: Places, features: Floats
) -> Request | None:
    """What there is to learn of a phrase; None if its skill did not come near.

    gone: whether the phrase was taken out of its skill.
    """
    if right not in near:
        return None
    place = int(np.searchsorted(beside, right))
    same = features[:, FEATURES.index("example_dice_pairs")] > SAME
    if not gone:
        also = np.flatnonzero(same).tolist()
        return Request(features, place, also, WHOLE)
    kept = ~same
    kept[place] = True
    return Request(features[kept], int(kept[:place].sum()))
