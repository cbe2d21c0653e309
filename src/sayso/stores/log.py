"""Reading what turns have left: the log, and the context each conversation was left in."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from sayso.stores import codec, rows, tables
from sayso.stores.database import Database
from sayso.types.context import MOST_ASIDE, Context
from sayso.types.turns import Interaction

_LOG = tables.interactions
_ORDER = (_LOG.c.at, _LOG.c.turn, _LOG.c.id)


def context(database: Database, user: str, conversation: str) -> Context | None:
    """See `Store.context`."""
    table = tables.conversations.c
    mine = sa.and_(table.user_id == user, table.conversation == conversation)
    with database.reading() as connection:
        found = connection.execute(sa.select(table.context).where(mine)).scalar_one_or_none()
    return None if found is None else codec.read(Context, found)


def left_open(
    database: Database, since: datetime, before: datetime, limit: int
) -> list[tuple[str, str, int]]:
    """See `Store.left_open`."""
    table = tables.conversations.c
    open_or_aside = [("active",), *(("aside", place, "active") for place in range(MOST_ASIDE))]
    held = [table.context[path].as_string().is_not(None) for path in open_or_aside]
    free = sa.or_(table.lease.is_(None), table.lease_until < datetime.now(UTC))
    query = (
        sa.select(table.user_id, table.conversation, table.version)
        .where(table.updated_at >= since, table.updated_at < before, free)
        .where(table.context.is_not(None), sa.or_(*held))
        .order_by(table.updated_at)
        .limit(limit)
    )
    with database.reading() as connection:
        found = connection.execute(query)
        return [(row.user_id, row.conversation, row.version) for row in found]


def interaction(database: Database, id: str) -> Interaction | None:
    """See `Store.interaction`."""
    with database.reading() as connection:
        row = connection.execute(sa.select(_LOG).where(_LOG.c.id == id)).mappings().first()
    return None if row is None else rows.from_row(row)


def interactions(
    database: Database,
    user: str | None,
    conversation: str | None,
    since: datetime | None,
    limit: int,
    *,
    latest: bool = False,
) -> list[Interaction]:
    """See `Store.interactions`, and with `latest` `Store.latest`."""
    query = sa.select(_LOG).order_by(*(each.desc() if latest else each for each in _ORDER))
    if user is not None:
        query = query.where(_LOG.c.user_id == user)
    if conversation is not None:
        query = query.where(_LOG.c.conversation == conversation)
    if since is not None:
        query = query.where(_LOG.c.at >= since)
    with database.reading() as connection:
        found = [rows.from_row(row) for row in connection.execute(query.limit(limit)).mappings()]
    return found[::-1] if latest else found


def asked_since(database: Database, user: str, since: datetime) -> bool:
    """See `Store.asked_since`."""
    mine = sa.and_(_LOG.c.user_id == user, _LOG.c.at > since, _LOG.c.asked.is_(True))
    with database.reading() as connection:
        return connection.execute(sa.select(_LOG.c.id).where(mine).limit(1)).first() is not None


def count(database: Database) -> int:
    """See `Store.count`."""
    with database.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(_LOG)).scalar_one()
