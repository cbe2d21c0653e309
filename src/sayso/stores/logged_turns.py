"""The log as rows of `LoggedTurn`: a row a turn, signals joined in.

What columns hold is read, not what JSON holds, but for the few values of a reading. Rows that an
older Sayso wrote lack some of the columns: these are read in full.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sayso.stores import tables
from sayso.stores.column_types import ESCAPED
from sayso.stores.database import Database
from sayso.types.lessons import LoggedTurn, SignalKind
from sayso.types.readings import NO_REQUEST

_LOG = tables.interactions.c
_READING = ("skill", "intent", "slots", "confidence", "side_effects")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNKNOWN = "\ufffd"  # stands for what no UTF-8 can hold


def count(connection: sa.Connection, since: datetime | None) -> int:
    """How many rows `batches` gives."""
    return int(connection.execute(_since(_COUNT, since)).scalar_one())


def batches(
    connection: sa.Connection, since: datetime | None, size: int
) -> Iterator[dict[str, Sequence[Any]]]:
    """The log from `since` on (inclusive), in the order of time, then of ids.

    Column -> values, of at most `size` turns; a batch is in memory at a time.
    """
    query = _since(_QUERY, since).execution_options(yield_per=size)
    for batch in connection.execute(query).partitions():
        yield _columns(batch)


def latest_of(database: Database, user: str, limit: int) -> list[LoggedTurn]:
    """See `Store.logged`."""
    query = sa.select(*_SELECTED).select_from(_joined()).where(_LOG.user_id == user, _IS_REQUEST)
    query = query.order_by(_LOG.at.desc(), _LOG.id.desc()).limit(limit)
    with database.reading() as connection:
        rows = connection.execute(query).all()[::-1]
    if not rows:
        return []
    columns = _columns(rows)
    return [
        LoggedTurn(**dict(zip(columns, values, strict=True)))
        for values in zip(*columns.values(), strict=True)
    ]


def _since(query: sa.Select[Any], since: datetime | None) -> sa.Select[Any]:
    return query if since is None else query.where(_LOG.at >= since)


_SIGNALS = {kind: tables.signals.alias(kind.value) for kind in SignalKind}


def _joined() -> Any:
    joined: Any = tables.interactions
    for kind, signal in _SIGNALS.items():
        joined = joined.outerjoin(
            signal,
            sa.and_(
                signal.c.user_id == _LOG.user_id,
                signal.c.conversation == _LOG.conversation,
                signal.c.turn == _LOG.turn,
                signal.c.kind == str(kind),
            ),
        )
    return joined


# What is no request is a signal of the turn before.
_IS_REQUEST = _LOG.basis.not_in([str(basis) for basis in NO_REQUEST])
_COUNT = sa.select(sa.func.count()).select_from(tables.interactions).where(_IS_REQUEST)
_OLD = _LOG.device_id.is_(None)


def _text(column: Any) -> Any:
    """A text as it lies there: `Words` would look at each in turn."""
    return sa.type_coerce(column, sa.Text)


_SELECTED = (
    _text(_LOG.id).label("id"),
    _LOG.at,
    _text(_LOG.user_id).label("user"),
    _text(_LOG.device_id).label("device"),
    _text(_LOG.device_type).label("device_type"),
    _text(_LOG.conversation).label("conversation"),
    _LOG.turn,
    _text(_LOG.locale).label("locale"),
    _text(sa.func.coalesce(_LOG.said, _LOG.heard_text)).label("said"),
    _text(_LOG.heard_text).label("text"),
    _text(_LOG.outcome).label("outcome"),
    _text(_LOG.skill).label("skill"),
    _text(_LOG.intent).label("intent"),
    _LOG.slots,
    _LOG.confidence,
    _text(_LOG.basis).label("basis"),
    _LOG.side_effects,
    _text(_LOG.speech).label("speech"),
    _LOG.failure.is_not(None).label("failed"),
    # "Did I get that right?" awaits nothing: to leave it unanswered says nothing of the turn.
    sa.or_(_LOG.ended, _LOG.asked.is_(True)).label("ended"),
    _text(_LOG.rewrite).label("rewrite"),
    _text(_LOG.arm).label("arm"),
    _SIGNALS[SignalKind.BARGE_IN].c.value.label("barge_in_ms"),
    _SIGNALS[SignalKind.PLAYED].c.value.label("played_s"),
    (_SIGNALS[SignalKind.HELPFUL].c.value > 0).label("helpful"),
    (_SIGNALS[SignalKind.UNDONE].c.value > 0).label("undone"),
    # Not of the table: what some rows need to be completed.
    _LOG.offered,
    sa.case((_OLD, _LOG.device)).label("old_device"),
    sa.case((_OLD, _LOG.rest)).label("old_rest"),
)
_QUERY = sa.select(*_SELECTED).select_from(_joined()).where(_IS_REQUEST)
_QUERY = _QUERY.order_by(_LOG.at, _LOG.id)
_NAMES = [column.name for column in _SELECTED]
_TEXTS = [each.name for each in fields(LoggedTurn) if "str" in str(each.type)]


def _columns(batch: Sequence[Any]) -> dict[str, Sequence[Any]]:
    """The batch column by column, completed."""
    columns = dict(zip(_NAMES, map(list, zip(*batch, strict=True)), strict=True))
    offered, devices = columns.pop("offered"), columns.pop("old_device")
    for row, rest in enumerate(columns.pop("old_rest")):
        if rest is not None:
            columns["device"][row] = devices[row].get("id", "default")
            columns["device_type"][row] = devices[row].get("type", "unknown")
            chosen, options = rest["decision"]["chosen"], rest["decision"]["options"]
            columns["side_effects"][row] = bool(chosen and chosen.get("side_effects"))
            offered[row] = options[0] if options and not chosen else None
    for row, reading in enumerate(offered):
        if reading is not None:
            for name in _READING:
                columns[name][row] = reading.get(name)
            sure = columns["confidence"][row]
            # JSON has words for what is no number: see `codec.encode`.
            columns["confidence"][row] = None if sure is None else float(sure)
    columns["slots"] = [_slots(slots) for slots in columns["slots"]]
    columns["side_effects"] = [bool(each) for each in columns["side_effects"]]
    for name in _TEXTS:
        if any(value is not None and not value.isprintable() for value in columns[name]):
            columns[name] = [_storable(value) for value in columns[name]]
    return columns


def _slots(slots: Sequence[dict[str, Any]] | None) -> str:
    """Slot -> normalised value, as JSON, keys in order."""
    if not slots:
        return "{}"
    values = {}
    for slot in slots:
        normalised = slot.get("normalised")
        values[slot["name"]] = slot["value"] if normalised is None else normalised
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def _storable(value: str | None) -> str | None:
    """Without what a database keeps in an escaped form, or UTF-8 not at all."""
    if value is None:
        return None
    return _SURROGATE.sub(_UNKNOWN, ESCAPED.sub(_UNKNOWN, value))
