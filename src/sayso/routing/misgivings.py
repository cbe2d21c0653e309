"""How probably a turn goes wrong, told before the person could say: from what is known right then.

Verdicts (`sayso.feedback`) know what followed; this knows the engine's own confidence, and how
others fared who said the same. Plain trees, fitted offline by `sayso.feedback.beforehand`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sayso import trees
from sayso.trees import Doubles, Floats, Trees
from sayso.types.lessons import CERTAIN
from sayso.types.turns import Outcome

SHIPPED = "misgivings.npz"  # made by: python -m scripts.make_defects
FEATURES = (
    "outcome",  # 0 acted, 1 something unknown, 2 asked, 3 abstained
    "confidence",  # NaN where nothing was understood
    "words",
    "others",  # log(1 + turns of other people who said just this)
    "others_defects",  # share of these that went wrong; NaN without
    "in_dialogue",
)
OUTCOMES = {Outcome.ACT: 0, Outcome.ASK: 2, Outcome.ABSTAIN: 3}


def figures(
    *,
    outcome: Sequence[str],
    confidence: ArrayLike,
    words: ArrayLike,
    others: ArrayLike,
    others_defect_bp: ArrayLike,
    in_dialogue: ArrayLike,
) -> Floats:
    """What is known of turns: (n, FEATURES), the same for fitting and for serving.

    confidence: NaN where there is none; words: how many were said; others: turns of other people
    with this text; others_defect_bp: the sum of their defects in basis points.
    """
    told: Any = np.asarray(others, np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.asarray(others_defect_bp, np.float64) / CERTAIN / told
    return np.column_stack(
        [
            [OUTCOMES.get(Outcome(each), 1) if each in set(Outcome) else 1 for each in outcome],
            np.asarray(confidence, np.float64),
            np.asarray(words, np.float64),
            np.log1p(told),
            share,
            np.asarray(in_dialogue, np.float64),
        ]
    ).astype(np.float32)


def misgiving(figures: Floats, model: Trees | None = None) -> Doubles:
    """Probability of a defect: (n, FEATURES) -> (n,). model: the packaged one if None."""
    return (model or packaged()).predict(figures)


@lru_cache(maxsize=1)
def packaged() -> Trees:
    """The model that comes with Sayso."""
    return trees.load(files("sayso.routing").joinpath(SHIPPED).read_bytes(), FEATURES)
