"""All that is kept of one person, whatever the table: to be shown, and to be deleted.

Every table with a column `user_id` is looked at, so that a new one cannot be forgotten here. What
skills keep in `data/` of the home is not in the store.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from sayso.stores import tables
from sayso.stores.database import Database

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


def delete_rows_of(database: Database, user: str) -> dict[str, int]:
    """See `Store.delete_rows_of`."""
    counts: dict[str, int] = {}
    with database.writing() as connection:
        for table in PERSONAL:
            mine = sa.delete(table).where(table.c.user_id == user)
            counts[table.name] = connection.execute(mine).rowcount
    return {name: count for name, count in counts.items() if count}
