"""Which names share most with what was said: an inverted index of character trigrams and sounds.

It is four arrays and nothing else, so that it is memory-mapped as it lies on disk. At a look-up the
rarest trigrams of the words are counted first, and common ones only as long as there is time.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import jellyfish
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

NEAREST = 32  # names compared in full
MOST_COUNTED = 150_000  # entries read at one look-up, which bounds its time
_COMMON = 60_000  # names that share a trigram which is not worth keeping, or a sixteenth of all
_MOST_BUCKETS = 1 << 18
_BREAK = 10  # the line feed between two names
_SLICE = 50_000  # names hashed at a time


class Grams:
    """The index of some names, by their place among them. Immutable."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        """arrays: as `build` made them, in memory or mapped from a file."""
        self._starts, self._owners = arrays["starts"], arrays["owners"]
        self._sizes = arrays["sizes"]
        self._buckets = np.uint32(len(self._starts) - 1)

    def nearest(self, text: str) -> list[int]:
        """At most NEAREST names that share most with a folded text, the most alike first.

        Alike by Dice's coefficient; only those at least half as alike as the best.
        """
        mine = np.unique(_hashes([text])[0] % self._buckets)
        mine = mine[self._starts[mine + 1] > self._starts[mine]]
        if not len(mine):
            return []
        shared = self._shared(mine)
        near = np.flatnonzero(shared >= max(1, int(shared.max()) // 2))
        alike = shared[near] / (self._sizes[near].astype(np.float32) + np.float32(len(mine)))
        if len(near) > NEAREST:
            best = np.argpartition(-alike, NEAREST)[:NEAREST]
            near, alike = near[best], alike[best]
        order = np.argsort(-alike, kind="stable")
        kept = order[alike[order] > alike.max() / 2]
        return [int(name) for name in near[kept]]

    def _shared(self, mine: NDArray[np.uint32]) -> NDArray[np.intp]:
        """How many of these buckets each name is in, as far as there is time to count.

        The rarest come first: they tell most, and cost least.
        """
        first, last = self._starts[mine], self._starts[mine + 1]
        rarest = np.argsort(last - first, kind="stable")
        counted = max(1, int(np.searchsorted(np.cumsum((last - first)[rarest]), MOST_COUNTED)))
        lists = [self._owners[first[n] : last[n]] for n in rarest[:counted]]
        return np.bincount(np.concatenate(lists))


def build(texts: Sequence[str]) -> dict[str, Array]:
    """The arrays of the index of folded texts; the commonest trigrams are left out.

    owners[starts[b] : starts[b + 1]] are the texts with a trigram or sound in bucket b; sizes
    (texts,) how many different ones a text has, 255 at most.
    """
    made = []
    total = 0
    for start in range(0, len(texts), _SLICE):
        hashes, owners = _hashes(texts[start : start + _SLICE])
        total += len(hashes)
        made.append((hashes, owners + start))
    buckets = np.uint32(min(_MOST_BUCKETS, 4 << total.bit_length()))
    entries = [_entries(hashes % buckets, owners) for hashes, owners in made]
    joined = np.concatenate([np.zeros(0, np.uint64), *entries])
    del made, entries
    joined.sort()
    owners = (joined & np.uint64(0xFFFFFFFF)).astype(np.int32)
    joined >>= np.uint64(32)
    counts = np.bincount(joined.astype(np.int64), minlength=int(buckets))
    sizes = np.minimum(np.bincount(owners, minlength=len(texts)), 255).astype(np.uint8)
    kept = counts <= max(_COMMON, len(texts) // 16)
    owners = owners[np.repeat(kept, counts)]
    starts = np.concatenate(([0], np.cumsum(counts * kept))).astype(np.uint32)
    return {"starts": starts, "owners": owners, "sizes": sizes}


def _entries(buckets: NDArray[np.uint32], owners: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Bucket and owner in one number, each pair once, in ascending order."""
    return np.unique(buckets.astype(np.uint64) << np.uint64(32) | owners.astype(np.uint64))


def _hashes(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Trigrams and sounds of all texts: the hash of each, and the index of its text."""
    hashes, owners = _trigrams(texts)
    heard = [(sound(word), at) for at, text in enumerate(texts) for word in text.split()]
    sounds = np.array([code for code, _ in heard], np.uint32)
    whose = np.array([at for _, at in heard], np.int32)
    return np.concatenate([hashes, sounds]), np.concatenate([owners, whose])


@lru_cache(maxsize=50_000)
def sound(word: str) -> int:
    """A hash of how a word sounds."""
    code = jellyfish.metaphone(word) if word.isascii() else ""
    return zlib.crc32(f"~{code or word}".encode())


def _trigrams(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Trigrams of all texts, in order: the hash of each, and the index of its text."""
    joined = "\n".join(f" {text} " for text in texts).encode("utf-32-le")
    codes = np.frombuffer(joined, dtype=np.uint32)
    if len(codes) < 3:
        return np.zeros(0, np.uint32), np.zeros(0, np.int32)
    first, second, third = codes[:-2], codes[1:-1], codes[2:]
    inside = (first != _BREAK) & (second != _BREAK) & (third != _BREAK)
    # Two trigrams of one hash only let a name in that is then compared in full.
    mixed = (
        first * np.uint32(73_856_093)
        ^ second * np.uint32(19_349_663)
        ^ third * np.uint32(83_492_791)
    )
    owners = np.cumsum(codes == _BREAK)[:-2].astype(np.int32)
    return (mixed ^ mixed >> np.uint32(15))[inside], owners[inside]
