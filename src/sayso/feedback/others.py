"""A second look at every verdict: how the same words went for others.

Whoever gives up in silence leaves nothing to judge by, and looks like whoever was served. But words
that others say again, in vain, most probably failed here, too. So a turn's own probability of a
defect is seen beside the mean of the other people who said the same and had the same read. One
person is one voice, however often they say it.

A model for three figures, each in few steps, monotone in the first two; fitted on simulated people
(`scripts/make_others.py`). Who has no others keeps their own verdict, as does whoever said outright
how it went.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from sayso import trees
from sayso.feedback.boosting import Shape
from sayso.feedback.voices import by_person
from sayso.trees import Trees
from sayso.types.lessons import CERTAIN

if TYPE_CHECKING:
    from ibis.expr.types import Column, Table

SHIPPED = "others.npz"  # made by: python -m scripts.make_others
NAMES = ("own", "others", "people")
SHAPE = Shape(trees=60, leaves=8, least=50, rising=("own", "others"))
# Upper ends of the steps, in basis points and in people; beyond the last is one step more.
CHANCE_BP = (
    *(50, 100, 150, 200, 300, 400, 600, 800, 1200, 1600, 2000, 2500),
    *(3000, 4000, 5000, 6000, 7000, 8000, 9000, 9500),
)
PEOPLE = (2, 3, 5, 10, 30)
NAMED_BP = 500  # that others must add to be named as evidence


def figures(turns: Table, verdicts: Table) -> Table:
    """Of each turn whose words others said, too: turn, own, others, people, as steps from 0.

    turns: as in `events`; verdicts: turn, defect_bp. Without those whose person said how it went.
    """
    outright = turns.helpful.notnull() | turns.undone.fill_null(False)
    said = turns.select("user", "text", "read", turn="number", outright=outright)
    each = verdicts.select("turn", "defect_bp").join(said, "turn")
    person = by_person(each, "text", "read").rename(mine="defect_bp")
    every = person.group_by("text", "read").aggregate(
        people=person.count() - 1, total=person.mine.sum()
    )
    every = every.filter(every.people > 0)
    both = person.join(every, ["text", "read"])
    both = both.select(
        "text", "read", "user", "people", others=(both.total - both.mine) // both.people
    )
    seen = each.filter(~each.outright).join(both, ["text", "read", "user"])
    return seen.select(
        "turn",
        own=_step(seen.defect_bp, CHANCE_BP),
        others=_step(seen.others, CHANCE_BP),
        people=_step(seen.people, PEOPLE),
    )


def beside_others(turns: Table, verdicts: Table) -> Table:
    """The verdicts with `defect_bp` as it is once others' are known, and `others` as evidence.

    verdicts: turn, defect_bp, evidence, and what else there is, which is kept.
    """
    import ibis

    schema = dict.fromkeys((*NAMES, "then_bp"), "int64")
    known = ibis.memtable(_looked_up(packaged()), schema=schema)
    # Views, as Ibis takes columns of a table that was joined before for those of the new one.
    seen = figures(turns, verdicts).view()
    told = seen.join(known, list(NAMES)).select(of="turn", then_bp="then_bp").view()
    joined = verdicts.left_join(told, verdicts.turn == told.of)
    then = joined.then_bp.fill_null(joined.defect_bp)
    raised = (then - joined.defect_bp >= NAMED_BP).fill_null(False)
    plus = (joined.evidence == "").ifelse("others", joined.evidence + "+others")
    new = {
        "defect_bp": then.cast("int64"),
        "evidence": raised.ifelse(plus, joined.evidence),
    }
    return joined.select(**{name: new.get(name, joined[name]) for name in verdicts.columns})


@lru_cache(maxsize=1)
def packaged() -> Trees:
    """The model that comes with Sayso."""
    return trees.load(files("sayso.feedback").joinpath(SHIPPED).read_bytes(), NAMES)


def _looked_up(model: Trees) -> dict[str, list[int]]:
    """What the model says of all that there can be, as columns."""
    steps = np.array(
        list(product(range(len(CHANCE_BP) + 1), range(len(CHANCE_BP) + 1), range(len(PEOPLE) + 1)))
    )
    chances = np.rint(model.predict(steps.astype(np.float32)) * CERTAIN).astype(np.int64)
    columns = {name: steps[:, at].tolist() for at, name in enumerate(NAMES)}
    return {**columns, "then_bp": chances.tolist()}


def _step(column: Column, ends: Sequence[int]) -> Column:
    """The number of the first end that a value is below."""
    import ibis

    cases = [(column < end, at) for at, end in enumerate(ends)]
    return ibis.cases(*cases, else_=len(ends)).cast("int64")
