"""Whatever is wrong with a home: words that say what, where and what to do, and exit code 2."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from sayso.runtime.home import Home
from sayso.stores.store import Store
from tests.cli.conftest import Sayso


def serves(home: Path) -> bool:
    """Whether the bundle of before still answers."""
    with Home.open(home) as opened:
        return opened.turn("strike the gong").speech == "Bong."


@pytest.mark.parametrize(
    "arguments",
    [
        ("train",),
        ("learn",),
        ("approve",),
        ("versions",),
        ("rollback",),
        ("chat",),
        ("say", "hi"),
        ("explain", "hi"),
        ("serve",),
        ("test",),
        ("eval", "tests.csv"),
        ("key", "--role", "admin"),
        ("backup", "home.zip"),
    ],
    ids=lambda arguments: str(arguments[0]),
)
def test_an_unknown_home_is_named_with_the_way_to_make_one(
    arguments: tuple[str, ...], tmp_path: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tests.csv").write_text("text,intent\nhi,Hello\n")
    verb, *rest = arguments
    result = sayso(verb, "nowhere", *rest)
    assert result.code == 2
    assert "nowhere/sayso.toml: not found; make a home with: sayso new" in result.err
    assert not Path("nowhere").exists()


def test_nobody_is_asked_whether_to_forget_in_an_unknown_home(tmp_path: Path, sayso: Sayso) -> None:
    result = sayso("users", "forget", tmp_path / "nowhere", "ana")
    assert result.code == 2
    assert "make a home with: sayso new" in result.err
    assert "Remove" not in result.err


def test_an_untrained_home_says_what_to_run(tmp_path: Path, sayso: Sayso) -> None:
    sayso("new", tmp_path / "home")
    result = sayso("say", tmp_path / "home", "hello")
    assert result.code == 2
    assert "nothing trained here yet; run: sayso train" in result.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name: Gong\nintents: [\n", "skill.yaml:3:"),
        (b"name: Gong\nintents:\n  Strike:\n    samples: [b\xff]\n", "skill.yaml:4: not UTF-8"),
        (b"- just\n- a list\n", "skill.yaml:1: no skill"),
        (b"name: Gong\nintents:\n  Strike:\n    samples: ['']\n", "skill.yaml:4"),
        (b"name: Gong\nintents:\n  Go: {samples: ['to {x}'], slots: {x: NONE}}\n", "NONE"),
        (b"id: greeter\nname: G\nintents:\n  Go: {samples: [go]}\n", '"greeter"'),
        (b"id: bell\nname: G\nintents:\n  Go: {samples: [go]}\n", "rename the folder to bell"),
        (b"", "skill.yaml:1: no skill"),
    ],
)
def test_a_broken_skill_file_is_named_and_the_old_bundle_serves(
    content: bytes, said: str, home: Path, sayso: Sayso
) -> None:
    file = home / "skills" / "gong" / "skill.yaml"
    file.write_bytes(content)
    result = sayso("train", home)
    assert result.code == 2
    assert said in result.err
    assert "skills/gong" in result.err
    assert serves(home)
    assert file.read_bytes() == content


def test_broken_json_is_named_with_its_line(home: Path, sayso: Sayso) -> None:
    (home / "skills" / "model.json").write_text('{"interactionModel":\n {,}}')
    result = sayso("train", home)
    assert result.code == 2
    assert "model.json:2" in result.err


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (b"locales = [", "not valid TOML"),
        (b"locales = ['\xff']", "not valid TOML"),
        (b"[routing]\ncaution = 7\n", "routing.caution"),
        (b"colour = 1\n", "colour"),
        (b"[store]\nurl = 'mysql://db'\n", "sqlite or postgresql"),
        (b"[understanding]\nencoder = '/no/such/folder'\n", "/no/such/folder"),
    ],
)
def test_wrong_settings_are_named(settings: bytes, said: str, home: Path, sayso: Sayso) -> None:
    (home / "sayso.toml").write_bytes(settings)
    result = sayso("say", home, "strike the gong")
    assert result.code == 2
    assert said in result.err


def test_a_damaged_bundle_says_to_train_again(home: Path, sayso: Sayso) -> None:
    segment = next((home / "bundle" / "versions").glob("*/*.skills"))
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 1
    segment.unlink()  # versions may share the file
    segment.write_bytes(data)
    result = sayso("say", home, "strike the gong")
    assert result.code == 2
    assert "checksum; retrain with: sayso train" in result.err
    assert sayso("train", home).code == 0
    assert serves(home)


def test_a_place_that_cannot_be_written_is_named(home: Path, tmp_path: Path, sayso: Sayso) -> None:
    (tmp_path / "file").write_text("in the way")
    for arguments in (
        ("new", tmp_path / "file" / "home"),
        ("backup", home, tmp_path / "file" / "home.zip"),
        ("demo", "--keep", tmp_path / "file" / "home"),
    ):
        result = sayso(*arguments)
        assert result.code == 2
        assert str(tmp_path / "file") in result.err
        assert "Traceback" not in result.err


@contextmanager
def locked(database: Path) -> Iterator[None]:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def test_a_locked_database_is_told_in_bounded_time(
    home: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sayso("say", home, "hello there").code == 0
    patience = Store.open.__func__.__kwdefaults__  # type: ignore[attr-defined]
    monkeypatch.setitem(patience, "patience_s", 0.2)
    with locked(home / "sayso.db"):
        result = sayso("say", home, "hello there")
    assert result.code == 2
    assert "sayso.db: locked by another process" in result.err
    assert sayso("say", home, "hello there").code == 0
