"""A turn and what followed in the same conversation: what rephrase detection looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sayso.events.engines import Engine
from sayso.events.turns import SECOND

if TYPE_CHECKING:
    from ibis.expr.types import Table

LATER = 3  # turns that follow
SEEN = (
    "text",
    "outcome",
    "skill",
    "intent",
    "slots",
    "confidence",
    "failed",
    "refused",
    "barge_in_ms",
    "basis",
)


def windows(engine: Engine, turns: Table, texts: Table, *, reach_s: float) -> Table:
    """One row a turn that is followed within reach: turn, language, and for k = 0 .. LATER
    words_k, gap_s_k (seconds since turn 0, not since the turn before), and SEEN with _k; null where
    nothing is.

    reach_s: the longest pause between two turns of a window, in seconds. A rewritten turn counts
    by what was said, not by what was read.
    """
    import ibis

    # What one sentence asked for besides was said at the same moment: that is no second try.
    near = turns.filter((turns.position > 0) & (turns.gap_s <= reach_s) & (turns.gap_s > 0))
    # Only turns with company are sorted and carried.
    ends = near.select(number=near.number)
    begins = near.select(number=near.number - 1)
    company = turns.semi_join(ends.union(begins).distinct(), "number")
    seen = ibis.struct({name: company[name] for name in ("at", "gap_s", *SEEN)})
    order = ibis.window(group_by="conversation", order_by="number")
    row = company.select("number", "conversation", "language", k0=seen)
    # Company of one run is consecutive; a run ends where the next number is not the next row's.
    row = row.mutate(
        **{f"k{k}": row.k0.lead(k).over(order) for k in range(1, LATER + 1)},
        **{f"n{k}": row.number.lead(k).over(order) for k in range(1, LATER + 1)},
    )
    chain: Any = True
    columns = {"turn": row.number, "language": row.language}
    for k in range(LATER + 1):
        if k:
            gap_k = row[f"k{k}"]["gap_s"]
            near_k = (row[f"n{k}"] == row.number + k) & (gap_k <= reach_s) & (gap_k > 0)
            chain = near_k if k == 1 else chain & near_k
        for name in SEEN:
            value = row[f"k{k}"][name]
            columns[f"{name}_{k}"] = chain.ifelse(value, None) if k else value
        # Not by a literal with a point: to Spark that is a decimal.
        gap = (row[f"k{k}"]["at"] - row.k0["at"]).cast("float64") / SECOND
        columns[f"gap_s_{k}"] = chain.ifelse(gap, None) if k else gap
    found = row.select(**columns)
    found = found.filter(found.text_1.notnull())
    for k in range(LATER + 1):
        known = texts.select(**{f"known_{k}": "text", f"words_{k}": "words"})
        found = found.left_join(known, found[f"text_{k}"] == known[f"known_{k}"])
        found = found.drop(f"known_{k}")
    return engine.keep(found, "windows")
