"""How alike the names of two slots are."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import cast

import numpy as np

from sayso.dialogue.carrying.roles import parts
from sayso.dialogue.carrying.weigh import Alike, share_of_words
from sayso.understanding.contract import Vector
from sayso.understanding.heard import TextEncoder, hear_whole

MOST_NAMES = 4096  # whose vectors are kept


def likeness(encoder: TextEncoder | None) -> Alike:
    """A function of two names: the cosine of their words, or the share that they have in common.

    Each name is read once by the encoder; a home has as many as its skills have slots.
    """
    return share_of_words if encoder is None else _of_vectors(cast(Hashable, encoder))


@lru_cache(maxsize=4)
def _of_vectors(hashable: Hashable) -> Alike:
    encoder = cast(TextEncoder, hashable)

    @lru_cache(maxsize=MOST_NAMES)
    def vector(name: str) -> Vector | None:
        return hear_whole([" ".join(parts(name)) or name], encoder)[0].pooled

    def alike(one: str, other: str) -> float:
        if one == other:
            return 1.0
        mine, theirs = vector(one), vector(other)
        if mine is None or theirs is None:
            return share_of_words(one, other)
        return max(0.0, float(np.dot(mine, theirs)))

    return alike
