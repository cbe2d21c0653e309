"""What a person does in a turn: agrees, chooses, asks, turns down, says that anything will do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.described.sketch import Sketched

Floats = NDArray[np.float32]
# As SGD names them; DONT_CARE is an INFORM of that value.
ACTS = (
    "AFFIRM",
    "NEGATE",
    "SELECT",
    "REQUEST",
    "REQUEST_ALTS",
    "AFFIRM_INTENT",
    "NEGATE_INTENT",
    "INFORM_INTENT",
    "INFORM",
    "GOODBYE",
    "THANK_YOU",
    "DONT_CARE",
)
# Of the system, before.
BEFORE = (
    "CONFIRM",
    "OFFER",
    "REQUEST",
    "OFFER_INTENT",
    "REQ_MORE",
    "INFORM",
    "NOTIFY_SUCCESS",
    "NOTIFY_FAILURE",
)


@dataclass(frozen=True, slots=True, eq=False)
class Acts:
    """The map from what was said, and done before, to acts. weights: (figures, ACTS)."""

    words: dict[str, int]
    weights: Floats

    def figures(self, seen: Sketched, did: Sequence[str]) -> Floats:
        """(1, d): the sentence's vector, its words, the first one, what the last reply did."""
        return act_figures(seen, did, self.words)

    def of(self, seen: Sketched, did: Sequence[str]) -> Floats:
        """(ACTS,) chances; several may be done in one turn."""
        return self.chances(self.figures(seen, did))

    def chances(self, figures: Floats) -> Floats:
        """(ACTS,) likewise, of what `figures` gives."""
        scores = figures @ self.weights
        return np.asarray(1 / (1 + np.exp(-scores[0])), np.float32)


def act_figures(seen: Sketched, did: Sequence[str], words: dict[str, int]) -> Floats:
    """See `Acts.figures`; words: those told apart."""
    pooled = seen.heard.pooled
    vector = 4.0 * pooled if pooled is not None else np.zeros(0, np.float32)
    bag, head = np.zeros(len(words), np.float32), np.zeros(len(words), np.float32)
    for at, word in enumerate(seen.plain):
        place = words.get(word)
        if place is not None:
            bag[place] = 1.0
            if at == 0:
                head[place] = 1.0
    before = np.array([float(act in did) for act in BEFORE] + [1.0], np.float32)
    return np.concatenate([vector, bag, head, before])[None]
