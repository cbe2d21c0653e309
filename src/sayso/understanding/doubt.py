"""How much what a skill has turned down before speaks against it for a sentence.

A negative label is a counter-example: a row as the skill's examples have one. It counts where the
sentence is nearly the same, and never against an example that is nearer: a skill may turn down
"the price of gold" and be right for "the price of silver".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, starmap

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.contract import Heard, Matrix
from sayso.understanding.fold import fold

NEAR = 0.8  # cosine from which on a counter-example counts; it counts in full at 1
# Times the log-odds of the share that is lost. Chosen on the half of `benchmarks.overlap` that is
# not reported; 4 finds a little more there, where refusals are cleaner than people's.
STRENGTH = 2.0
LEAST = 1e-3  # of its chance that a refusal leaves to a skill, before that
_ROUNDING = 1e-4  # of cosines: an example of the very words is not farther than a counter-example
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Refused:
    """What a skill has turned down in one locale, its counter-examples; one at least.

    weights: (n,) of their labels, in [-1, 0]; vectors: (n, d) unit rows, or None where no encoder
    is used: then only the very words count.
    """

    texts: Sequence[str]
    weights: Floats
    vectors: Matrix | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks most against a skill for a sentence.

    text: what the skill has turned down; cosine: how near it is; lost: what the skill's score
        loses by it, in log-odds, below 0.
    """

    text: str
    cosine: float
    lost: float


def doubt(cosines: Floats, weights: Floats, nearest: Floats) -> Floats:
    """(n,) share of its chance that each counter-example's skill loses for a sentence, in [0, 1].

    cosines: (n,) of each counter-example; weights: (n,) of its label, in [-1, 0]; nearest: (n,)
    cosine of the nearest example of the same skill. A skill loses the largest share of its own.
    """
    share = np.clip((cosines - NEAR) / (1.0 - NEAR), 0.0, 1.0)
    nearer = cosines > nearest + _ROUNDING
    lost: Floats = np.where(nearer, -weights * share, 0.0)
    return lost.astype(np.float32)


class Refusals:
    """What skills have turned down, ready to be compared with a sentence."""

    def __init__(self, refused: Mapping[str, Refused]) -> None:
        """refused: skill -> what it has turned down, of those that have."""
        parts = list(refused.values())
        ends = accumulate((len(each.texts) for each in parts), initial=0)
        self._spans = dict(zip(refused, starmap(range, pairwise(ends)), strict=True))
        self._texts = [text for each in parts for text in each.texts]
        self._weights = np.concatenate([np.zeros(0, np.float32), *(x.weights for x in parts)])
        vectors = [each.vectors for each in parts if each.vectors is not None]
        self._vectors = np.concatenate(vectors) if len(vectors) == len(parts) > 0 else None

    def __bool__(self) -> bool:
        return bool(self._spans)

    def doubts(
        self, skills: Sequence[str], heard: Heard, nearest: Callable[[int], float]
    ) -> dict[int, Doubt]:
        """What speaks against some of these skills, by their numbers.

        nearest: number of a skill -> cosine of its nearest example; asked of few.
        """
        known = [
            (at, self._spans[skill]) for at, skill in enumerate(skills) if skill in self._spans
        ]
        rows = np.array([row for _, span in known for row in span], np.intp)
        if not len(rows):
            return {}
        cosines = self._cosines(rows, heard)
        owners = np.repeat([at for at, _ in known], [len(span) for _, span in known])
        near = np.flatnonzero(cosines > NEAR)
        rows, cosines, owners = rows[near], cosines[near], owners[near]
        best = np.array([nearest(at) for at in owners.tolist()], np.float32)
        shares = doubt(cosines, self._weights[rows], best)
        found: dict[int, Doubt] = {}
        for at in np.argsort(shares).tolist():  # the largest of a skill's last
            if shares[at] > 0:
                kept = max(1.0 - float(shares[at]), LEAST)
                text, lost = self._texts[rows[at]], STRENGTH * math.log(kept)
                found[int(owners[at])] = Doubt(text, float(cosines[at]), lost)
        return found

    def _cosines(self, rows: NDArray[np.intp], heard: Heard) -> Floats:
        """(rows,) with the sentence; 1 for the same words and else 0 where there are no vectors."""
        if self._vectors is None or heard.pooled is None:
            said = fold(heard.utterance.text)
            return np.array([fold(self._texts[row]) == said for row in rows], np.float32)
        found: Floats = self._vectors[rows].astype(np.float32, copy=False) @ heard.pooled
        return found
