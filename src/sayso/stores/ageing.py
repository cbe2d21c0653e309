"""What has grown old is forgotten: the state of conversations first, then the log.

A conversation that nobody has gone on with keeps nothing but the number of its turns, which signals
and the log refer to. Rows go a batch at a time, each in a short transaction: turns come first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from sayso.stores import tables
from sayso.stores.database import Database
from sayso.stores.privacy import written_over

BATCH = 500  # rows a transaction
_TALKS, _LOG = tables.conversations, tables.interactions


@dataclass(frozen=True, slots=True)
class Aged:
    """What was forgotten: state of conversations, turns; left: how many of both are old, too."""

    conversations: int = 0
    turns: int = 0
    left: int = 0


def forget_old(
    database: Database,
    now: datetime,
    conversations: timedelta,
    turns: timedelta | None,
    most: int,
) -> Aged:
    """See `Store.forget_old`."""
    quiet = _all(lambda n: _empty(database, now - conversations, n), most)
    left = _count(database, _TALKS, _old_talks(now - conversations)) if quiet >= most else 0
    if turns is None:
        return Aged(quiet, 0, left)
    before = now - turns
    logged = _all(lambda n: _delete_turns(database, before, n), most)
    if logged >= most:
        return Aged(quiet, logged, left + _count(database, _LOG, _LOG.c.at < before))
    _delete_rest(database, before)
    return Aged(quiet, logged, left)


def _count(database: Database, table: sa.Table, which: sa.ColumnElement[bool]) -> int:
    with database.reading() as connection:
        query = sa.select(sa.func.count()).select_from(table).where(which)
        return connection.execute(query).scalar_one()


def _all(batch: Callable[[int], int], most: int) -> int:
    """Batches until one is not full, or `most` rows are done."""
    done = 0
    while done < most:
        wanted = min(BATCH, most - done)
        count = batch(wanted)
        done += count
        if count < wanted:
            break
    return done


def _empty(database: Database, before: datetime, limit: int) -> int:
    """Conversations of which only the number of turns is kept from now on."""
    table = _TALKS.c
    query = sa.select(table.user_id, table.conversation, table.version, table.context)
    oldest = query.where(_old_talks(before)).limit(limit).with_for_update()
    with database.writing() as connection, written_over(connection):
        found = connection.execute(oldest).all()
        if found:
            rows = [
                {
                    "whose": row.user_id,
                    "which": row.conversation,
                    "count": row.context.get("turn", row.version),
                }
                for row in found
            ]
            connection.execute(_EMPTY, rows)
    return len(found)


def _old_talks(before: datetime) -> sa.ColumnElement[bool]:
    """None that a turn runs in."""
    table = _TALKS.c
    free = sa.or_(table.lease.is_(None), table.lease_until < before)
    return sa.and_(table.updated_at < before, free, table.context.is_not(None))


_EMPTY = (
    sa.update(_TALKS)
    .where(
        _TALKS.c.user_id == sa.bindparam("whose"), _TALKS.c.conversation == sa.bindparam("which")
    )
    .values(context=sa.null(), turn=sa.bindparam("count"))
)


def _delete_turns(database: Database, before: datetime, limit: int) -> int:
    oldest = sa.select(_LOG.c.id).where(_LOG.c.at < before).order_by(_LOG.c.at).limit(limit)
    with database.writing() as connection, written_over(connection):
        gone = sa.delete(_LOG).where(_LOG.c.id.in_(oldest.scalar_subquery()))
        return connection.execute(gone).rowcount


def _delete_rest(database: Database, before: datetime) -> None:
    """What was told of turns that are gone, and the counts of conversations without any."""
    signals, undone, claims = tables.signals, tables.undone, tables.claims
    with database.writing() as connection, written_over(connection):
        for old in (
            sa.delete(signals).where(signals.c.at < before),
            sa.delete(undone).where(undone.c.at < before),
            sa.delete(claims).where(claims.c.until < before),
            sa.delete(_TALKS).where(_TALKS.c.updated_at < before, _TALKS.c.context.is_(None)),
        ):
            connection.execute(old)
