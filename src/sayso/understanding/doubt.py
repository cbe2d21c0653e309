"""How much what a skill has turned down before speaks against it for a sentence.

A negative label is a counter-example: a row as the skill's examples have one. It counts where the
sentence is nearly the same, and never against an example that is nearer: a skill may turn down
"the price of gold" and be right for "the price of silver".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
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


def doubted(refused: Refused, heard: Heard, nearest: float) -> Doubt | None:
    """What a skill's counter-examples say of a sentence; None if they say nothing.

    nearest: cosine of the skill's nearest example.
    """
    cosines = _cosines(refused, heard)
    shares = doubt(cosines, refused.weights, np.full_like(cosines, nearest))
    most = int(shares.argmax())
    if not shares[most]:
        return None
    kept = max(1.0 - float(shares[most]), LEAST)
    return Doubt(refused.texts[most], float(cosines[most]), STRENGTH * math.log(kept))


def _cosines(refused: Refused, heard: Heard) -> Floats:
    """(n,) with the sentence; 1 for the same words and else 0 where there are no vectors."""
    if refused.vectors is None or heard.pooled is None:
        said = fold(heard.utterance.text)
        return np.array([fold(text) == said for text in refused.texts], np.float32)
    found: Floats = refused.vectors.astype(np.float32) @ heard.pooled
    return found
