"""The log as a folder of Parquet files: a row a turn, `LoggedTurn`, signals joined in.

    folder/part-00000.parquet, part-00001.parquet, ...    in the order of time, then of ids

What columns hold is read, not what JSON holds, but for the few values of a reading; a batch is in
memory at a time. Rows that an older Sayso wrote lack some of the columns: these are read in full.
The folder appears once it is whole. It is for its owner alone, as a backup is: it holds what people
said.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import typing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from sayso.errors import MissingExtraError, StoreError
from sayso.stores import tables
from sayso.stores.database import Database
from sayso.types.lessons import LoggedTurn, SignalKind
from sayso.types.turns import NO_REQUEST

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 10_000  # rows read at once
GROUP = 10  # batches to a row group
PART = 1_000_000  # rows to a file
EXPORTS = "exports"  # in a home, where they go unless another place is named
Tell = Callable[[int, int], None]

_LOG = tables.interactions.c
_READING = ("skill", "intent", "slots", "confidence", "side_effects")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNKNOWN = "\ufffd"  # stands for what no UTF-8 can hold


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export came to."""

    rows: int
    files: int


def export(database: Database, folder: Path, since: datetime | None, tell: Tell) -> Exported:
    """See `Store.export`."""
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise StoreError(f"{folder}: exists and is not empty; name a new folder")
    sweep(folder.parent, folder.name)
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        draft.mkdir(mode=0o700, parents=True)
        exported = _write(database, draft, since, tell)
        draft.rename(folder)
    except OSError as error:
        raise StoreError(f"{folder}: could not be written: {error}; mend that") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return exported


def sweep(parent: Path, name: str = "*") -> None:
    """Remove what exports that were killed have left beside the places they were meant for."""
    for draft in parent.glob(f".{name}.*"):
        pid = draft.name.rpartition(".")[2]
        if draft.is_dir() and pid.isdigit() and not _lives(int(pid)):
            shutil.rmtree(draft)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True


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


def _write(database: Database, folder: Path, since: datetime | None, tell: Tell) -> Exported:
    parquet = parquet_of()
    shape = schema()
    done, files = 0, 0
    with database.snapshot() as connection:
        total = connection.execute(_since(_COUNT, since)).scalar_one()
        groups = _groups(connection, since, shape)
        group = next(groups, None)
        while group is not None or not files:  # an empty log is one file without rows
            path, until = folder / f"part-{files:05d}.parquet", (files + 1) * PART
            with parquet.ParquetWriter(path, shape, compression="zstd") as writer:
                while group is not None and done < until:
                    writer.write_table(group)
                    done += group.num_rows
                    tell(done, total)
                    group = next(groups, None)
            sync(path)
            files += 1
    return Exported(done, files)


def _groups(
    connection: sa.Connection, since: datetime | None, shape: pa.Schema
) -> Iterator[pa.Table]:
    """The rows as tables of `GROUP` batches."""
    import pyarrow as pa

    query = _since(_QUERY, since).execution_options(yield_per=BATCH)
    held: list[pa.Table] = []
    for batch in connection.execute(query).partitions():
        held.append(pa.table(_columns(batch), schema=shape))
        if len(held) == GROUP:
            yield pa.concat_tables(held).combine_chunks()
            held = []
    if held:
        yield pa.concat_tables(held).combine_chunks()


def schema() -> pa.Schema:
    """Of `LoggedTurn`, field by field; times in microseconds, UTC. Raises MissingExtraError."""
    parquet_of()
    import pyarrow as pa

    kinds = {
        str: pa.string(),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
        datetime: pa.timestamp("us", tz="UTC"),
    }
    hints = typing.get_type_hints(LoggedTurn)
    columns = []
    for each in fields(LoggedTurn):
        kind, *none = typing.get_args(hints[each.name]) or (hints[each.name],)
        columns.append(pa.field(each.name, kinds[kind], nullable=bool(none)))
    return pa.schema(columns)


def parquet_of() -> Any:
    """The library that writes and reads Parquet. Raises MissingExtraError."""
    try:
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise MissingExtraError("pyarrow", "learn") from error
    return pyarrow.parquet


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
            # JSON has words for what is no number: see `rows.encode`.
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
    return _SURROGATE.sub(_UNKNOWN, tables.ESCAPED.sub(_UNKNOWN, value))


def sync(path: Path) -> None:
    """Make a file last."""
    with contextlib.closing(open(path, "rb")) as file:
        os.fsync(file.fileno())
