"""All that is kept of one person, whatever the table: to be shown, and to be deleted.

Every table with a column `user_id` is looked at, so that a new one cannot be forgotten here. What
skills keep in `data/` of the home is not in the store.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from sayso.stores import tables
from sayso.stores.database import Database

_BATCH = 500
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


def others(database: Database) -> Iterator[str]:
    """See `Store.said`. What is in JSON comes as JSON, with its letters as they are."""
    log = tables.interactions.c
    said = (log.heard_raw, log.heard_text, log.said, log.speech, log.heard_alternatives)
    queries = [sa.select(*said)]
    queries += [sa.select(table) for table in PERSONAL if table is not tables.interactions]
    with database.snapshot() as connection:
        for query in queries:
            found = connection.execute(query.execution_options(yield_per=_BATCH))
            for batch in found.partitions():
                yield "\n".join(_text(value) for row in batch for value in row if value is not None)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def delete_rows_of(database: Database, user: str) -> dict[str, int]:
    """See `Store.delete_rows_of`."""
    counts: dict[str, int] = {}
    with database.writing() as connection:
        for table in PERSONAL:
            mine = sa.delete(table).where(table.c.user_id == user)
            counts[table.name] = connection.execute(mine).rowcount
    return {name: count for name, count in counts.items() if count}
