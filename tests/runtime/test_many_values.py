"""A type with very many values is trained, kept as arrays in the bundle, and understood."""

from __future__ import annotations

import json
import mmap
from pathlib import Path
from typing import Any

import pytest

from sayso import bundle
from sayso.bundle.entry import encode
from sayso.encoders import Encoder
from sayso.runtime.engine import Engine
from sayso.runtime.load import load
from sayso.training.train import train
from sayso.types.readings import Hypothesis
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue
from sayso.understanding.cards import pack
from sayso.understanding.values.shelf import Shelf
from sayso.understanding.values.shelves import MOST_LISTED

SYLLABLES = ["bra", "che", "dor", "fle", "gim", "hul", "jas", "kre", "lun", "mip", "nor", "pel"]
NAMES = [
    f"{a}{b} {c}{d}" for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES for d in SYLLABLES
]
SONGS = tuple(TypeValue(name, f"s{at}", (f"tune {at}",)) for at, name in enumerate(NAMES[:6000]))
PLAY = Intent(
    "Play",
    samples=("play {song}", "put on {song}", "i want to hear {song}", "start {song} now"),
    slots=(Slot("song", "Song"),),
)
STOP = Intent("Quiet", samples=("be quiet", "no more noise", "silence please"))
PLAYER = Skill(
    "player",
    "Player",
    languages=(
        Language("en-US", "my player", intents=(PLAY, STOP), types=(SlotType("Song", SONGS),)),
    ),
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    made = tmp_path_factory.mktemp("many") / "bundle"
    train([PLAYER], made, encoder=encoder)
    return made


def best(engine: Engine, text: str) -> Hypothesis:
    return engine.understand(text)[0]


def test_values_are_mapped_from_the_bundle_and_not_in_the_definition(
    folder: Path, encoder: Encoder
) -> None:
    assert len(SONGS) > MOST_LISTED
    definition = bundle.read(folder).stored("player").definition()
    assert SONGS[0].value not in json.dumps(definition)
    skill = load(folder, encoder=encoder).skills["player"]
    assert skill == PLAYER
    shelf = skill.languages[0].types[0].values
    assert isinstance(shelf, Shelf)
    array: Any = shelf.arrays["text"]
    while getattr(array, "base", None) is not None:
        array = array.base
    assert isinstance(getattr(array, "obj", array), mmap.mmap)


@pytest.mark.parametrize("live", [False, True])
def test_a_value_is_heard_and_resolved_among_thousands(
    folder: Path, encoder: Encoder, live: bool
) -> None:
    engine = load(folder, encoder=encoder)
    if live:
        engine.add(PLAYER)
    for said, id in (("bradorr flegim", None), (SONGS[777].value, "s777"), ("tune 4242", "s4242")):
        (slot,) = best(engine, f"i want to hear {said}").slots
        assert (slot.value, slot.id if id else None) == (said, id)


def test_a_skill_is_written_again_as_it_was_read(folder: Path, encoder: Encoder) -> None:
    held = load(folder, encoder=encoder).installed("player")
    written = bundle.read(folder).parts["player"]
    part = pack(held)
    assert encode(part) == encode(written)
