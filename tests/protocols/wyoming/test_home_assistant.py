"""From custom_sentences to an intent that Home Assistant does: import, train, serve, ask."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from wyoming.asr import Transcript
from wyoming.client import AsyncClient
from wyoming.event import Event
from wyoming.intent import Intent

import sayso
from sayso.cli import main
from sayso.runtime.home import Home
from tests.protocols.wyoming.conftest import ask, served

SENTENCES = """\
language: en
intents:
  HassTurnOn:
    data:
      - sentences:
          - "(turn|switch) on [the] {lamp:name}"
          - "[the] {lamp:name} on[,] please"
      - sentences:
          - "[it is] too dark in here"
          - "I cannot see a thing"
        slots:
          domain: light
  HassLightSet:
    data:
      - sentences:
          - "(dim|set) [the] {lamp:name} to {0..100:brightness}[ percent]"
lists:
  lamp:
    values:
      - in: "(desk|writing) (lamp|light)"
        out: light.desk
      - in: ceiling lamp
        out: light.ceiling
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    sentences = tmp_path / "config" / "custom_sentences" / "en"
    sentences.mkdir(parents=True)
    (sentences / "lights.yaml").write_text(SENTENCES)
    home = tmp_path / "house"
    with pytest.raises(SystemExit):
        main(["new", str(home)])
    with pytest.raises(SystemExit):
        main(["import", str(tmp_path / "config"), "--to", str(home), "--client"])
    sayso.train(sayso.read_skills(home / "skills"), home / "bundle")
    return home


def said(home: Path, *texts: str) -> list[Event]:
    async def talk() -> list[Event]:
        with Home.open(home) as opened:
            async with served(opened) as uri, AsyncClient.from_uri(uri) as client:
                return [await ask(client, Transcript(text, language="en")) for text in texts]

    return asyncio.run(talk())


def test_what_is_said_comes_back_as_home_assistant_calls_it(house: Path) -> None:
    events = said(
        house,
        "switch on the writing light",
        "dim the ceiling lamp to forty",
        "it is too dark in here",
    )
    intents = [Intent.from_event(event) for event in events]
    told = [(x.name, {each.name: each.value for each in x.entities}, x.text) for x in intents]
    assert told == [
        ("HassTurnOn", {"name": "light.desk"}, None),
        ("HassLightSet", {"name": "light.ceiling", "brightness": "40"}, None),
        ("HassTurnOn", {"domain": "light"}, None),
    ]
