"""Nearest successful neighbour: a request that fails becomes the most alike one that works.

A text works where most turns of it were acted upon, not cut short and not followed by another
request within 45 seconds; it fails where most were not. Alike is the cosine of the sentence vectors
of the packaged encoder.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sayso.encoders import Encoder
from sayso.types.lessons import LoggedTurn
from sayso.understanding.fold import fold

WITHIN_S = 45.0
PEOPLE = 5  # who said a text, before it counts either way
WORKS, FAILS = 0.75, 0.35  # shares of its turns that went well
ALIKE = 0.80
_vectors: dict[str, NDArray[np.float32]] = {}


def learn(rows: Sequence[LoggedTurn], day: int) -> Mapping[str, str]:
    """Folded text -> what it is rewritten to."""
    del day
    well, people = _outcomes(rows)
    known = [text for text in sorted(well) if len(people[text]) >= PEOPLE]
    works = [text for text in known if np.mean(well[text]) >= WORKS]
    fails = [text for text in known if np.mean(well[text]) <= FAILS]
    if not works or not fails:
        return {}
    alike = encoded(fails) @ encoded(works).T
    best = alike.argmax(axis=1)
    return {
        text: works[place]
        for text, place, row in zip(fails, best, alike, strict=True)
        if row[place] >= ALIKE
    }


def _outcomes(rows: Sequence[LoggedTurn]) -> tuple[dict[str, list[bool]], dict[str, set[str]]]:
    """Text -> whether each of its turns went well, as far as a log tells; and who said it."""
    well: dict[str, list[bool]] = defaultdict(list)
    people: dict[str, set[str]] = defaultdict(set)
    later: dict[str, LoggedTurn] = {}
    for row in sorted(rows, key=lambda row: row.at, reverse=True):
        said, after = fold(row.said), later.get(row.conversation)
        alone = after is None or (after.at - row.at).total_seconds() > WITHIN_S
        well[said].append(row.outcome == "act" and row.barge_in_ms is None and alone)
        people[said].add(row.user)
        later[row.conversation] = row
    return well, people


def encoded(texts: Sequence[str]) -> NDArray[np.float32]:
    """(n, d) unit vectors; each text is encoded once."""
    new = [text for text in texts if text not in _vectors]
    for text, one in zip(new, _encoder().encode(new), strict=True):
        _vectors[text] = np.asarray(one.pooled, np.float32)
    return np.stack([_vectors[text] for text in texts])


@lru_cache(maxsize=1)
def _encoder() -> Encoder:
    return Encoder.load()
