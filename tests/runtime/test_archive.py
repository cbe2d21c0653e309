"""Backup and restore: one file, whole or not there; a home, as it was or not there."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from sayso import learned
from sayso.errors import HomeError, SaysoError, StoreError
from sayso.runtime.archive import LOG, pack_home, unpack_home
from sayso.runtime.home import Home
from sayso.settings import FILE_NAME
from sayso.stores.store import Store
from sayso.stores.votes import home_key


def talk(home: Path, *said: str) -> list[str]:
    with Home.open(home) as opened:
        return [opened.turn(text, user="ana").speech for text in said]


def rewritten(archive: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    """A copy of a backup with each file changed, or left out where `change` says None."""
    copy = archive.with_name("rewritten.zip")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            entry = change(name, old.read(name))
            if entry is not None:
                new.writestr(*entry)
    return copy


@pytest.fixture
def archive(folder: Path, tmp_path: Path) -> Path:
    talk(folder, "boil my egg for five minutes")
    pack_home(folder, tmp_path / "home.zip")
    return tmp_path / "home.zip"


def test_a_restored_home_remembers_and_serves(archive: Path, tmp_path: Path) -> None:
    counts = unpack_home(archive, tmp_path / "new" / "home")
    assert counts["interactions"] == 1
    assert talk(tmp_path / "new" / "home", "how long does my egg need") == ["It boils for PT5M."]
    with Home.open(tmp_path / "new" / "home") as home:
        assert home.store.count() == 2


def test_a_backup_is_for_its_owner_alone_and_holds_one_version(archive: Path, folder: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(archive) as file:
        names = file.namelist()
    assert len({name.split("/")[2] for name in names if name.startswith("bundle/v")}) == 1
    assert "skills/eggs/handler.py" in names
    assert not any(name.startswith("sayso.db") for name in names)


def test_a_backup_is_whole_while_others_talk(folder: Path, tmp_path: Path) -> None:
    stop = Event()

    def chatter(home: Home) -> None:
        while not stop.is_set():
            home.turn("boil my egg for five minutes", user="ben")

    with Home.open(folder) as home:
        home.turn("boil my egg for five minutes", user="ben")
        thread = Thread(target=chatter, args=(home,))
        thread.start()
        try:
            counts = pack_home(folder, tmp_path / "home.zip")
        finally:
            stop.set()
            thread.join()
    assert unpack_home(tmp_path / "home.zip", tmp_path / "again") == counts
    assert talk(tmp_path / "again", "how long does my egg need") == ["It boils for PT5M."]


def test_an_untrained_home_is_kept_too(folder: Path, tmp_path: Path) -> None:
    shutil.rmtree(folder / "bundle")
    pack_home(folder, tmp_path / "home.zip")
    unpack_home(tmp_path / "home.zip", tmp_path / "again")
    assert (tmp_path / "again" / "skills" / "eggs" / "skill.yaml").is_file()


def test_a_home_with_its_own_settings_takes_the_log_into_its_own_database(
    archive: Path, tmp_path: Path, store_url: str
) -> None:
    home = tmp_path / "elsewhere"
    home.mkdir()
    (home / FILE_NAME).write_text(f'time_zone = "Asia/Tokyo"\n[store]\nurl = "{store_url}"\n')
    unpack_home(archive, home)
    assert "Asia/Tokyo" in (home / FILE_NAME).read_text()
    with Store.open(store_url) as store:
        assert store.count() == 1
    assert talk(home, "how long does my egg need") == ["It boils for PT5M."]


def test_a_used_database_is_left_alone(archive: Path, folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"
    home.mkdir()
    settings = f'[store]\nurl = "sqlite:///{folder}/sayso.db"\n'
    (home / FILE_NAME).write_text(settings)
    with pytest.raises(StoreError, match="holds turns already"):
        unpack_home(archive, home)
    assert [path.name for path in home.iterdir()] == [FILE_NAME]
    assert (home / FILE_NAME).read_text() == settings


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "skills/../../outside.txt"])
def test_a_name_that_points_outside_is_refused(name: str, archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr(name, "gotcha")
    with pytest.raises(HomeError, match="outside of the home"):
        unpack_home(archive, tmp_path / "inside" / "again")
    assert not (tmp_path / "inside" / "again").exists()
    assert not list(tmp_path.rglob("outside.txt"))


def test_what_is_no_whole_backup_leaves_nothing_behind(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    damaged = bytearray(whole)
    for at in range(200, len(whole), 977):
        damaged[at] ^= 0x55
    for content in (b"", b"no zip", whole[: len(whole) // 2], bytes(damaged)):
        archive.write_bytes(content)
        with pytest.raises(SaysoError, match=r"home\.zip"):
            unpack_home(archive, tmp_path / "again")
        assert {path.name for path in tmp_path.iterdir()} == {"home", "home.zip"}


def test_a_backup_without_its_log_or_of_a_newer_sayso_is_refused(
    archive: Path, tmp_path: Path
) -> None:
    bare = rewritten(archive, lambda name, content: None if name == LOG else (name, content))
    with pytest.raises(HomeError, match="is no backup of a home"):
        unpack_home(bare, tmp_path / "again")

    def newer(name: str, content: bytes) -> tuple[str, bytes]:
        return name, b"format = 99\n" if name == FILE_NAME else content

    with pytest.raises(HomeError, match="format"):
        unpack_home(rewritten(archive, newer), tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_database_of_a_skill_that_is_held_or_damaged_is_named_and_nothing_is_written(
    folder: Path, tmp_path: Path
) -> None:
    talk(folder, "boil my egg for five minutes")
    [database] = (folder / "data").rglob("*.db")
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    content = bytearray(database.read_bytes())
    content[40:200] = b"\xff" * 160
    database.write_bytes(content)
    with pytest.raises(HomeError, match=rf"{database.name}: could not be copied"):
        pack_home(folder, tmp_path / "home.zip")
    assert {path.name for path in tmp_path.iterdir()} == {"home"}


def test_nothing_is_overwritten(archive: Path, folder: Path, tmp_path: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(HomeError, match="exists"):
        pack_home(folder, archive)
    with pytest.raises(HomeError, match="not empty"):
        unpack_home(archive, folder)
    with pytest.raises(HomeError, match="not empty"):
        unpack_home(archive, archive)
    with pytest.raises(HomeError, match="could not be written"):
        pack_home(folder, tmp_path / "no" / "such" / "folder.zip")
    assert archive.read_bytes() == before


def test_what_was_learnt_comes_back_with_the_key_of_its_votes(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "sayso.toml").write_text("format = 1\n")
    folder = home / learned.LEARNED
    with learned.writing(folder):
        learned.write(folder, "a test", "0", lambda draft: _put(draft, "one"))
        learned.write(folder, "a test", "0", lambda draft: _put(draft, "two"))
    key = home_key(home)
    pack_home(home, tmp_path / "home.zip")
    unpack_home(tmp_path / "home.zip", tmp_path / "back")
    pointer = learned.current(tmp_path / "back" / learned.LEARNED)
    assert pointer is not None
    assert (pointer.folder / "file").read_text() == "two"
    assert home_key(tmp_path / "back") == key


def _put(draft: Path, content: str) -> None:
    (draft / "file").write_text(content)
