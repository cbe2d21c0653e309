"""A card and a local store give back the skill they were made of."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.bundle import Packed
from sayso.bundle.tensors import pack, unpack
from sayso.types.skills import Intent, Language, Skill
from sayso.understanding.cards import Definitions, Opened, card_of, pack_card, unpack_card
from sayso.understanding.fold import fold
from sayso.understanding.heard import hear
from sayso.understanding.installed import Installed, pack_store, unpack_store
from sayso.understanding.installing import fit
from sayso.understanding.stock import stock_of
from sayso.understanding.vectors import from_bytes, to_bytes
from sayso.understanding.view import view_of
from tests.understanding.fake_encoder import FakeEncoder

LAMP = Skill(
    "lamp",
    "Lamp",
    languages=(
        Language(
            "de-DE",
            "meine lampe",
            intents=(
                Intent("On", ("licht an", "mach das licht an", "beide")),
                Intent("Off", ("licht aus", "mach das licht aus", "beide")),
                Intent("AMAZON.RepeatIntent"),
            ),
        ),
    ),
)


@pytest.fixture(scope="module", params=["shared", "maxent-crf"])
def held(request: pytest.FixtureRequest) -> Installed:
    return fit(LAMP, LAMP.languages[0], engine=request.param, encoder=FakeEncoder())


def test_a_card_says_what_a_turn_looks_through(held: Installed) -> None:
    card = card_of(held)
    assert (card.skill, card.locale, card.invocation) == ("lamp", "de-DE", "meine lampe")
    assert card.standard == ("AMAZON.RepeatIntent",)
    assert len(card.sentences) == len(held.known) == 4
    assert card.open() is held


def test_a_packed_card_is_the_same_card(held: Installed) -> None:
    card, packed = card_of(held), unpack(pack(pack_card(held)))
    again = unpack_card("lamp", held.version, "de-DE", packed, lambda examples: held)
    assert again.standard == card.standard
    assert np.array_equal(again.sentences, card.sentences)
    assert (again.examples.intents, again.examples.texts) == (
        card.examples.intents,
        card.examples.texts,
    )
    assert card.examples.vectors is not None
    assert again.examples.vectors is not None
    assert np.array_equal(again.examples.vectors, card.examples.vectors)


@pytest.mark.parametrize("engine", ["shared", "maxent-crf"])
def test_a_skill_reads_the_same_before_and_after_it_was_packed(engine: str) -> None:
    language = LAMP.languages[0]
    held = fit(LAMP, language, engine=engine, encoder=FakeEncoder())
    store = unpack(pack(pack_store(held)))
    again = unpack_store(store, LAMP, held.version, language, held.examples, engine=engine)
    for text in ("licht an", "bitte mach das licht aus", "etwas ganz anderes"):
        heard = hear(text, FakeEncoder())
        assert again.model.read(heard) == held.model.read(heard)
    assert again.familiarity.temperature == held.familiarity.temperature


def test_a_view_knows_sentences_and_opens_skills_when_asked(held: Installed) -> None:
    view = view_of(stock_of([card_of(held)]), "de-DE", None)
    assert view.is_sample(fold("Licht an!"))
    assert not view.is_sample("beide"), "two intents have it"
    assert view.installed["lamp"] is held
    assert view.skills["lamp"] == LAMP
    assert view.names == {"meine lampe": "lamp"}


def test_asking_whether_a_skill_is_there_does_not_open_it(held: Installed) -> None:
    def refuses(examples: object) -> Installed:
        raise AssertionError("opened")

    card = unpack_card("lamp", "v", "de-DE", pack_card(held), refuses)
    opened = Opened([card])
    assert "lamp" in opened
    assert "oven" not in Definitions(opened)
    assert list(opened) == ["lamp"]
    assert len(Definitions(opened)) == 1


def test_vectors_in_bytes_keep_their_cosines() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    near = from_bytes(*to_bytes(rows)).astype(np.float32)
    assert np.abs(near @ rows.T - rows @ rows.T).max() < 0.005
    again = from_bytes(*to_bytes(near))
    assert np.array_equal(again.astype(np.float32), near), "rounding twice is rounding once"


def test_a_skill_without_examples_has_a_card() -> None:
    empty = fit(Skill("e", ""), Language("en-US"), engine="maxent-crf", encoder=None)
    card = unpack_card("e", "v", "en-US", unpack(pack(pack_card(empty))), lambda examples: empty)
    assert list(card.examples.texts) == []
    assert card.examples.vectors is None
    assert isinstance(pack_card(empty), Packed)
