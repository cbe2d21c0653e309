"""What a skill will say by itself, and the events that come of it.

An announcement is due at some time; when it rings it becomes an event. Events are numbered in the
order of ringing, so that a device which resumes after event 17 misses nothing: not what became due
later but was asked for earlier. The counter's row is locked from numbering to commit, so that no
event becomes visible after one with a larger number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from sayso.stores import tables
from sayso.stores.database import Database, insert
from sayso.types.calls import Announcement

_TABLE = tables.announcements
_EVENTS = tables.events.c
LATEST = 8  # events of a user that are looked at for what has just rung


@dataclass(frozen=True, slots=True)
class Event:
    """An announcement that rang. Ids grow in the order of ringing; `due` and `rung_at` are UTC."""

    id: int
    user: str
    device: str
    skill: str
    key: str
    speech: str
    due: datetime
    rung_at: datetime


def schedule(
    connection: sa.Connection,
    user: str,
    skill: str,
    device: str,
    announcements: Sequence[Announcement],
    now: datetime,
) -> None:
    """Add announcements; one with the key of an earlier one that has not rung replaces it."""
    for each in sorted(announcements, key=lambda each: each.key):  # one order: no deadlocks
        connection.execute(
            _upsert(connection.dialect.name),
            {
                "user_id": user,
                "skill": skill,
                "key": each.key,
                "device": device,
                "speech": each.speech,
                "due": each.due,
                "created_at": now,
            },
        )


@cache
def _upsert(dialect: str) -> Any:
    statement = insert(dialect, _TABLE)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[_TABLE.c.user_id, _TABLE.c.skill, _TABLE.c.key],
        set_={name: new[name] for name in ("device", "speech", "due", "created_at")},
    )


def cancel(connection: sa.Connection, user: str, skill: str, keys: Sequence[str]) -> None:
    """Forget announcements of this skill for this user; unknown keys and rung ones are no error."""
    if keys:
        whose = sa.and_(_TABLE.c.user_id == user, _TABLE.c.skill == skill)
        connection.execute(sa.delete(_TABLE).where(whose, _TABLE.c.key.in_(keys)))


_IS_DUE = sa.select(_TABLE.c.due).where(_TABLE.c.due <= sa.bindparam("now")).limit(1)
# Rows that a turn or another process holds are left for the next time: two that wait for each
# other's rows would never end. (SQLite has no such clause and needs none.)
_DUE = (
    sa.select(_TABLE.c.user_id, _TABLE.c.skill, _TABLE.c.key)
    .where(_TABLE.c.due <= sa.bindparam("now"))
    .with_for_update(skip_locked=True)
)
_TAKE_DUE = (
    sa.delete(_TABLE)
    .where(sa.tuple_(_TABLE.c.user_id, _TABLE.c.skill, _TABLE.c.key).in_(_DUE))
    .returning(*_TABLE.c)
)
_COUNTER = tables.counters.c.name == "events"
_COUNT_ON = (
    sa.update(tables.counters)
    .where(_COUNTER)
    .values(value=tables.counters.c.value + sa.bindparam("more"))
    .returning(tables.counters.c.value)
)
_LAST = sa.select(tables.counters.c.value).where(_COUNTER)


class Announcements:
    """What rings in a store. Safe for many threads and processes; raises as `Store` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ring(self, now: datetime, *, keep: timedelta = timedelta(days=1)) -> int:
        """Turn the announcements that are due into events, each exactly once; how many.

        Cheap when nothing is due: every server process may call it several times a second.
        keep: events that rang longer ago are forgotten.
        """
        with self._database.reading() as connection:
            if connection.execute(_IS_DUE, {"now": now}).first() is None:
                return 0  # the usual case takes no lock
        with self._database.writing() as connection:
            # Whoever deletes a row rings it, so it rings once.
            due = connection.execute(_TAKE_DUE, {"now": now}).mappings().all()
            if not due:
                return 0
            last = connection.execute(_COUNT_ON, {"more": len(due)}).scalar_one()
            due = sorted(due, key=lambda row: (row["due"], row["created_at"]))
            numbered = enumerate(due, last - len(due) + 1)
            connection.execute(
                tables.events.insert(),
                [_event_row(row) | {"id": number, "rung_at": now} for number, row in numbered],
            )
            connection.execute(sa.delete(tables.events).where(_EVENTS.rung_at < now - keep))
        return len(due)

    def events(
        self, user: str | None, device: str | None = None, after: int = 0, limit: int = 100
    ) -> list[Event]:
        """What rang for a user after the event of id `after`, at most `limit`, in that order.

        user: None means everybody; a server asks so once for all who listen.
        device: only what was asked for there; None means anywhere.
        """
        query = sa.select(tables.events).where(_EVENTS.id > after)
        if user is not None:
            query = query.where(_EVENTS.user_id == user)
        if device is not None:
            query = query.where(_EVENTS.device == device)
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(_EVENTS.id).limit(limit)).mappings().all()
        return [_event(row) for row in found]

    def rang(self, user: str, device: str, now: datetime) -> list[Event]:
        """What rang for a user on a device up to now, the latest first; a few of them."""
        query = sa.select(tables.events).where(_EVENTS.user_id == user)
        with self._database.reading() as connection:
            latest = connection.execute(query.order_by(_EVENTS.id.desc()).limit(LATEST)).mappings()
            found = [_event(row) for row in latest]
        return [event for event in found if event.device == device and event.rung_at <= now]

    def last_event(self) -> int:
        """Id of the latest event of all users: where a device that is new begins to listen.

        A device whose Last-Event-ID is larger comes from another store and begins here too.
        """
        with self._database.reading() as connection:
            return int(connection.execute(_LAST).scalar_one())


def _event_row(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "created_at"}


def _event(row: Any) -> Event:
    return Event(user=row["user_id"], **{name: row[name] for name in row if name != "user_id"})
