"""What one person asks for: a few hundred requests, all of them compared at each turn.

Made from a person's own successful turns when they first speak, kept while they do, and never
shared: what one says never reaches another through this. A person's requests are as private as
their log, and go with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.heard import TextEncoder
from sayso.understanding.online.entries import Asked, Entry, Kept, Vector
from sayso.understanding.online.projection import Projection
from sayso.understanding.online.sounds import grams

MOST = 500  # requests of a person; those made most often and last stay
NEAREST = 8  # of them that are looked at closely, by sound and by sense each
_FADES_S = 30 * 86_400.0  # after which a request counts half


@dataclass(frozen=True)
class Habits:
    """The requests of one person.

    vectors: (n, d) projected, unit rows; None without an encoder.
    """

    entries: Sequence[Entry] = ()
    vectors: NDArray[np.float32] | None = None

    @cached_property
    def _owners(self) -> tuple[NDArray[np.uint32], NDArray[np.intp], NDArray[np.float32]]:
        """The grams of all, whose each is, and how many everyone has."""
        sets = [grams(entry.words) for entry in self.entries]
        sizes = np.array([len(each) for each in sets], np.float32)
        codes = np.array([code for each in sets for code in each], np.uint32)
        owners = np.repeat(np.arange(len(sets)), sizes.astype(np.intp))
        order = np.argsort(codes, kind="stable")
        return codes[order], owners[order], sizes

    @cached_property
    def by_words(self) -> dict[str, Entry]:
        """Folded words -> the request."""
        return {entry.words: entry for entry in self.entries}

    @cached_property
    def by_intent(self) -> Mapping[tuple[str, str], Sequence[Entry]]:
        """Skill and intent -> the requests."""
        found: dict[tuple[str, str], list[Entry]] = {}
        for entry in self.entries:
            found.setdefault((entry.skill, entry.intent), []).append(entry)
        return found

    @cached_property
    def turns_by_intent(self) -> Counter[tuple[str, str]]:
        """How many turns went to each intent."""
        counted: Counter[tuple[str, str]] = Counter()
        for entry in self.entries:
            counted[entry.skill, entry.intent] += entry.turns
        return counted

    def near(self, asked: Asked, vector: Vector | None) -> list[Kept]:
        """Those that sound or mean most alike; vector: of what was said, projected."""
        if not self.entries:
            return []
        codes, owners, sizes = self._owners
        mine = np.array(sorted(asked.grams), np.uint32)
        first, last = np.searchsorted(codes, mine), np.searchsorted(codes, mine, side="right")
        lists = [owners[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True) if b > a]
        found = np.concatenate([np.zeros(0, np.intp), *lists])
        shared = np.bincount(found, minlength=len(sizes))
        rows = _best(2 * shared / (sizes + max(1, len(mine))))
        if vector is not None and self.vectors is not None:
            rows = sorted({*rows, *_best(self.vectors @ vector)})
        return [Kept(self.entries[at], self._vector(at)) for at in rows]

    def _vector(self, at: int) -> Vector | None:
        return self.vectors[at] if self.vectors is not None else None


NOBODY = Habits()


def habits(
    entries: Collection[Entry],
    encoder: TextEncoder | None,
    projection: Projection,
    *,
    now_s: float = 0.0,
) -> Habits:
    """A person's habits, from what they asked for with success; takes some 0.4 ms a request.

    entries: theirs, one a text, `turns` counting theirs alone, with `last_s`.
    """
    kept = sorted(entries, key=lambda x: (-_worth(x, now_s), x.words))[:MOST]
    vectors = None
    if encoder is not None and kept:
        heard = encoder.encode([entry.shown for entry in kept])
        vectors = projection(np.stack([one.pooled for one in heard]))
    return Habits(tuple(kept), vectors)


def _worth(entry: Entry, now_s: float) -> float:
    """How much a request says of its person today."""
    ago = max(0.0, now_s - entry.last_s) if entry.last_s and now_s else 0.0
    return float(entry.turns * 0.5 ** (ago / _FADES_S))


def _best(scores: NDArray[np.floating]) -> list[int]:
    """The places of the best; nothing that has nothing in common."""
    most = min(NEAREST, len(scores))
    best = np.argpartition(-scores, most - 1)[:most]
    return [int(at) for at in best if scores[at] > 0]
