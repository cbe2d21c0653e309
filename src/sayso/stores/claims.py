"""Claims on idempotency keys: what is asked again with the same key acts once.

A claim does not run out, as a lease does: if the turn that took it died, no one can know whether it
acted, and a second attempt must not act again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from sayso.errors import StoreError
from sayso.stores import rows, tables
from sayso.stores.database import insert
from sayso.types.turns import Interaction


class Held(Exception):
    """Another turn runs; the message says which and what to do."""


def claim(
    connection: sa.Connection, user: str, key: str, token: str, until: datetime
) -> Interaction | None:
    """Claim a key for a turn, or get the turn that was finished with it.

    token: of the turn's lease; until: when the turn counts as dead, aware.
    Raises Held while another turn holds the key, StoreError if one died with it.
    """
    mine = {"user_id": user, "idempotency_key": key}
    row = mine | {"lease": token, "until": until}
    claimed = connection.execute(_insert_claim(connection.dialect.name), row).first() is not None
    # Looked up after the claim, not before: a turn that finishes between the two would be missed.
    done = connection.execute(_FINISHED, mine).mappings().one_or_none()
    if done:
        if claimed:
            drop(connection, user, key, token)
        return rows.from_row(done)
    if claimed:
        return None
    alive_until = connection.execute(_CLAIM, mine).scalar_one_or_none()
    if alive_until and alive_until < datetime.now(UTC):
        raise StoreError(
            f'idempotency key "{key}": the first attempt did not finish, and may have acted; '
            "see whether it did, and ask again with a new key"
        )
    raise Held(f'the first attempt with idempotency key "{key}" still runs')


@cache
def _insert_claim(dialect: str) -> Any:
    """Returns a row if it was inserted. (A count of rows is not reliable for an INSERT.)"""
    return insert(dialect, tables.claims).on_conflict_do_nothing().returning(tables.claims.c.lease)


def _same_key(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(
        table.c.user_id == sa.bindparam("user_id"),
        table.c.idempotency_key == sa.bindparam("idempotency_key"),
    )


_FINISHED = sa.select(tables.interactions).where(_same_key(tables.interactions))
_CLAIM = sa.select(tables.claims.c.until).where(_same_key(tables.claims))
_DROP_CLAIM = sa.delete(tables.claims).where(
    _same_key(tables.claims), tables.claims.c.lease == sa.bindparam("lease")
)


def drop(connection: sa.Connection, user: str, key: str, token: str) -> None:
    """Give a claim up, if it is still that turn's."""
    mine = {"user_id": user, "idempotency_key": key, "lease": token}
    connection.execute(_DROP_CLAIM, mine)
