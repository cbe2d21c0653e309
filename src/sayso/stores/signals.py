"""What clients tell of turns after the reply, and what a person took back.

A signal replaces an earlier one of the same turn and kind, so that sending it twice is no harm. One
that comes late does not replace a later one: the client's clock puts them in order, and no moment
counts as later than the one at which it came in, so that a clock that is ahead is no harm either.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from sayso.stores import tables
from sayso.stores.database import Database, insert
from sayso.types.lessons import Arm, Signal, SignalKind

_TABLE, _UNDONE, _LOG = tables.signals, tables.undone, tables.interactions.c


class Signals:
    """The signals of a store. Safe for many threads and processes; raises as `Store` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, signals: Sequence[Signal], now: datetime) -> list[bool]:
        """Keep what clients told of turns; for each, whether there is such a turn.

        A signal of the same turn and kind replaces an earlier one; `at` puts them in order, and
        counts as `now` at the latest. A rewrite that was applied and is undone is taken back.
        """
        # One order: no deadlocks. Within a turn and kind by time, so that the latest stays.
        order = sorted(signals, key=lambda each: (_turn(each), str(each.kind), each.at))
        known: dict[tuple[str, str, int], bool] = {}
        with self._database.writing() as connection:
            for signal in order:
                turn = _turn(signal)
                if turn not in known:
                    known[turn] = connection.execute(_IS_THERE, _of(signal)).first() is not None
                if known[turn]:
                    _keep(connection, signal, now)
        return [known[_turn(signal)] for signal in signals]

    def of_turn(self, user: str, conversation: str, turn: int) -> list[Signal]:
        """What was told of a turn, by kind."""
        mine = sa.and_(
            _TABLE.c.user_id == user, _TABLE.c.conversation == conversation, _TABLE.c.turn == turn
        )
        query = sa.select(_TABLE).where(mine).order_by(_TABLE.c.kind)
        with self._database.reading() as connection:
            found = connection.execute(query).all()
        return [
            Signal(user, conversation, turn, SignalKind(row.kind), row.value, row.at)
            for row in found
        ]

    def take_back(self, user: str, said: str, meant: str, at: datetime) -> None:
        """Keep that, for this user, one text is not to be rewritten to the other again."""
        with self._database.writing() as connection:
            _take_back(connection, user, said, meant, at)

    def taken_back(self, user: str) -> list[tuple[str, str]]:
        """(said, meant) that a user has taken back, in the order of time."""
        mine = sa.select(_UNDONE.c.said, _UNDONE.c.meant).where(_UNDONE.c.user_id == user)
        with self._database.reading() as connection:
            found = connection.execute(mine.order_by(_UNDONE.c.at, _UNDONE.c.said)).all()
        return [(row.said, row.meant) for row in found]


def _keep(connection: sa.Connection, signal: Signal, now: datetime) -> None:
    at = min(signal.at, now)
    row = {
        "user_id": signal.user,
        "conversation": signal.conversation,
        "turn": signal.turn,
        "kind": str(signal.kind),
        "value": float(signal.value),
        "at": at,
        "received_at": now,
    }
    connection.execute(_upsert(connection.dialect.name), row)
    if signal.kind is SignalKind.UNDONE:
        applied = connection.execute(_APPLIED, _of(signal)).first()
        if applied is not None:
            _take_back(connection, signal.user, applied.said, applied.heard_text, at)


def _turn(signal: Signal) -> tuple[str, str, int]:
    return signal.user, signal.conversation, signal.turn


def _of(signal: Signal) -> dict[str, Any]:
    return dict(zip(("whose", "which", "number"), _turn(signal), strict=True))


_IS_TURN = sa.and_(
    _LOG.user_id == sa.bindparam("whose"),
    _LOG.conversation == sa.bindparam("which"),
    _LOG.turn == sa.bindparam("number"),
)
_IS_THERE = sa.select(_LOG.id).where(_IS_TURN).limit(1)
_APPLIED = (
    sa.select(_LOG.said, _LOG.heard_text)
    .where(_IS_TURN, _LOG.arm == str(Arm.APPLIED), _LOG.said.is_not(None))
    .limit(1)
)


@cache
def _upsert(dialect: str) -> Any:
    statement = insert(dialect, _TABLE)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=list(_TABLE.primary_key),
        set_={name: new[name] for name in ("value", "at", "received_at")},
        where=_TABLE.c.at <= new.at,
    )


def _take_back(connection: sa.Connection, user: str, said: str, meant: str, at: datetime) -> None:
    row = {"user_id": user, "said": said, "meant": meant, "at": at}
    connection.execute(_remember(connection.dialect.name), row)


@cache
def _remember(dialect: str) -> Any:
    statement = insert(dialect, _UNDONE)
    return statement.on_conflict_do_update(
        index_elements=list(_UNDONE.primary_key), set_={"at": statement.excluded.at}
    )
