"""A sentence that a skill's own grammar accepts is understood exactly, through a whole turn."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sayso.encoders import Encoder
from sayso.runtime.engine import Engine
from sayso.runtime.engine_settings import EngineSettings
from sayso.runtime.load import load
from sayso.skills.restore import OURS
from sayso.training.train import train
from sayso.types.context import Context, Device
from sayso.types.readings import Hypothesis, Outcome, Utterance
from sayso.types.skills import Fulfilment, Intent, Language, Skill, Slot, SlotType, TypeValue

HERE = Context("c", datetime(2026, 11, 21, 9, tzinfo=UTC), device=Device(place="cellar"))
ROOMS = SlotType("area", (TypeValue("kitchen", "k"), TypeValue("cellar", "c")))


def _intent(name: str, samples: tuple[str, ...], *say: str, place: str | None = None) -> Intent:
    block = {"say": list(say)} | ({"place": place} if place else {})
    slots = (Slot("area", "area"), Slot("song", "AMAZON.SearchQuery"))
    return Intent(name, samples, slots, extra={OURS: {"grammar": [block]}})


LAMPS = Skill(
    "lamps",
    "Lamps",
    languages=(
        Language(
            "en-US",
            "lamps",
            intents=(
                _intent("On", ("light up the {area}",), "light up [all of] [the] {area}"),
                _intent("Off", ("darkness in the {area}",), "(black out|blacken) {area} and wait"),
                _intent("Here", ("dim this room",), "dim (it|this room) [down]", place="area"),
                _intent("Sing", ("lamp sing {song}",), "lamp sing {song} in [the] {area}"),
            ),
            types=(ROOMS,),
        ),
    ),
    fulfilment=Fulfilment(replies=dict.fromkeys(("On", "Off", "Here", "Sing"), ("ok",))),
)
MUSIC = Skill(
    "music",
    "Music",
    languages=(
        Language("en-US", "music", intents=(Intent("Play", ("play some music", "sing a song")),)),
    ),
    fulfilment=Fulfilment(replies={"Play": ("la",)}),
)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home") / "bundle"
    train([LAMPS, MUSIC], folder)
    return folder


@pytest.fixture(scope="module")
def engine(bundle: Path, encoder: Encoder) -> Engine:
    return load(bundle, encoder=encoder)


def acted(engine: Engine, text: str) -> Hypothesis:
    decision = engine.decide(text, HERE)
    assert decision.outcome is Outcome.ACT
    assert decision.chosen is not None
    return decision.chosen


def test_words_that_no_sample_has_are_understood(engine: Engine) -> None:
    chosen = acted(engine, "blacken kitchen and wait")
    assert (chosen.skill, chosen.intent) == ("lamps", "Off")
    assert [(slot.name, slot.id) for slot in chosen.slots] == [("area", "k")]
    assert chosen.features["known"] == 1.0


def test_the_devices_place_fills_what_the_template_leaves_to_it(engine: Engine) -> None:
    (slot,) = acted(engine, "dim it down").slots
    assert (slot.name, slot.normalised, slot.id, slot.start) == ("area", "cellar", "c", None)


def test_a_slot_of_any_words_leaves_the_sentence_less_known(engine: Engine) -> None:
    chosen = acted(engine, "lamp sing my old song in the kitchen")
    assert [slot.value for slot in chosen.slots] == ["my old song", "kitchen"]
    assert 0 < chosen.features["known"] < 1


def test_a_no_within_a_value_is_no_refusal(engine: Engine) -> None:
    chosen = acted(engine, "lamp sing do not go in the kitchen")
    assert [slot.value for slot in chosen.slots] == ["do not go", "kitchen"]
    assert chosen.features["denied"] == 0.0


def test_a_sentence_of_the_grammar_is_one_request(engine: Engine) -> None:
    text = "black out kitchen and wait"
    turn = engine.turn(Utterance(text, text), HERE)
    assert engine.requests(turn, HERE) == (text,)


def test_held_out_sentences_are_read_without_it(bundle: Path, encoder: Encoder) -> None:
    alone = load(bundle, encoder=encoder, settings=EngineSettings(known_sentences=False))
    found = alone.decide("blacken kitchen and wait", HERE).hypotheses
    assert all(reading.features["known"] < 1.0 for reading in found)


def test_another_skills_sample_is_still_its_own(engine: Engine) -> None:
    assert acted(engine, "sing a song").skill == "music"
