from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import StoreError
from sayso.stores.database import Database
from sayso.stores.store import Lease, Store
from sayso.types.calls import Announcement
from sayso.types.readings import Alternative, Utterance
from tests.stores.nouns import NOW, a_context, a_turn
from tests.stores.test_rows import logged


def fill(store: Store) -> None:
    for number in range(1, 4):
        lease = store.begin("ana", "kitchen", f"k{number}")
        assert isinstance(lease, Lease)
        store.finish(
            lease,
            a_turn(number, key=f"k{number}"),
            a_context(number),
            announcements=[Announcement(f"a{number}", "Ding \x00.", NOW)],
        )
        if number < 3:
            store.announcements.ring(NOW)


def everything(store: Store) -> list[Any]:
    return [
        store.interactions(),
        store.context("ana", "kitchen"),
        store.announcements.events("ana"),
        store.announcements.last_event(),
    ]


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    with Store.open("sqlite:///other.db", tmp_path) as opened:
        yield opened


def test_a_backup_restores_everything(store: Store, other: Store, tmp_path: Path) -> None:
    fill(store)
    counts = store.backup(tmp_path / "backup.zip")
    assert counts["interactions"] == 3
    assert other.restore(tmp_path / "backup.zip") == counts
    assert everything(other) == everything(store)
    assert other.announcements.ring(NOW) == 1
    assert other.begin("ana", "kitchen", "k1") == a_turn(1, key="k1")


def test_a_backup_of_sqlite_restores_into_either(
    other: Store, store: Store, tmp_path: Path
) -> None:
    fill(other)
    other.backup(tmp_path / "backup.zip")
    store.restore(tmp_path / "backup.zip")
    assert everything(store) == everything(other)


def test_odd_texts_and_empty_fields_survive(store: Store, other: Store, tmp_path: Path) -> None:
    words = "\x00 \x1a0000 \ud800 🦜"
    odd = replace(a_turn(), utterance=Utterance(words, words, (Alternative(words, math.inf),)))
    logged(store, odd)
    store.backup(tmp_path / "backup.zip")
    other.restore(tmp_path / "backup.zip")
    assert other.interaction(odd.id) == odd


def test_a_backup_of_an_older_version_is_restored_and_migrated(
    store: Store, tmp_path: Path
) -> None:
    old = Store.open("sqlite:///old.db", tmp_path)
    fill(old)
    was = everything(old)
    old.close()
    database = Database("sqlite:///old.db", tmp_path)
    as_the_second_version_made_it(database)
    Store(database).backup(tmp_path / "backup.zip")
    store.restore(tmp_path / "backup.zip")
    assert everything(store) == was
    database.close()


def as_the_second_version_made_it(database: Database) -> None:
    """Undo the migrations after the second."""
    with database.writing() as connection:
        for statement in (
            "DROP INDEX interactions_out_of_the_blue",
            "ALTER TABLE interactions DROP COLUMN basis",
            *(f"DROP TABLE {name}" for name in ("trials", "people", "enabled", "uses")),
            "DELETE FROM migrations WHERE name > '0003'",
        ):
            connection.exec_driver_sql(statement)


def changed(path: Path, **members: bytes | None) -> None:
    """The backup with members replaced, or left out where None."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    kept |= {name.replace("_", "."): data for name, data in members.items() if data is not None}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in kept.items():
            if name.replace(".", "_") not in members or members[name.replace(".", "_")] is not None:
                archive.writestr(name, data)


def manifest(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        return dict(json.loads(archive.read("manifest.json")))


@pytest.fixture
def backup(other: Store, tmp_path: Path) -> Path:
    fill(other)
    other.backup(tmp_path / "backup.zip")
    return tmp_path / "backup.zip"


def test_a_backup_of_a_newer_version_is_refused(store: Store, backup: Path) -> None:
    newer = manifest(backup)
    newer["migrations"].append("0099_from_the_future")
    changed(backup, manifest_json=json.dumps(newer).encode())
    with pytest.raises(StoreError, match="pip install --upgrade sayso"):
        store.restore(backup)
    changed(backup, manifest_json=json.dumps(newer | {"format": 2}).encode())
    with pytest.raises(StoreError, match="pip install --upgrade sayso"):
        store.restore(backup)


@pytest.mark.parametrize(
    "damage",
    [
        {"interactions_jsonl": b""},
        {"interactions_jsonl": b"{"},
        {"interactions_jsonl": b'{"id": "x"}\n' * 3},
        {"events_jsonl": None},
        {"manifest_json": b"[]"},
        {"manifest_json": None},
    ],
)
def test_a_damaged_backup_leaves_the_store_as_it_was(
    store: Store, backup: Path, damage: dict[str, bytes | None]
) -> None:
    changed(backup, **damage)
    with pytest.raises(StoreError, match=r"backup|refused"):
        store.restore(backup)
    assert store.count() == 0
    fill(store)


def test_a_cut_off_backup_is_refused(store: Store, backup: Path) -> None:
    backup.write_bytes(backup.read_bytes()[:-100])
    with pytest.raises(StoreError, match="not a whole backup"):
        store.restore(backup)


def test_a_store_that_holds_turns_is_not_overwritten(store: Store, backup: Path) -> None:
    fill(store)
    with pytest.raises(StoreError, match="holds turns already"):
        store.restore(backup)
    assert store.count() == 3


def test_a_backup_that_is_not_there_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"none\.zip: not found"):
        store.restore(tmp_path / "none.zip")


def test_a_backup_that_cannot_be_written_leaves_no_half(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        store.backup(tmp_path / "no" / "backup.zip")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        store.backup(tmp_path / "folder")
    assert not list(tmp_path.glob("*.part"))
