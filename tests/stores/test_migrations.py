from __future__ import annotations

import pytest
import sqlalchemy as sa

from sayso.errors import StoreError
from sayso.stores import migrations, tables
from sayso.stores.database import Database
from sayso.stores.store import Store
from tests.stores.nouns import a_context, a_turn, write_old
from tests.stores.processes import finished, start


def shape(table: sa.Table, dialect: sa.Dialect) -> list[object]:
    """Columns and indexes, comparable."""
    columns = [
        (column.name, column.nullable, column.primary_key, spelling(column.type.compile(dialect)))
        for column in table.columns
    ]
    indexes = [
        (index.name, [column.name for column in index.columns], bool(index.unique))
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    ]
    return [*columns, *indexes]


def spelling(kind: str) -> str:
    """One of the two spellings that a type may have."""
    return "DOUBLE" if kind in ("REAL", "DOUBLE PRECISION") else kind


def test_the_migrations_lead_to_the_tables_of_today(store: Store, store_url: str) -> None:
    database = Database(store_url)
    there = sa.MetaData()
    with database.reading() as connection:
        there.reflect(connection)
    assert set(there.tables) == set(tables.metadata.tables)
    for name, table in tables.metadata.tables.items():
        dialect = database.engine.dialect
        assert shape(there.tables[name], dialect) == shape(table, dialect)
    database.close()


def made_by_the_first_version(url: str) -> None:
    """A store as the first migration alone makes it, with one turn in it."""
    database = Database(url)
    with database.writing() as connection:
        migrations.apply(connection, migrations.MIGRATIONS[:1])
        write_old(connection, [a_turn()], a_context())
    database.close()


def indexes(url: str) -> set[str | None]:
    database = Database(url)
    with database.reading() as connection:
        found = {index["name"] for index in sa.inspect(connection).get_indexes("interactions")}
    database.close()
    return found


def test_an_older_store_is_migrated_when_it_is_opened_and_keeps_its_turns(store_url: str) -> None:
    made_by_the_first_version(store_url)
    assert "interactions_by_skill" not in indexes(store_url)
    with Store.open(store_url) as store:
        assert store.interactions() == [a_turn()]
        assert store.context("ana", "kitchen") == a_context()
    assert "interactions_by_skill" in indexes(store_url)


def test_a_migration_is_applied_once(store_url: str) -> None:
    database = Database(store_url)
    names = [migrations.name_of(migration) for migration in migrations.MIGRATIONS]
    assert migrations.migrate(database) == names
    assert migrations.migrate(database) == []
    database.close()


def test_names_of_migrations_are_in_order() -> None:
    names = [migrations.name_of(migration) for migration in migrations.MIGRATIONS]
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_a_newer_store_is_refused_with_what_to_run_and_left_alone(store_url: str) -> None:
    Store.open(store_url).close()
    database = Database(store_url)
    row = {"name": "0099_from_the_future", "applied_at": a_turn().at}
    with database.writing() as connection:
        connection.execute(tables.migrations.insert(), row)
    with pytest.raises(StoreError, match=r"0099_from_the_future.*pip install --upgrade sayso"):
        Store.open(store_url)
    with database.reading() as connection:
        assert "0099_from_the_future" in migrations.applied(connection)
    database.close()


def test_a_migration_that_fails_is_undone(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def _m0099_breaks(connection: sa.Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE half (done INTEGER)")
        connection.exec_driver_sql("CREATE TABLE nonsense nonsense")

    Store.open(store_url).close()
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, _m0099_breaks))
    with pytest.raises(StoreError, match="nonsense"):
        Store.open(store_url)
    database = Database(store_url)
    with database.reading() as connection:
        assert "half" not in sa.inspect(connection).get_table_names()
        assert len(migrations.applied(connection)) == len(migrations.MIGRATIONS) - 1
    database.close()


def test_processes_that_open_a_new_store_at_once_all_succeed(store_url: str) -> None:
    for process in [start("migrate", store_url) for _ in range(2)]:
        finished(process)
    with Store.open(store_url) as store:
        assert store.count() == 0
