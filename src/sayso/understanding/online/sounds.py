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
_PRIMES = np.array([73_856_093, 19_349_663, 83_492_791, 50_331_653], np.uint32)


def grams(words: str) -> Grams:
    """Hashes, below 2^32, of the runs of sounds in a folded text; none where it is empty."""
    return frozenset(hashes(words).tolist())


def hashes(words: str) -> NDArray[np.uint32]:
    """The same in order, perhaps some twice."""
    heard = sounds(words)
    if not heard:
        return np.zeros(0, np.uint32)
    # Marks at both ends, so that a text of one word has runs, too.
    codes = np.frombuffer(f"^{heard}$$".encode("utf-32-le", "replace"), np.uint32)
    runs = [codes[at : len(codes) - RUN + 1 + at] * _PRIMES[at] for at in range(RUN)]
    mixed = runs[0] ^ runs[1] ^ runs[2] ^ runs[3]
    spread: NDArray[np.uint32] = mixed ^ (mixed >> np.uint32(15))
    return spread


def alike(one: Grams, other: Grams) -> float:
    """Dice's coefficient of two sets, in [0, 1]."""
    together = len(one) + len(other)
    return 2 * len(one & other) / together if together else 0.0
