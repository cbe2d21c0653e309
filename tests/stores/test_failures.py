"""A database that is locked, full, damaged or away: an error in seconds, nothing half-written."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from sayso.errors import MissingExtraError, StoreError
from sayso.stores.database import Database
from sayso.stores.store import Lease, Store
from tests.postgres import fresh_database
from tests.stores.nouns import a_context, a_turn
from tests.stores.processes import finished, start


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def test_a_log_that_others_read_cannot_be_emptied_and_that_is_said(tmp_path: Path) -> None:
    with Store.open("sqlite:///x.db", tmp_path, patience_s=0.1) as store:
        lease = store.begin("ana", "kitchen")
        with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM interactions").fetchone()
            assert isinstance(lease, Lease)
            store.finish(lease, a_turn(), a_context())
            with pytest.raises(StoreError, match=r"x\.db: .*end what"):
                store.purge()
        store.purge()
        assert (tmp_path / "x.db-wal").stat().st_size == 0
        assert store.count() == 1


def test_a_locked_database_is_reported_and_served_again_later(tmp_path: Path) -> None:
    with Store.open("sqlite:///x.db", tmp_path, patience_s=0.1) as store:
        lease = store.begin("ana", "kitchen")
        assert isinstance(lease, Lease)
        with locked(tmp_path / "x.db"):
            with pytest.raises(StoreError, match=r"x\.db: locked by another process; end what"):
                store.finish(lease, a_turn(), a_context())
            assert store.count() == 0  # reading goes on
        store.finish(lease, a_turn(), a_context())
        assert store.count() == 1


@pytest.mark.postgres
def test_a_locked_postgres_is_reported(postgres_socket: Path) -> None:
    with fresh_database(postgres_socket) as url:
        blocker = Database(url)
        with Store.open(url, patience_s=0.1) as store, blocker.writing() as connection:
            connection.exec_driver_sql("LOCK TABLE conversations")
            with pytest.raises(StoreError, match="locked by another process"):
                store.begin("ana", "kitchen")
        blocker.close()


def test_a_new_file_that_is_locked_is_reported(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "x.db").close()
    with locked(tmp_path / "x.db"), pytest.raises(StoreError, match="locked"):
        Store.open("sqlite:///x.db", tmp_path, patience_s=0.1)


def test_a_full_disk_is_reported_and_keeps_every_finished_turn(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    number, _, said = finished(start("fill_the_disk", str(path), "400000")).partition(" ")
    assert "disk" in said
    with Store.open(f"sqlite:///{path}") as store:
        assert store.interactions(limit=1000) == [a_turn(n + 1) for n in range(int(number))]
        assert store.context("ana", "kitchen") == a_context(int(number))


def test_a_read_only_file_is_reported(tmp_path: Path) -> None:
    Store.open("sqlite:///x.db", tmp_path).close()
    url = f"sqlite:///file:{tmp_path}/x.db?mode=ro&uri=true"
    with Store.open(url) as store:
        assert store.count() == 0
        with pytest.raises(StoreError, match="cannot be written; make the file"):
            store.begin("ana", "kitchen")


def test_a_file_that_is_no_database_is_reported_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("my shopping list, which is precious\n" * 40)
    with pytest.raises(StoreError, match=r"x\.db: is no SQLite database"):
        Store.open("sqlite:///x.db", tmp_path)
    assert (tmp_path / "x.db").read_text().startswith("my shopping list")


def test_a_damaged_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    Store.open(f"sqlite:///{path}").close()
    path.write_bytes(path.read_bytes()[:100] + b"\x00" * 8192)
    with pytest.raises(StoreError, match=r"x\.db: is damaged.*sayso restore"):
        Store.open(f"sqlite:///{path}")


def test_a_folder_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"none/x\.db: cannot be opened; check that the folder"):
        Store.open("sqlite:///none/x.db", tmp_path)


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("nonsense", "is no database URL; write sqlite:///"),
        ("sqlite://", "forgets every turn"),
        ("sqlite:///:memory:", "forgets every turn"),
        ("mysql://ana:secret@host/x", r"mysql://ana:\*\*\*@host/x: Sayso stores in sqlite or"),
    ],
)
def test_a_url_that_cannot_be_used_is_reported(url: str, complaint: str) -> None:
    with pytest.raises(StoreError, match=complaint):
        Store.open(url)


def test_a_relative_path_lies_in_the_home_and_an_absolute_one_where_it_says(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    Store.open("sqlite:///a.db", tmp_path / "home").close()
    Store.open(f"sqlite:///{tmp_path}/b.db", tmp_path / "home").close()
    assert (tmp_path / "home" / "a.db").exists()
    assert (tmp_path / "b.db").exists()


def test_an_unreachable_postgres_is_reported_without_the_password() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(
        StoreError, match=r"no connection; start the server or mend the url"
    ) as caught:
        Store.open("postgresql://ana:secret@127.0.0.1:1/sayso", patience_s=2)
    assert "secret" not in str(caught.value)


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r"sayso\[postgres\]"):
        Store.open("postgresql://ana@127.0.0.1:1/sayso")


@pytest.mark.postgres
def test_a_postgres_that_was_restarted_is_used_again(postgres_socket: Path) -> None:
    with fresh_database(postgres_socket) as url, Store.open(url) as store:
        other = Database(url)
        with other.reading() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert store.count() == 0
        other.close()


@pytest.mark.postgres
def test_a_database_that_is_not_there_is_reported(postgres_socket: Path) -> None:
    with pytest.raises(StoreError, match=r'mend the url .* database "nowhere" does not exist'):
        Store.open(f"postgresql://sayso@/nowhere?host={postgres_socket}")


def test_import_of_the_package_loads_no_database_library() -> None:
    code = "import sys, sayso.stores; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
