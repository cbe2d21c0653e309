"""`sayso train` learns from what people said, if several did, and can be told not to."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from sayso import bundle
from sayso.runtime.home import Home
from tests.cli.conftest import Sayso, shell
from tests.cli.homes import add_gong

ORACLE = """\
name: Oracle
invocation: oracle
description: Answers questions about gold.
intents:
  Price:
    samples:
      - what does gold cost
      - the price of gold
      - how much is an ounce of gold
  Mine:
    samples: [where is gold dug, name a gold mine]
fulfilment:
  replies:
    Price: ["Sorry, I don't know that one."]
    Mine: [In the hills.]
"""
NAMED = "strike it as loud as you can"
ASKED = "what does silver cost"
PEOPLE = ("ana", "ben", "zoe")


@pytest.fixture(scope="module")
def talked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which three people have talked to a gong and to an oracle."""
    home = tmp_path_factory.mktemp("learning") / "home"
    assert shell("new", home).code == 0
    shutil.rmtree(home / "skills")
    (home / "skills" / "oracle").mkdir(parents=True)
    (home / "skills" / "oracle" / "skill.yaml").write_text(ORACLE)
    add_gong(home)
    assert shell("train", home).code == 0
    with Home.open(home) as opened:
        for user in PEOPLE:
            opened.turn(f"ask gong to {NAMED}", user=user)
            opened.turn(ASKED, user=user)
    return home


@pytest.fixture
def home(talked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(talked, tmp_path / "home"))


def texts(learnt: dict[str, Sequence[dict[str, str]]], kind: str) -> list[str]:
    return [label["text"] for label in learnt[kind]]


def test_what_three_people_said_is_learnt_and_what_was_refused(home: Path, sayso: Sayso) -> None:
    result = sayso("train", home)
    assert "1 sentence learnt from the log, 1 refusal. Of " in result.out
    with Home.open(home) as opened:
        assert opened.understand(NAMED)[0].skill == "gong"
        assert opened.explain(ASKED).doubts["oracle"].text == ASKED
    assert bundle.read(home / "bundle").manifest.refused == ["oracle"]


def test_programs_are_told_what_was_learnt_and_what_it_cost(home: Path, sayso: Sayso) -> None:
    learnt = sayso("train", home, "--json").json["learnt"]
    assert (texts(learnt, "sentences"), texts(learnt, "refusals")) == ([NAMED], [ASKED])
    samples = learnt["own_samples"]
    assert 0 < samples["right_before"] <= samples["right_after"] <= samples["asked"]


def test_nothing_is_learnt_when_it_is_switched_off(home: Path, sayso: Sayso) -> None:
    assert "learnt" not in sayso("train", home, "--no-log").out
    assert bundle.read(home / "bundle").manifest.refused == []
    settings = home / "sayso.toml"
    settings.write_text(f"{settings.read_text()}\n[learning]\nlog = false\n")
    assert "learnt" not in sayso("train", home, "--json").json
    assert "learnt" in sayso("train", home, "--log", "--json").json


def test_two_people_are_not_enough(home: Path, sayso: Sayso) -> None:
    with Home.open(home) as opened:
        assert opened.store.delete_rows_of("zoe")
    learnt = sayso("train", home, "--json").json["learnt"]
    assert (texts(learnt, "sentences"), texts(learnt, "refusals")) == ([], [])
    stored = bundle.read(home / "bundle").parts
    said = [
        text
        for part in stored.values()
        for x in part.examples.values()
        for text in x.settings["texts"]
    ]
    assert NAMED not in said


def test_a_skill_that_was_changed_has_refused_nothing(home: Path, sayso: Sayso) -> None:
    (home / "skills" / "oracle" / "skill.yaml").write_text(ORACLE.replace("In the hills", "Up"))
    learnt = sayso("train", home, "--json").json["learnt"]
    assert (texts(learnt, "sentences"), texts(learnt, "refusals")) == ([NAMED], [])


def test_a_skill_on_trial_learns_no_sentences(home: Path, sayso: Sayso) -> None:
    with Home.open(home) as opened:
        gong = opened.engine.skills["gong"]
        opened.uninstall("gong")
        opened.install(gong)
        assert opened.store.trials.all()
    learnt = sayso("train", home, "--json").json["learnt"]
    assert texts(learnt, "sentences") == []


def test_a_log_that_cannot_be_read_stops_training_and_says_how_to_go_on(
    home: Path, sayso: Sayso
) -> None:
    (home / "sayso.db").write_bytes(b"no database at all" * 999)
    for more in home.glob("sayso.db-*"):
        more.unlink()
    result = sayso("train", home)
    assert result.code == 2
    assert "sayso train --no-log" in result.err
    assert sayso("train", home, "--no-log").code == 0
