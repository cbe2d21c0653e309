"""`sayso users`: what is kept of a person is handed out, or removed to the last byte."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from sayso import bundle
from sayso.runtime.home import Home
from tests.cli.conftest import Sayso, shell
from tests.cli.homes import add_gong
from tests.cli.test_train_from_log import ASKED, NAMED, ORACLE, PEOPLE

SECRET = "strike the gong for aunt Gerda's 80th birthday"
NOTES = """\
name: Note Book
invocation: note book
description: Writes down notes.
intents:
  Note:
    samples:
      - note down {what}
      - write down {what}
      - make a note of {what}
    slots:
      what: {type: AMAZON.SearchQuery, required: true, ask: What shall I write down?}
fulfilment:
  python: handler:handle
"""
HANDLER = """\
def handle(request):
    what = request.slot("what")
    shared = request.storage.get("all", []) if request.user == "zoe" else []
    if shared or request.user == "zoe":
        request.storage["all"] = [*shared, what]
    request.storage[f"{request.user}:notes"] = [what]
    return f"Noted: {what}."
"""


@pytest.fixture(scope="module")
def talked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which people have talked, that learnt of it, and has an export and a backup."""
    home = tmp_path_factory.mktemp("users") / "home"
    assert shell("new", home).code == 0
    shutil.rmtree(home / "skills")
    for name, files in {
        "oracle": {"skill.yaml": ORACLE},
        "notes": {"skill.yaml": NOTES, "handler.py": HANDLER},
    }.items():
        (home / "skills" / name).mkdir(parents=True)
        for file, text in files.items():
            (home / "skills" / name / file).write_text(text)
    add_gong(home)
    assert shell("train", home).code == 0
    with Home.open(home) as opened:
        for user in PEOPLE:
            opened.turn(f"ask gong to {NAMED}", user=user)
            opened.turn(ASKED, user=user)
        reply = opened.turn(SECRET, user="ana", conversation="c1")
        assert opened.signal("ana", "c1", reply.turn, "helpful", 1.0)
        opened.turn("note down a bottle of elderberry wine", user="ana")
    assert shell("train", home).code == 0
    assert shell("log", "export", home).code == 0
    assert shell("backup", home, home / "before.zip").code == 0
    return home


@pytest.fixture
def home(talked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(talked, tmp_path / "home"))


def test_a_person_is_forgotten_and_what_two_others_said_is_learnt_no_more(
    home: Path, sayso: Sayso
) -> None:
    with Home.open(home) as opened:
        assert opened.understand(NAMED)[0].skill == "gong"
    result = sayso("users", "forget", home, "ana", "--yes")
    assert result.code == 0, result.err
    assert "Trained anew" in result.out
    assert "before.zip: removed, a backup" in result.out
    assert "Entries of skills removed: 1 of notes" in result.out
    assert "none is left" in result.out
    with Home.open(home) as opened:
        assert opened.store.rows_of("ana") == {}
        assert opened.store.count() == 4
        assert opened.explain(ASKED).doubts == {}
    for path in home.rglob("*"):
        if path.is_file():
            assert b"erda" not in path.read_bytes(), path
    for version in bundle.versions(home / "bundle"):
        folder = home / "bundle" / "versions" / version.name
        said = b"".join(x for path in folder.glob("*.skills") for x in bundle.said_in(path))
        assert NAMED.encode() not in said
        assert b"the price of gold" in said
    assert not (home / ".forgetting").exists() or not any((home / ".forgetting").iterdir())


def test_a_home_that_is_served_meanwhile_goes_on_and_takes_up_what_is_left(
    home: Path, sayso: Sayso
) -> None:
    with Home.open(home) as opened:
        opened.turn("note down the colour of the sea", user="ben")
        before = opened.engine.version
        result = sayso("users", "forget", home, "ana", "--yes")
        assert result.code == 0, result.err
        reply = opened.turn("note down the colour of the sky", user="ben")
        assert reply.speech == "Noted: the colour of the sky."
        assert opened.engine.version != before
        assert opened.store.rows_of("ana") == {}


def test_what_enough_others_said_stays_learnt(home: Path, sayso: Sayso) -> None:
    with Home.open(home) as opened:
        opened.turn(f"ask gong to {NAMED}", user="eve")
        opened.turn(ASKED, user="eve")
    before = bundle.current(home / "bundle")
    done = sayso("users", "forget", home, "ana", "--json").json
    assert (done["retrained"], done["rows"]["interactions"]) == (False, 4)
    assert bundle.current(home / "bundle") == before
    assert done["sought"] > 0
    with Home.open(home) as opened:
        assert opened.explain(ASKED).doubts["oracle"].text == ASKED


def test_what_a_skill_keeps_without_a_name_is_found_and_the_file_named(
    home: Path, sayso: Sayso
) -> None:
    with Home.open(home) as opened:
        opened.turn("note down the pin of my card", user="zoe")
    result = sayso("users", "forget", home, "zoe", "--yes")
    assert result.code == 2
    storage = home / "data" / "notes" / "storage.db"
    assert f"{storage}: 1 texts" in result.err
    with closing(sqlite3.connect(storage)) as file, file:
        file.execute("DELETE FROM entries WHERE key = 'all'")
    again = sayso("users", "forget", home, "zoe", "--yes")  # the texts are known still
    assert again.code == 0, again.err
    assert "none is left" in again.out


def test_nothing_is_removed_before_it_is_agreed_to(home: Path, sayso: Sayso) -> None:
    result = shell("users", "forget", home, "ana")
    assert result.code != 0
    with Home.open(home) as opened:
        assert opened.store.rows_of("ana")


def test_all_that_is_kept_of_a_person_is_handed_out(
    home: Path, sayso: Sayso, tmp_path: Path
) -> None:
    file = tmp_path / "ana.json"
    assert "Wrote 4 turns of ana" in sayso("users", "export", home, "ana", file).out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    theirs = json.loads(file.read_text())
    assert theirs["skills"] == {"notes": {"ana:notes": ["a bottle of elderberry wine"]}}
    assert theirs["store"]["signals"][0]["kind"] == "helpful"
    assert SECRET in [row["heard_raw"] for row in theirs["store"]["interactions"]]
    assert "ben" not in file.read_text()
    assert sayso("users", "export", home, "ana", file).code == 2  # it is there already
    assert sayso("users", "export", home, "nobody").json["store"] == {}


def test_an_export_of_the_log_says_where_it_lies(home: Path, sayso: Sayso) -> None:
    done = sayso("log", "export", home, home / "exports" / "again", "--json").json
    assert (done["turns"], done["files"]) == (8, 1)
    assert sayso("log", "export", home, home / "exports" / "again").code == 2
    late = sayso("log", "export", home, home / "exports" / "none", "--since", "0", "--json").json
    assert late["turns"] == 0


def test_what_grew_old_is_forgotten_as_the_settings_say(home: Path, sayso: Sayso) -> None:
    with Home.open(home) as opened:
        turns = opened.store.count()
    assert sayso("log", "expire", home, "--json").json == {"conversations": 0, "turns": 0}
    with (home / "sayso.toml").open("a") as settings:
        settings.write("\n[store]\nconversation_days = 1e-9\nlog_days = 1e-9\n")
    result = sayso("log", "expire", home)
    assert f"and {turns} turns" in result.out
    with Home.open(home) as opened:
        assert opened.store.count() == 0
    assert sayso("log", "expire", home, "--json").json == {"conversations": 0, "turns": 0}
