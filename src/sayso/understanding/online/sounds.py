"""How a request sounds, as the short runs of sounds that it holds.

What a recogniser mishears sounds like what was said, and often has its words divided elsewhere:
`maj and dragons` is `imagine dragons`. So runs of four sounds are compared over the whole request,
without its spaces: one wrong sound spoils four of some twenty runs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.values.likeness import sounds

RUN = 4  # sounds
Grams = frozenset[int]
Runs = frozenset[str]
_PRIMES = np.array([73_856_093, 19_349_663, 83_492_791, 50_331_653], np.uint32)


def runs(words: str) -> Runs:
    """The runs of sounds in a folded text, as they are: to compare two texts."""
    heard = sounds(words)
    if not heard:
        return frozenset()
    marked = _marked(heard)
    return frozenset([marked[at : at + RUN] for at in range(len(heard))])


def grams(words: str) -> Grams:
    """Hashes, below 2^32, of those runs: to look them up; none where the text is empty."""
    return frozenset(hashes(words).tolist())


def hashes(words: str) -> NDArray[np.uint32]:
    """The same in order, perhaps some twice."""
    heard = sounds(words)
    if not heard:
        return np.zeros(0, np.uint32)
    codes = np.frombuffer(_marked(heard).encode("utf-32-le", "replace"), np.uint32)
    shifted = [codes[at : len(codes) - RUN + 1 + at] * _PRIMES[at] for at in range(RUN)]
    mixed = shifted[0] ^ shifted[1] ^ shifted[2] ^ shifted[3]
    spread: NDArray[np.uint32] = mixed ^ (mixed >> np.uint32(15))
    return spread


def _marked(heard: str) -> str:
    """With marks at both ends, so that a text of one word has runs, too."""
    return f"^{heard}$$"


def alike(one: Runs | Grams, other: Runs | Grams) -> float:
    """Dice's coefficient of two sets, in [0, 1]."""
    together = len(one) + len(other)
    return 2 * len(one & other) / together if together else 0.0
