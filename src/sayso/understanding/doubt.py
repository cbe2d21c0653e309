"""How much what a skill has turned down before speaks against it for a sentence.

A negative label is a counter-example: a row as the skill's examples have one. It counts where the
sentence is nearly the same, and never against an example that is nearer: a skill may turn down
"the price of gold" and be right for "the price of silver".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


def _lost(share: float) -> float:
    """Log-odds, below 0, that a skill's score loses with so much of its chance."""
    return STRENGTH * math.log(max(1.0 - share, LEAST))


class Refusals:
    """What skills have turned down, ready to be compared with a sentence."""

    def __init__(self, refused: Mapping[str, Refused]) -> None:
        """refused: skill -> what it has turned down, of those that have."""
        parts = list(refused.values())
        self._numbers = {skill: number for number, skill in enumerate(refused)}
        self._counts = np.array([len(each.texts) for each in parts], np.intp)
        self._ends = np.cumsum(self._counts)
        self._texts = [text for each in parts for text in each.texts]
        self._weights = np.concatenate([np.zeros(0, np.float32), *(x.weights for x in parts)])
        vectors = [each.vectors for each in parts if each.vectors is not None]
        self._vectors = np.concatenate(vectors) if len(vectors) == len(parts) > 0 else None

    def __bool__(self) -> bool:
        return bool(self._numbers)

    def doubts(self, skills: Sequence[str], heard: Heard, nearest: Floats) -> dict[int, Doubt]:
        """What speaks against some of these skills, by their numbers.

        nearest: (skills,) cosine of the nearest example of each.
        """
        known = [(at, self._numbers[x]) for at, x in enumerate(skills) if x in self._numbers]
        if not known:
            return {}
        places, numbers = np.array(known, np.intp).T
        counts, ends = self._counts[numbers], self._ends[numbers]
        owners = np.repeat(places, counts)
        rows = np.arange(len(owners)) + np.repeat(ends - np.cumsum(counts), counts)
        cosines = self._cosines(rows, heard)
        near = np.flatnonzero(cosines > NEAR)
        rows, cosines, owners = rows[near], cosines[near], owners[near]
        shares = doubt(cosines, self._weights[rows], nearest[owners])
        order = np.argsort(shares, kind="stable")
        order = order[shares[order] > 0]
        # The largest of a skill's comes last, and is the one that stays.
        worst = dict(zip(owners[order].tolist(), order.tolist(), strict=True))
        return {
            owner: Doubt(self._texts[rows[at]], float(cosines[at]), _lost(float(shares[at])))
            for owner, at in worst.items()
        }

    def _cosines(self, rows: NDArray[np.intp], heard: Heard) -> Floats:
        """(rows,) with the sentence; 1 for the same words and else 0 where there are no vectors."""
        if self._vectors is None or heard.pooled is None:
            said = fold(heard.utterance.text)
            return np.array([fold(self._texts[row]) == said for row in rows], np.float32)
        found: Floats = self._vectors[rows].astype(np.float32, copy=False) @ heard.pooled
        return found
