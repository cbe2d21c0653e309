from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import HomeError
from sayso.fulfilment.storage import Storage
from sayso.jobs.belongings import belongings, delete_kept
from sayso.stores.store import Store
from tests.stores.nouns import a_turn
from tests.stores.test_rows import logged

KEPT = {
    "ana:shopping": ["milk"],
    "alarms:ana": ["06:00"],
    "ana": 1,
    "anastasia:shopping": ["tea"],
    "susana:notes": ["x"],
    "ben:ana:shared": ["rent"],
    "house": {"lamp": "on"},
}
OTHERS = {"ben", "anastasia", "susana"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which a skill keeps something of several people."""
    with closing(Storage(tmp_path / "data" / "list" / "storage.db")) as storage:
        storage.update(KEPT)
    return tmp_path


def kept(home: Path) -> dict[str, Any]:
    with closing(Storage(home / "data" / "list" / "storage.db")) as storage:
        return dict(storage)


def test_what_a_skill_keeps_under_a_name_is_deleted_and_nothing_else(home: Path) -> None:
    assert delete_kept(home, "ana", OTHERS) == {"list": 3}
    assert kept(home).keys() == KEPT.keys() - {"ana:shopping", "alarms:ana", "ana"}
    assert b"milk" not in (home / "data" / "list" / "storage.db").read_bytes()


def test_a_name_that_is_also_a_word_of_anothers_key_takes_nothing_of_theirs(home: Path) -> None:
    assert delete_kept(home, "shopping", {"ana", "anastasia"}) == {}


def test_all_that_belongs_to_a_person_is_gathered(home: Path) -> None:
    with Store.open("sqlite:///sayso.db", home) as store:
        logged(store, a_turn())
        logged(store, a_turn(user="ben"))
        theirs = belongings(home, store, "ana")
    assert [row["user_id"] for row in theirs["store"]["interactions"]] == ["ana"]
    assert theirs["skills"]["list"].keys() == {"ana:shopping", "alarms:ana", "ana"}


def test_a_file_that_is_no_storage_is_named(home: Path) -> None:
    (home / "data" / "list" / "storage.db").write_text("no database at all, but long enough" * 9)
    with pytest.raises(HomeError, match=r"list/storage\.db: .*run this again"):
        delete_kept(home, "ana", OTHERS)
