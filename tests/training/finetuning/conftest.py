"""A tiny encoder with random weights, and a skill of many samples."""

from __future__ import annotations

from itertools import product

import pytest

pytest.importorskip("torch", reason="torch is not installed: sayso[train]")
pytest.importorskip("onnx", reason="onnx is not installed: sayso[train]")

from sayso.encoders import Encoder
from sayso.training.pretraining import folder
from sayso.training.pretraining.recipe import Recipe
from sayso.training.pretraining.steps import pretrain
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue
from tests.training.pretraining import teacher

CUT = Recipe(layers=(0, 1), vocabulary=1000, distil_steps=0, task_steps=0)


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """Two layers of width 64."""
    out = tmp_path_factory.mktemp("encoder")
    with pytest.MonkeyPatch.context() as patch:
        # Random weights lose more in rounding than real ones.
        patch.setattr(folder, "LEAST_COSINE", 0.5)
        tiny = teacher.write_teacher(tmp_path_factory.mktemp("teacher"))
        pretrain(out, out, tiny, CUT, name="tiny", progress=lambda stage, done, total: None)
    return Encoder.load(out)


@pytest.fixture(scope="session")
def jukebox() -> Skill:
    """Some forty samples, two intents, one slot."""
    artists = SlotType("ARTIST", tuple(map(TypeValue, ("abba", "the beat", "quixotic", "nine"))))
    slot = (Slot("artist", "ARTIST"),)
    ends = ("", " now", " again", " for me", " please", " today", " tonight")
    play = [f"play {x}{y}" for x, y in product(("the {artist}", "a song by {artist}", "it"), ends)]
    tell = [f"tell {x}{y}" for x, y in product(("me about {artist}", "a song", "where"), ends)]
    intents = (Intent("Play", play, slot), Intent("Tell", tell, slot))
    language = Language("en-US", "jukebox", intents=intents, types=(artists,))
    return Skill("jukebox", "Jukebox", languages=(language,))
