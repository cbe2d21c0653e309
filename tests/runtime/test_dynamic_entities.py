"""What a back-end sets for its session is understood, kept with the conversation, and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sayso.encoders import Encoder
from sayso.runtime.home import Home
from sayso.skills import read_skills
from sayso.training.train import train

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
HUTS = """\
name: Hut Finder
invocation: hut finder
description: Books mountain huts.
intents:
  Book:
    samples:
      - book {hut}
      - a bed in {hut}
      - reserve {hut} for tonight
      - i would like to sleep in {hut}
    slots:
      hut: Hut
  Which:
    samples: [which huts are there, what huts do you know, list the huts]
types:
  Hut:
    values:
      - {value: Silver Lodge, id: silver, synonyms: [the lodge]}
      - {value: Old Mill, id: mill}
      - {value: Glacier House, id: glacier}
fulfilment:
  python: handler:handle
"""
HANDLER = """\
from sayso.fulfilment.handler import Entity, Response


def handle(request):
    if request.kind == "launch":
        near = [Entity("Quillander", "q"), Entity("Trefil Cabin", "t", ["the cabin", "old mill"])]
        return Response("Which one?", ended=False, entities={"Hut": near})
    if request.intent == "Book":
        hut = request.slots.get("hut")
        known = hut is not None and hut.matched
        return Response(f"{hut}, {hut.id}" if known else "No such hut.", ended=False)
    return Response("Silver Lodge.", ended=False, entities={})
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("huts")
    (home / "sayso.toml").write_text('locales = ["en-US"]\n')
    folder = home / "skills" / "huts"
    folder.mkdir(parents=True)
    (folder / "skill.yaml").write_text(HUTS)
    (folder / "handler.py").write_text(HANDLER)
    train(read_skills(home / "skills"), home / "bundle", encoder=Encoder.load())
    return home


@pytest.fixture
def home(trained: Path) -> Iterator[Home]:
    with Home.open(trained) as opened:
        yield opened


def say(home: Home, user: str, *sentences: str, later: timedelta = timedelta()) -> list[str]:
    return [home.turn(text, user=user, now=NOW + later).speech for text in sentences]


def test_a_value_that_no_catalogue_has_is_booked_in_its_session(home: Home) -> None:
    said = say(home, "ana", "open hut finder", "book quillander", "a bed in quillander please")
    assert said == ["Which one?", "Quillander, q", "Quillander, q"]


def test_the_sessions_values_go_before_the_catalogues(home: Home) -> None:
    assert say(home, "ben", "open hut finder", "book the old mill")[1] == "Trefil Cabin, t"
    assert say(home, "ben", "book the lodge") == ["Silver Lodge, silver"]


def test_they_are_kept_with_the_conversation_when_the_home_is_opened_again(
    trained: Path, home: Home
) -> None:
    say(home, "cleo", "open hut finder")
    with Home.open(trained) as again:
        assert say(again, "cleo", "reserve the cabin for tonight") == ["Trefil Cabin, t"]


def test_they_are_of_one_conversation_alone(home: Home) -> None:
    say(home, "dan", "open hut finder")
    assert say(home, "eve", "ask hut finder to book quillander") == ["No such hut."]


def test_they_are_gone_when_the_skill_clears_them(home: Home) -> None:
    said = say(home, "fay", "open hut finder", "which huts are there", "book quillander")
    assert said[2] == "No such hut."


def test_they_are_gone_after_a_long_silence(home: Home) -> None:
    say(home, "gus", "open hut finder")
    later = say(home, "gus", "ask hut finder to book quillander", later=timedelta(hours=1))
    assert later == ["No such hut."]
