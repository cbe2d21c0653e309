"""Words and pairs of neighbours, as numbers, and how rare each is.

Rarities are those of the day of training and stay so: a skill that is added or removed later
changes the score of no other.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise
from typing import Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.fold import UNSPACED

# A run of letters, with the vowel signs of India; a character where words have no spaces.
_WORD = re.compile(
    rf"[{UNSPACED}]|(?:(?![{UNSPACED}\u0964\u0965])[\w\u0610-\u061a\u064b-\u065f\u0900-\u0dff])+"
)

Terms = NDArray[np.uint32]


def words_of(text: str) -> list[str]:
    """Words and pairs of neighbours, case folded: what overlap counts."""
    words = _WORD.findall(text.casefold())
    return words + [f"{a} {b}" for a, b in pairwise(words)]


def term(word: str) -> int:
    """A word or a pair as a number. Two of them share one about once in four thousand million."""
    return crc32(word.encode())


def key(text: str) -> int:
    """A sentence, a name or an id as a number; two of a million never share one."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def terms_of(text: str) -> tuple[Terms, Terms]:
    """Each word of a text once, and each pair, as `term` has them."""
    words = _WORD.findall(text.casefold())
    pairs = dict.fromkeys(f"{a} {b}" for a, b in pairwise(words))
    return _terms(dict.fromkeys(words)), _terms(pairs)


def _terms(words: Collection[str]) -> Terms:
    return np.fromiter((crc32(word.encode()) for word in words), np.uint32, len(words))


class Rarity(Protocol):
    """How rare words are among the groups (all that a skill says for one intent, or of itself)."""

    def of(self, term: int) -> float:
        """Inverse document frequency as BM25 has it: log(1 + (N - n + 0.5) / (n + 0.5))."""


def rarity(count: int, total: int) -> float:
    """The rarity of what `count` of `total` groups hold."""
    return math.log1p((total - count + 0.5) / (count + 0.5))


@dataclass(frozen=True, slots=True)
class Counted:
    """Rarity from counts in memory. counts: term -> groups that hold it; groups: of how many."""

    counts: Mapping[int, int] = field(default_factory=dict)
    groups: int = 0

    def of(self, term: int) -> float:
        """See `Rarity`."""
        return rarity(self.counts.get(term, 0), max(self.groups, 1))


def counted(groups: Iterable[Collection[int]]) -> Counted:
    """The rarity of words among these groups; each group's terms once."""
    counts: Counter[int] = Counter()
    total = 0
    for terms in groups:
        counts.update(terms)
        total += 1
    return Counted(dict(counts), total)


@dataclass(frozen=True, slots=True)
class Said:
    """The terms of an utterance.

    terms: (q,) sorted, each once; rarity: (q,); pairs: (q,) whether it is a pair of words.
    total: the rarity of all its terms together; 1 if it has none.
    """

    terms: Terms
    rarity: NDArray[np.float32]
    pairs: NDArray[np.bool_]
    total: float


def said(text: str, rarities: Rarity) -> Said:
    """What is looked for when a text was said."""
    found = {term(word): " " in word for word in words_of(text)}
    terms = np.array(sorted(found), np.uint32)
    rare = np.array([rarities.of(each) for each in terms.tolist()], np.float32)
    pairs = np.array([found[each] for each in terms.tolist()], np.bool_)
    return Said(terms, rare, pairs, float(rare.sum()) or 1.0)
