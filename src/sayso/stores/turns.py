"""Beginning and finishing a turn: two short transactions, and between them a lease.

The lease makes the turns of one conversation follow each other, whatever process they are in. It
runs out, so that a killed process blocks its conversation for seconds and not for ever.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from sayso.errors import StoreError
from sayso.stores import announcements, claims, codec, people, rows, tables, uses
from sayso.stores.claims import Held
from sayso.stores.database import Database, insert
from sayso.types.calls import Announcement
from sayso.types.context import Context
from sayso.types.people import Person
from sayso.types.turns import Interaction

_PAUSE_S = (0.002, 0.05)  # first and longest wait between two looks at a lease that is held


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to run a turn, held until it is finished, released or `until` has passed.

    context: as the turn before left it; None for a new conversation, and one of nothing but the
        number of its turns where it was forgotten for its age.
    version: number of turns finished in this conversation.
    person: what is known of the user, from before this turn.
    """

    user: str
    conversation: str
    idempotency_key: str | None
    token: str
    until: datetime
    context: Context | None
    version: int
    person: Person


def begin(
    database: Database,
    user: str,
    conversation: str,
    idempotency_key: str | None,
    *,
    lease_s: float,
    wait_s: float,
) -> Lease | Interaction:
    """See `Store.begin`."""
    give_up, pause = time.monotonic() + wait_s, _PAUSE_S[0]
    while True:
        try:
            return _begin_at_once(database, user, conversation, idempotency_key, lease_s)
        except Held as held:
            if time.monotonic() >= give_up:
                message = f'conversation "{conversation}": {held} after {wait_s:g} s; try again'
                raise StoreError(message) from None
        time.sleep(pause)
        pause = min(2 * pause, _PAUSE_S[1])


def _begin_at_once(
    database: Database, user: str, conversation: str, key: str | None, lease_s: float
) -> Lease | Interaction:
    token, now = uuid.uuid4().hex, datetime.now(UTC)
    until = now + timedelta(seconds=lease_s)
    with database.writing() as connection:
        if key is not None:
            earlier = claims.claim(connection, user, key, token, until)
            if earlier:
                return earlier
        values = {
            "user_id": user,
            "conversation": conversation,
            "version": 0,
            "updated_at": now,
            "lease": token,
            "lease_until": until,
        }
        row = connection.execute(_take_lease(database.dialect), values).one_or_none()
        if row is None:
            raise Held("another turn of it still runs")  # rolls the claim back
        person = people.read(connection, user)
    context = None if row.context is None else codec.read(Context, row.context)
    if context is None and row.turn:
        context = Context(conversation, now, user, turn=row.turn)
    return Lease(user, conversation, key, token, until, context, row.version, person)


@cache
def _take_lease(dialect: str) -> Any:
    """Takes a lease that is free or has run out, and reads the context; else returns no row."""
    table = tables.conversations.c
    statement = insert(dialect, tables.conversations)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[table.user_id, table.conversation],
        set_={
            "lease": new.lease,
            "lease_until": new.lease_until,
            "updated_at": new.updated_at,
        },
        where=sa.or_(table.lease.is_(None), table.lease_until < new.updated_at),
    ).returning(table.context, table.version, table.turn)


_MY_CONVERSATION = sa.and_(
    tables.conversations.c.user_id == sa.bindparam("whose"),
    tables.conversations.c.conversation == sa.bindparam("which"),
    tables.conversations.c.lease == sa.bindparam("token"),
)
_LEAVE = (
    sa.update(tables.conversations)
    .where(_MY_CONVERSATION)
    .values(
        context=sa.bindparam("context"),
        updated_at=sa.bindparam("updated_at"),
        lease=None,
        lease_until=None,
    )
)
_KEEP_CONTEXT = _LEAVE.values(version=tables.conversations.c.version + 1)
_FREE = sa.update(tables.conversations).where(_MY_CONVERSATION).values(lease=None, lease_until=None)
_INSERT = tables.interactions.insert()


def _of(lease: Lease) -> dict[str, Any]:
    return {"whose": lease.user, "which": lease.conversation, "token": lease.token}


def _drop_claim(connection: sa.Connection, lease: Lease) -> None:
    if lease.idempotency_key is not None:
        claims.drop(connection, lease.user, lease.idempotency_key, lease.token)


def finish(
    database: Database,
    lease: Lease,
    interaction: Interaction,
    context: Context,
    *,
    skill: str | None,
    scheduled: Sequence[Announcement],
    cancelled: Sequence[str],
) -> bool:
    """See `Store.finish`."""
    now = datetime.now(UTC)
    with database.writing() as connection:
        kept = connection.execute(
            _KEEP_CONTEXT, _of(lease) | {"context": context, "updated_at": now}
        ).rowcount
        _log(connection, interaction, skill, scheduled, cancelled, now)
        _drop_claim(connection, lease)
    return kept == 1


def note(
    database: Database,
    interaction: Interaction,
    *,
    skill: str | None,
    scheduled: Sequence[Announcement],
    cancelled: Sequence[str],
) -> None:
    """See `Store.note`."""
    with database.writing() as connection:
        _log(connection, interaction, skill, scheduled, cancelled, datetime.now(UTC))


def _log(
    connection: sa.Connection,
    interaction: Interaction,
    skill: str | None,
    scheduled: Sequence[Announcement],
    cancelled: Sequence[str],
    now: datetime,
) -> None:
    row = rows.to_row(interaction)
    connection.execute(_INSERT, row)
    uses.count_use(connection, interaction)
    if scheduled or cancelled:
        whose = (interaction.user, skill or row["skill"] or "")
        announcements.cancel(connection, *whose, cancelled)
        device = interaction.request.device.id
        announcements.schedule(connection, *whose, device, scheduled, now)


def leave(database: Database, lease: Lease, context: Context) -> bool:
    """See `Store.leave`."""
    values = _of(lease) | {"context": context, "updated_at": datetime.now(UTC)}
    with database.writing() as connection:
        return connection.execute(_LEAVE, values).rowcount == 1


def release(database: Database, lease: Lease) -> None:
    """See `Store.release`."""
    with database.writing() as connection:
        connection.execute(_FREE, _of(lease))
        _drop_claim(connection, lease)
