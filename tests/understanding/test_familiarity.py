"""A skill knows how like its own lessons a sentence is, and how sure its heads may be."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.bundle import Packed
from sayso.types.lessons import Label, LabelSource
from sayso.understanding.familiarity import (
    TEMPERATURE,
    Familiarity,
    background,
    fit,
    sketch,
    strangers_in,
    strangers_of,
    temperature_of,
)
from sayso.understanding.heard import TextEncoder, hear, hear_all
from tests.understanding.fake_encoder import FakeEncoder

TEXTS = (
    "turn on the kitchen light",
    "turn off the kitchen light",
    "dim the lamp in the hall",
    "light in the hall please",
)
STRANGERS = ("who wrote the odyssey", "book a flight to lisbon", "purple monkey dishwasher")


def lessons(intent: str = "On", source: LabelSource = LabelSource.SAMPLE) -> list[Label]:
    return [Label(text, "lights", intent, "en-US", source=source) for text in TEXTS]


def fitted(encoder: TextEncoder | None) -> Familiarity:
    strangers = strangers_of(hear_all(STRANGERS, encoder))
    return fit(lessons(), hear_all(TEXTS, encoder), strangers)


def accepts(familiarity: Familiarity, text: str, encoder: TextEncoder | None) -> float:
    return familiarity.accept(sketch(hear(text, encoder)))


@pytest.mark.parametrize("encoder", [FakeEncoder(), None], ids=["vectors", "words"])
def test_what_is_like_the_lessons_is_accepted_and_a_stranger_is_not(
    encoder: TextEncoder | None,
) -> None:
    familiarity = fitted(encoder)
    assert accepts(familiarity, "turn on the light in the hall", encoder) > 0
    assert accepts(familiarity, "who wrote a flight to lisbon", encoder) < 0


def test_what_was_added_to_a_live_skill_is_accepted_and_a_stranger_still_is_not() -> None:
    encoder = FakeEncoder()
    before = fitted(encoder)
    added = hear_all(["has the mail come", "is there any mail today"], encoder)
    after = before.taught(added)
    assert all(after.accept(sketch(one)) > 0.8 > before.accept(sketch(one)) for one in added)
    assert accepts(after, STRANGERS[2], encoder) < 0
    assert Familiarity().taught(added) == Familiarity()


def test_it_survives_packing() -> None:
    encoder = FakeEncoder()
    fine = Familiarity(fitted(encoder).acceptor, temperature=0.6)
    before = Familiarity.unpack(fine.pack())
    packed = before.pack()
    after = Familiarity.unpack(Packed(dict(packed.tensors), dict(packed.settings)))
    assert after.temperature == 0.6
    for text in (*TEXTS, *STRANGERS):
        rounded = accepts(before, text, encoder)
        assert rounded == pytest.approx(accepts(fine, text, encoder), abs=0.1)
        assert accepts(after, text, encoder) == pytest.approx(rounded)
    assert Familiarity.unpack(Familiarity().pack()) == Familiarity()


def test_a_skill_that_knows_no_strangers_accepts_everything_alike() -> None:
    encoder = FakeEncoder()
    heard = hear_all(TEXTS, encoder)
    strangers = strangers_of(hear_all(STRANGERS, encoder))
    for familiarity in (
        fit(lessons(), heard, None),
        fit(lessons(intent="AMAZON.StopIntent"), heard, strangers),
        fit(lessons(source=LabelSource.NAME), heard, strangers),
        fit(lessons(), heard, strangers_of(heard)),  # all of them too near
    ):
        assert accepts(familiarity, STRANGERS[0], encoder) == 0.0


def test_strangers_are_many_differ_and_speak_english() -> None:
    lines = background()
    assert len(lines) >= 200
    assert len({line.casefold() for line in lines}) == len(lines)
    assert strangers_in("de-DE", None) is None
    known = strangers_in("en-GB", None)
    assert known is not None
    assert len(known.sketches) == len(lines)


def test_a_temperature_sharpens_and_keeps_the_order() -> None:
    chances = {"Off": 0.3, "On": 0.6, "Joke": 0.1}
    scores = {name: 2.0 + float(np.log(chance)) for name, chance in chances.items()}
    sharp = Familiarity(temperature=0.5).tempered(scores)
    assert [name for name, _ in sharp] == ["On", "Off", "Joke"]
    assert sum(chance for _, chance in sharp) == pytest.approx(1.0)
    assert sharp[0][1] > 0.6
    assert dict(Familiarity(temperature=1.0).tempered(scores)) == pytest.approx(chances)
    assert Familiarity().tempered({}) == []


def test_a_temperature_follows_what_held_out_readings_show() -> None:
    right = [({"On": 0.6, "Off": 0.4}, "On")] * 200
    wrong = [({"On": 0.95, "Off": 0.05}, name) for name in ("On", "Off")] * 100
    assert temperature_of(right) < TEMPERATURE < temperature_of(wrong)
    assert temperature_of([]) == pytest.approx(TEMPERATURE, rel=0.05)
    few = temperature_of(right[:2])
    assert temperature_of(right) < few < TEMPERATURE * 1.05
    assert np.isfinite(temperature_of([({"On": 0.0, "Off": 1.0}, "On"), ({}, "On")]))
