"""Turns in conversations: what one person says to one device without a long silence.

People are known by a number from here on (`types.people.pseudonym`, keyed), texts by theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sayso.events.engines import Engine
from sayso.events.texts import SPEECH, clean_slots, language_column, refused

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Column, Table

SECOND = 1_000_000  # microseconds


class _Numbered:
    """Numbers of people, batch by batch; an object, since Spark sends it to other processes."""

    def __init__(self, pseudonym: Callable[[str], int]) -> None:
        self._pseudonym = pseudonym

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        import pyarrow as pa

        names = batch["user"].to_pylist()
        numbers = pa.array(map(self._pseudonym, names), pa.int64())
        return pa.record_batch({"user": names, "person": numbers})


def people(engine: Engine, rows: Table, pseudonym: Callable[[str], int]) -> Table:
    """The number of each person: user, person. The only table that names them; drop it after."""
    import ibis

    schema = ibis.schema({"user": "string", "person": "int64"})
    return engine.map_batches(
        rows.select("user").distinct(), _Numbered(pseudonym), schema, "people"
    )


def turns(
    engine: Engine,
    rows: Table,
    forms: Table,
    people: Table,
    *,
    gap_s: float,
) -> Table:
    """One row a turn, in conversations; a longer silence than `gap_s` seconds ends one.

    number: whole, from 0, by person, device and moment: the next turn of a conversation has the
    next number. conversation: the number of its first turn; position: in it, from 0.
    """
    import ibis

    spoken = _numbered_texts(engine, rows, forms, people)
    order = ["at", "turn", "text", "read", "outcome", "skill", "slots"]
    device = ibis.window(group_by=["user", "device"], order_by=order)
    placed = spoken.mutate(
        index=ibis.row_number().over(device), since=(spoken.at - spoken.at.lag().over(device))
    )
    starts = placed.since.isnull() | (placed.since > round(gap_s * SECOND))
    first = starts.ifelse(placed.index, ibis.null("int64"))
    in_order = ibis.window(group_by=["user", "device"], order_by="index", following=0)
    placed = placed.mutate(first=first.max().over(in_order), gap_s=_seconds(placed.since, starts))
    offsets = _offsets(placed)
    joined = placed.join(offsets, ["user", "device"])
    number = joined.offset + joined.index
    return engine.keep(
        joined.select(
            number=number,
            at=joined.at,
            user=joined.user,
            conversation=joined.offset + joined.first,
            position=(joined.index - joined.first).cast("int32"),
            gap_s=joined.gap_s,
            **{name: joined[name] for name in CARRIED},
        ),
        "turns",
    )


CARRIED = (
    "text",
    "read",
    "language",
    "device_type",
    "outcome",
    "skill",
    "intent",
    "slots",
    "confidence",
    "basis",
    "side_effects",
    "failed",
    "refused",
    "ended",
    "rewrite",
    "arm",
    "barge_in_ms",
    "played_s",
    "helpful",
    "undone",
)


def _numbered_texts(engine: Engine, rows: Table, forms: Table, people: Table) -> Table:
    """Rows with numbers for people and texts, with clean slots, and whether they were refused."""
    rows = rows.mutate(
        language=language_column(rows.locale),
        told=rows.speech.substr(0, SPEECH),
        other=rows.text.nullif(rows.said),
        device=rows.device.fill_null(""),
        turn=rows.turn.fill_null(0),
        slots=rows.slots.fill_null("{}"),
        failed=rows.failed.fill_null(False),
        side_effects=rows.side_effects.fill_null(False),
        ended=rows.ended.fill_null(True),
    )
    said = forms.select(language="language", said="form", heard="text")
    read = forms.select(language="language", other="form", understood="text")
    no = refused(engine, rows).rename(told="speech")
    clean = clean_slots(engine, rows)
    # The text of the log is gone from here on: `text` is a number.
    rows = rows.drop("text").join(said, ["language", "said"]).join(people, "user")
    rows = rows.left_join(read, ["language", "other"]).drop("language_right", "other_right")
    rows = rows.left_join(no, ["language", "told"]).drop("language_right", "told_right")
    rows = rows.left_join(clean, "slots").drop("slots_right")
    return rows.select(
        "at",
        "device",
        "turn",
        *[name for name in CARRIED if name not in ("text", "read", "slots", "refused")],
        user=rows.person,
        text=rows.heard,
        read=rows.understood.coalesce(rows.heard),
        slots=rows.clean.coalesce(rows.slots),
        refused=rows.refused.fill_null(False),
    )


def _seconds(since: Column, starts: Column) -> Column:
    import ibis

    return starts.ifelse(ibis.null("float64"), since.cast("float64") / SECOND)


def _offsets(placed: Table) -> Table:
    """Where the numbers of a person's device begin: user, device, offset."""
    import ibis

    counts = placed.group_by("user", "device").aggregate(n=lambda each: each.count())
    before = ibis.window(order_by=["user", "device"], preceding=None, following=0)
    return counts.select("user", "device", offset=counts.n.sum().over(before) - counts.n)
