"""The log as it was exported, made sound: every column there, every row once, none without sense.

An export may be of an older Sayso (columns it lacks are null) or of a newer one (columns unknown
here are left alone); rows may come twice and in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.errors import DataError
from sayso.events.engines import Engine
from sayso.types.lessons import LoggedTurn

if TYPE_CHECKING:
    from ibis import Schema
    from ibis.expr.types import Table

NEEDED = ("id", "at", "user", "said")


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of an export's rows.

    unreadable: of these no moment, person, id or text is known; repeated: they had come before.
    """

    rows: int
    unreadable: int
    repeated: int

    @property
    def turns(self) -> int:
        """How many are left."""
        return self.rows - self.unreadable - self.repeated


def schema() -> Schema:
    """The columns of an export and their types."""
    import ibis

    return ibis.schema(LoggedTurn)


def sound(engine: Engine, log: str | Path) -> tuple[Table, Counted]:
    """The readable rows of an export, each once; `at` in whole microseconds since 1970.

    Raises DataError if a column is missing without which a row says nothing.
    """
    exported = _whole(engine, engine.read(log), str(log))
    readable = reduce(
        lambda left, right: left & right,
        [exported[name].notnull() for name in NEEDED],
        exported.said.strip() != "",
    )
    rows = exported.filter(readable)
    counts = exported.aggregate(
        rows=exported.count(), readable=readable.fill_null(False).cast("int64").sum()
    ).to_pyarrow()
    total, left = counts["rows"][0].as_py(), counts["readable"][0].as_py() or 0
    once, repeated = _once(rows)
    return once, Counted(total, total - left, repeated)


def _whole(engine: Engine, exported: Table, where: str) -> Table:
    """All columns of `schema`, of its types."""
    import ibis

    missing = [name for name in NEEDED if name not in exported.columns]
    if missing:
        raise DataError(f"{where}: no column {missing[0]}; is it an export of `sayso log export`?")
    columns = {}
    for name, kind in schema().items():
        if name not in exported.columns:
            columns[name] = ibis.null("int64" if name == "at" else kind)
        elif name == "at":
            moment = exported.at
            columns[name] = engine.micros(moment) if moment.type().is_timestamp() else moment
            columns[name] = columns[name].cast("int64")
        else:
            columns[name] = exported[name].cast(kind)
    return exported.select(**columns)


def _once(rows: Table) -> tuple[Table, int]:
    """Each id once, and how many rows that leaves out.

    Few ids come twice, if any: these are looked for by their hashes, and they alone are sorted. Of
    two rows the one counts that knows more of what followed, as a later export does.
    """
    import ibis

    counted = rows.group_by(mark=rows.id.hash()).aggregate(n=lambda each: each.count())
    marks = counted.filter(counted.n > 1).select("mark").to_pyarrow()
    if not marks.num_rows:
        return rows, 0
    twice = ibis.memtable(marks)
    marked = rows.mutate(mark=rows.id.hash())
    known = reduce(
        lambda left, right: left + right,
        [
            rows[name].notnull().cast("int8")
            for name in ("barge_in_ms", "played_s", "helpful", "undone")
        ],
    )
    order = [ibis.desc("known"), ibis.desc("at"), "said", "outcome", "skill", "slots", "speech"]
    place = ibis.row_number().over(ibis.window(group_by="id", order_by=order))
    several = marked.mutate(known=known).semi_join(twice, "mark").mutate(place=place)
    kept = several.filter(several.place == 0).drop("mark", "known", "place")
    left_out = several.filter(several.place > 0).count().to_pyarrow().as_py()
    return marked.anti_join(twice, "mark").drop("mark").union(kept), left_out
