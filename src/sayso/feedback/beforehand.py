"""The model that tells a defect before anything has followed, fitted to verdicts.

Its target is what the model of verdicts says, which saw what followed; its features are what
`sayso.routing.misgivings` has at the time of the turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sayso.feedback.boosting import Shape, fit
from sayso.routing.misgivings import FEATURES, figures
from sayso.trees import Floats, Trees
from sayso.types.lessons import CERTAIN

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Table

SHAPE = Shape(trees=60, leaves=10, least=30, rising=("outcome", "others_defects"))
MOST_ROWS = 200_000  # that a model is fitted to; every n-th turn of a larger log
_NAMES = ("outcome", "confidence", "words", "others", "others_defect_bp", "in_dialogue")


def beforehand(turns: Table, texts: Table, verdicts: Table) -> Table:
    """What was known of each turn at its time: turn, user, defect_bp, and what `figures` takes.

    others: turns of other people with that text, whenever; one's own would tell the verdict.
    """
    judged = turns.join(verdicts.select("turn", "defect_bp"), turns.number == verdicts.turn)
    own = judged.group_by("text", "user").aggregate(
        own_n=lambda t: t.count(), own_bp=lambda t: t.defect_bp.sum()
    )
    every = own.group_by("text").aggregate(
        every_n=lambda t: t.own_n.sum(), every_bp=lambda t: t.own_bp.sum()
    )
    words = texts.select(
        "text", length=texts.words.length() - texts.words.replace(" ", "").length()
    )
    joined = judged.join(own, ["text", "user"]).join(every, "text").join(words, "text")
    return joined.select(
        "turn",
        "user",
        "defect_bp",
        "outcome",
        "confidence",
        words=joined.length + 1,
        others=joined.every_n - joined.own_n,
        others_defect_bp=joined.every_bp - joined.own_bp,
        in_dialogue=joined.basis.isin(("answer", "session")).fill_null(False).cast("int64"),
    )


def figures_of(rows: pa.Table) -> Floats:
    """`figures` of rows of `beforehand`."""
    columns: dict[str, Any] = {name: rows[name].to_pandas().to_numpy() for name in _NAMES}
    return figures(**columns)


def fitted(known: Table) -> Trees | None:
    """A home's model of misgivings; None if all its turns went alike.

    known: as `beforehand` gives it.
    """
    turns = known.count().to_pyarrow().as_py()
    some = known.filter(known.turn % max(1, turns // MOST_ROWS) == 0).order_by("turn").to_pyarrow()
    chance = some["defect_bp"].to_numpy() / CERTAIN
    if not len(chance) or chance.min() == chance.max():
        return None
    rows, people = figures_of(some), some["user"].to_numpy()
    return fit(
        FEATURES,
        np.concatenate([rows, rows]),
        np.repeat([1, 0], len(rows)),
        weight=np.concatenate([chance, 1 - chance]) + 1e-9,
        groups=np.tile(people, 2),
        shape=SHAPE,
    )
