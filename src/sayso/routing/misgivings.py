"""How probably a turn goes wrong, told before the person could say: from what is known right then.

Verdicts (`sayso.feedback`) know what followed; this knows no more than the engine does. It chooses
after which turns a person is asked whether they were right. Plain trees, fitted offline on
simulated people, whose truth is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike

from sayso import trees
from sayso.trees import Floats, Trees
from sayso.types.readings import Basis, Decision, Outcome

SHIPPED = "misgivings.npz"  # made by: python -m scripts.make_defects
FEATURES = (
    "outcome",  # 0 acted, 1 something unknown, 2 asked, 3 abstained
    "confidence",  # NaN where nothing was understood
    "words",
    "slots",
    "basis",  # 0 out of the blue, 1 the skill was named, 2 in a session or an answer
)
OUTCOMES = {Outcome.ACT: 0, Outcome.ASK: 2, Outcome.ABSTAIN: 3}
BASES = {Basis.WORDS: 0, Basis.TRIAL: 0, Basis.NAMED: 1}


def figures(
    *,
    outcome: Sequence[str],
    confidence: ArrayLike,
    words: ArrayLike,
    slots: ArrayLike,
    basis: Sequence[str],
) -> Floats:
    """What is known of turns: (n, FEATURES), the same for fitting and for serving.

    outcome, basis: their values, or words of a later version. confidence: NaN where there is none.
    words: how many were said; slots: how many the reading has.
    """
    known, bases = set(Outcome), set(Basis)
    return np.column_stack(
        [
            [OUTCOMES[Outcome(each)] if each in known else 1 for each in outcome],
            np.asarray(confidence, np.float64),
            np.asarray(words, np.float64),
            np.asarray(slots, np.float64),
            [BASES.get(Basis(each), 2) if each in bases else 2 for each in basis],
        ]
    ).astype(np.float32)


def misgiving(decision: Decision, words: int) -> float:
    """Probability that what was decided is not what was wanted. words: how many were said."""
    reading = decision.chosen or next(iter(decision.options), None)
    known = figures(
        outcome=[decision.outcome],
        confidence=[np.nan if reading is None else reading.confidence],
        words=[words],
        slots=[0 if reading is None else len(reading.slots)],
        basis=[decision.basis],
    )
    return float(packaged().predict(known)[0])


@lru_cache(maxsize=1)
def packaged() -> Trees:
    """The model that comes with Sayso."""
    return trees.load(files("sayso.routing").joinpath(SHIPPED).read_bytes(), FEATURES)
