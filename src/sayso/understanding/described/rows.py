"""All pairs of a value and a slot that a turn gives, by where the value comes from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from sayso.understanding.described.figures import (
    Pair,
    Rows,
    joined,
    slot_figures,
    turn_figures,
)
from sayso.understanding.described.listed import LISTED, listed
from sayso.understanding.described.looked import Floats, Looked
from sayso.understanding.described.offered import (
    CARELESS,
    KNOWN,
    OFFERED,
    careless,
    known,
    offered,
)
from sayso.understanding.described.said import SAID, said

SOURCES: Mapping[str, Sequence[str]] = {  # with the names of their figures
    "said": SAID,
    "listed": LISTED,
    "offered": OFFERED,
    "known": KNOWN,
    "careless": CARELESS,
}
_PAIRS: Mapping[str, Callable[[Looked], Rows]] = {
    "said": said,
    "listed": listed,
    "offered": offered,
    "known": known,
    "careless": careless,
}


def all_rows(
    one: Looked, sources: Collection[str] = tuple(SOURCES)
) -> dict[str, tuple[list[Pair], Floats]]:
    """By source: the pairs, and (pairs, figures) in the order of its names."""
    turn, slots = turn_figures(one), slot_figures(one)
    return {
        source: joined(_PAIRS[source](one), slots, turn, names)
        for source, names in SOURCES.items()
        if source in sources
    }
