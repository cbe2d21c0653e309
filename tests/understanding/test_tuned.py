"""A skill with layers of its own reads with them, and all else goes on as before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np
import pytest

from sayso.bundle import Packed
from sayso.bundle.tensors import pack, unpack
from sayso.types.context import Context
from sayso.types.skills import Intent, Language, Skill, Slot
from sayso.understanding import shared
from sayso.understanding.cards import card_of
from sayso.understanding.cards import pack as pack_part
from sayso.understanding.heads import Model
from sayso.understanding.heard import Progress, hear, hear_all
from sayso.understanding.installed import Installed, pack_store, unpack_store
from sayso.understanding.installing import fit, taught
from sayso.understanding.interpret import interpret
from sayso.understanding.lessons import lessons_of
from sayso.understanding.stock import stock_of
from sayso.understanding.tuned import layers_of, through
from sayso.understanding.view import view_of
from tests.understanding.fake_encoder import FakeEncoded, FakeEncoder

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
LAYERS = np.frombuffer(b"seven turns", np.uint8)


@dataclass(frozen=True)
class Turning(FakeEncoder):
    """Layers are bytes: a word's vector is turned by as many places. Counts what it hears."""

    by: int = 0
    heard: list[str] = field(default_factory=list)

    def tuned(self, layers: bytes) -> Turning:
        return Turning(len(layers), self.heard)

    def encode(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> list[FakeEncoded]:
        self.heard.extend(texts)
        return [
            FakeEncoded(np.roll(x.pooled, self.by), np.roll(x.states, self.by, axis=1), x.offsets)
            for x in super().encode(texts, progress=progress)
        ]

    def __hash__(self) -> int:
        return id(self)


LAMP = Skill(
    "lamp",
    "Lamp",
    languages=(
        Language(
            "en-US",
            intents=(
                Intent("Off", ("lights out", "make it dark")),
                Intent("On", ("lights on", "light the {room}"), slots=(Slot("room", "ROOM"),)),
            ),
        ),
    ),
)


@pytest.fixture
def encoder() -> Turning:
    return Turning()


def tuned_lamp(encoder: Turning) -> Installed:
    language = LAMP.languages[0]
    held = fit(LAMP, language, engine="shared", encoder=encoder)
    lessons = lessons_of(LAMP, language)
    heard = hear_all([x.text for x in lessons], encoder.tuned(LAYERS.tobytes()))
    return replace(held, model=through(shared.fit(lessons, heard, language), encoder, LAYERS))


def test_heads_see_what_the_skills_own_layers_make_of_the_words(encoder: Turning) -> None:
    held = tuned_lamp(encoder)
    assert isinstance(held.model, Model)
    plain = replace(held.model, features=held.model.features.features)  # type: ignore[attr-defined]
    heard, own = hear("make it dark", encoder), hear("make it dark", encoder.tuned(bytes(11)))
    assert held.model.read(heard) == plain.read(own)
    assert held.model.likely(heard) != plain.likely(heard)


def test_a_sentence_goes_through_a_skills_own_layers_once_a_turn(encoder: Turning) -> None:
    view = view_of(stock_of([card_of(tuned_lamp(encoder))]), "en-US", encoder)
    heard = hear("light the cellar", encoder)
    encoder.heard.clear()
    readings = interpret(heard, view.index.search(heard, 1), view, Context("", NOW))
    assert {x.intent for x in readings} >= {"On"}
    assert encoder.heard == ["light the cellar"]


def test_a_tuned_skill_reads_the_same_before_and_after_it_was_packed(encoder: Turning) -> None:
    held = tuned_lamp(encoder)
    again = unpacked(unpack(pack(pack_store(held))), held, encoder)
    assert bytes(layers_of(again.model)) == LAYERS.tobytes()  # type: ignore[arg-type]
    for text in ("lights on", "please make it dark", "something else"):
        heard = hear(text, encoder)
        assert again.model.read(heard) == held.model.read(heard)
    assert pack_part([again]).locales["en-US"].tensors.keys() == pack_store(held).tensors.keys()


def test_a_skill_without_layers_of_its_own_has_none_in_its_store(encoder: Turning) -> None:
    held = fit(LAMP, LAMP.languages[0], engine="shared", encoder=encoder)
    assert layers_of(held.model) is None
    assert not [name for name in pack_store(held).tensors if "layers" in name]


def test_layers_need_an_encoder_that_can_take_them(encoder: Turning) -> None:
    held = tuned_lamp(encoder)
    for other in (None, FakeEncoder()):
        with pytest.raises(ValueError, match="layers of its own"):
            unpacked(pack_store(held), held, other)


def test_a_tuned_skill_is_taught_one_more_sentence_without_losing_its_layers(
    encoder: Turning,
) -> None:
    held = tuned_lamp(encoder)
    fresh = taught(held, "Off", [hear("night night", encoder)])
    assert fresh.model.likely(hear("night night", encoder))[0][0] == "Off"
    assert layers_of(fresh.model) is not None


def unpacked(store: Packed, held: Installed, encoder: FakeEncoder | None) -> Installed:
    language = LAMP.languages[0]
    return unpack_store(
        store, LAMP, held.version, language, held.examples, engine="shared", encoder=encoder
    )
