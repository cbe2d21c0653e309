"""All that is kept of one person, whatever the table: to be shown, and to be deleted.

Every table with a column `user_id` is looked at, so that a new one cannot be forgotten here. What
skills keep in `data/` of the home is not in the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from sayso.stores import tables
from sayso.stores.database import Database

_BATCH = 500
# Columns of the log that say again, at length, what others say, or hold no words.
_REPEATED = ("hypotheses", "shortlist", "timings")
PERSONAL = tuple(table for table in tables.metadata.tables.values() if "user_id" in table.c)


def rows_of(database: Database, user: str) -> dict[str, list[dict[str, Any]]]:
    """See `Store.rows_of`. All of one moment; tables without any are left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    with database.snapshot() as connection:
        for table in PERSONAL:
            query = sa.select(table).where(table.c.user_id == user).order_by(*table.primary_key)
            rows = [dict(row) for row in connection.execute(query).mappings()]
            if rows:
                found[table.name] = rows
    return found


def users(database: Database) -> set[str]:
    """See `Store.users`."""
    names = (sa.select(table.c.user_id) for table in PERSONAL)
    with database.reading() as connection:
        return set(connection.execute(sa.union(*names)).scalars())


def others(database: Database) -> Iterator[str]:
    """See `Store.said`."""
    with database.snapshot() as connection:
        for table in PERSONAL:
            columns = [_as_text(column) for column in table.c if column.name not in _REPEATED]
            found = connection.execute(sa.select(*columns).execution_options(yield_per=_BATCH))
            for batch in found.partitions():
                yield "\n".join(str(value) for row in batch for value in row if value is not None)


def _as_text(column: sa.Column[Any]) -> Any:
    """JSON as it lies there: to read it would take longer than all the rest."""
    return sa.cast(column, sa.Text) if isinstance(column.type, sa.JSON) else column


def delete_rows_of(database: Database, user: str) -> dict[str, int]:
    """See `Store.delete_rows_of`."""
    counts: dict[str, int] = {}
    with database.writing() as connection, written_over(connection):
        for table in PERSONAL:
            mine = sa.delete(table).where(table.c.user_id == user)
            counts[table.name] = connection.execute(mine).rowcount
    return {name: count for name, count in counts.items() if count}


@contextmanager
def written_over(connection: sa.Connection) -> Iterator[None]:
    """SQLite writes zeros over what is deleted. At every turn that would cost too much."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
