"""Turns and verdicts -> requests that went well for enough people, and the files they serve from.

A request is a text as it was read, rewritten or not: what is suggested must be what worked. One
person, one vote: its share of defects is the mean of each person's. Nothing in which something
personal was found comes in, nor what only a few people ask for, which is what a person is known by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from sayso.rewriting.online.write import write
from sayso.understanding.online.entries import Entry
from sayso.understanding.online.projection import Projection

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from sayso.events.engines import Engine

PEOPLE = 5  # who ask for it, at least
WORST_BP = 2_500  # share of defects above which a request is no answer to another
MOST = 1_000_000  # requests of a language; those of most people stay
_BLOCK = 8_192
_TABLE = "online_requests"
Pooled = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Requests(Sequence[Entry]):
    """Requests as columns; an entry is made when it is asked for, for a million take a gigabyte."""

    table: pa.Table

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Entry]: ...
    def __getitem__(self, at: int | slice) -> Entry | Sequence[Entry]:
        """One, or those of a slice."""
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        row: Mapping[str, Any] = {name: self.table[name][at].as_py() for name in _COLUMNS}
        return Entry(
            row["words"],
            row["shown"],
            row["skill"],
            row["intent"],
            row["slots"],
            row["turns"],
            row["people"],
            row["defect_bp"],
            row["side_effects"],
        )


_COLUMNS = (
    *("words", "shown", "skill", "intent", "slots"),
    *("turns", "people", "defect_bp", "side_effects"),
)


def gather(
    engine: Engine,
    turns: ir.Table,
    verdicts: ir.Table,
    texts: ir.Table,
    *,
    people: int = PEOPLE,
    worst_bp: int = WORST_BP,
) -> ir.Table:
    """One row a request: read (its text's number), language, and columns of `Entry`.

    people: who asked for it, at least; worst_bp: share of defects, at most.
    """
    import ibis

    judged = turns.filter(turns.outcome == "act").join(
        verdicts.select("defect_bp", number="turn"), "number"
    )
    own = judged.group_by("read", "user").agg(
        n=judged.count(), own_bp=(judged.defect_bp.sum() / judged.count()).floor().cast("int64")
    )
    counted = own.group_by("read").agg(
        turns=own.n.sum(),
        people=own.count(),
        defect_bp=(own.own_bp.sum() / own.count()).floor().cast("int64"),
    )
    fine = counted.filter((counted.people >= people) & (counted.defect_bp <= worst_bp))
    read = judged.group_by("read", "skill", "intent", "slots").agg(
        n=judged.count(), side_effects=judged.side_effects.any()
    )
    order = [read.n.desc(), read.skill, read.intent, read.slots]
    placed = read.mutate(place=ibis.row_number().over(group_by=read.read, order_by=order))
    first = placed.filter(placed.place == 0).drop("n", "place")
    public = texts.filter(~texts.private).select("language", "words", "shown", read="text")
    joined = fine.join(first, "read").join(public, "read")
    return engine.keep(joined.select("read", "language", *_COLUMNS), _TABLE)


def by_language(table: ir.Table) -> Iterator[tuple[str, Requests]]:
    """The requests of each language, those of most people first, on every engine alike."""
    languages = table.select("language").distinct().to_pyarrow()["language"].to_pylist()
    for language in sorted(languages):
        mine = table.filter(table.language == language)
        best = mine.order_by([mine.people.desc(), mine.read]).limit(MOST)
        yield language, Requests(best.to_pyarrow())


def make_indexes(
    folder: Path,
    table: ir.Table,
    pooled: Callable[[str], Pooled | None],
    projection: Projection,
    *,
    version: str = "",
    told: Callable[[str, int, int], None] = lambda language, done, of: None,
) -> Mapping[str, Path]:
    """Write an index for each language: language -> its file in `folder`.

    pooled: language -> what gives texts their vectors, None without an encoder. told: called with
    the language, and how many of how many requests have been read.
    """
    made = {}
    for language, requests in by_language(table):
        read = pooled(language)
        vectors = None
        if read is not None and len(requests):
            vectors = _vectors(requests, read, projection, language, told)
        made[language] = folder / f"{language}.online"
        write(made[language], requests, vectors, version=version)
    return made


def _vectors(
    requests: Requests,
    read: Pooled,
    projection: Projection,
    language: str,
    told: Callable[[str, int, int], None],
) -> NDArray[np.float16]:
    """(n, d) of what is shown, in half precision: a quarter of a gigabyte a million."""
    parts = []
    for at in range(0, len(requests), _BLOCK):
        shown = requests.table["shown"].slice(at, _BLOCK).to_pylist()
        parts.append(projection(read(shown)).astype(np.float16))
        told(language, at + len(shown), len(requests))
    return np.concatenate(parts)
