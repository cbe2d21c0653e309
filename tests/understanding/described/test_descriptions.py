"""The vectors of a skill's descriptions are made once and kept with the skill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from sayso.bundle import Packed
from sayso.bundle.tensors import pack, unpack
from sayso.encoders.encoder import Encoder
from sayso.types.context import Context
from sayso.types.skills import Intent, Language, Skill, Slot
from sayso.understanding.cards import pack as pack_part
from sayso.understanding.cards import together
from sayso.understanding.described.descriptions import FEW, described, sparse
from sayso.understanding.heard import hear
from sayso.understanding.installed import Installed, pack_store, unpack_store
from sayso.understanding.installing import fit, taught
from sayso.understanding.slots import slots_of
from tests.understanding.described.lessons import HIRE, LAKE, LANGUAGE

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
BOATS = Skill("boats", "Boats", "Boats for hire on lakes", (LANGUAGE,))


class Counting:
    """An encoder that keeps count of the texts that it has heard."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.fingerprint = encoder.fingerprint
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str], *, progress: Any = None) -> Any:
        self.texts += texts
        return self._encoder.encode(texts, progress=progress)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.fixture(scope="module")
def held(encoder: Encoder) -> Installed:
    return fit(BOATS, LANGUAGE, engine="shared", encoder=encoder)


def stored(held: Installed, encoder: Counting, packed: Packed | None) -> Installed:
    """The skill as a bundle gives it back."""
    return unpack_store(
        unpack(pack(pack_store(held))),
        held.skill,
        held.version,
        held.language,
        held.examples,
        engine="shared",
        encoder=encoder,
        descriptions=packed,
    )


def kept(held: Installed) -> Packed:
    return unpack(pack(pack_part([held]).descriptions["en-US"]))


def slots_in(text: str, held: Installed, encoder: Encoder) -> dict[str, str]:
    heard = hear(text, encoder)
    values = slots_of(heard, held, "HireBoat", (), Context("c", NOW))[1]
    return {each.name: each.normalised or each.value for each in values}


def test_a_bundle_keeps_the_vectors_and_no_encoder_is_asked_again(
    held: Installed, encoder: Encoder
) -> None:
    counting = Counting(encoder)
    again = stored(held, counting, kept(held))
    text = "hire a boat with four seats on March 3rd"
    assert slots_in(text, again, encoder) == slots_in(text, held, encoder)
    assert slots_in(text, again, encoder) == {"hire_date": "2027-03-03", "number_of_seats": "4"}
    assert counting.texts == []


def test_an_older_bundle_has_none_and_they_are_made_when_they_are_needed(
    held: Installed, encoder: Encoder
) -> None:
    counting = Counting(encoder)
    again = stored(held, counting, Packed())
    assert counting.texts == []
    text = "hire a boat with four seats on March 3rd"
    assert slots_in(text, again, encoder) == slots_in(text, held, encoder)
    once = len(counting.texts)
    assert once > 0
    slots_in(text, again, encoder)
    assert len(counting.texts) == once
    assert pack_part([again]).descriptions["en-US"].tensors == {}


def test_they_can_be_made_before_they_are_needed(held: Installed, encoder: Encoder) -> None:
    counting = Counting(encoder)
    again = stored(held, counting, None)
    assert again.descriptions is not None
    again.descriptions.warm()
    once = len(counting.texts)
    slots_in("hire a boat on Lake Garda", again, encoder)
    assert (once > 0, len(counting.texts)) == (True, once)


def test_only_a_text_that_has_changed_is_heard_anew(held: Installed, encoder: Encoder) -> None:
    lake = replace(LAKE, description="The water to sail on")
    hire = replace(HIRE, slots=(lake, *HIRE.slots[1:]))
    changed = replace(held, language=replace(LANGUAGE, intents=(hire,)))
    counting = Counting(encoder)
    again = stored(changed, counting, kept(held))
    assert slots_in("hire a boat with four seats", again, encoder) == {"number_of_seats": "4"}
    assert counting.texts == ["The water to sail on"]


def test_a_skill_that_is_taught_a_sentence_keeps_them(held: Installed, encoder: Encoder) -> None:
    more = taught(held, "HireBoat", [hear("get me a boat", encoder)])
    assert more.descriptions is not None
    assert held.descriptions is not None
    assert more.descriptions.pack() is held.descriptions.pack()
    assert slots_in("get me one with four seats", more, encoder) == {"number_of_seats": "4"}


def test_what_stands_in_many_samples_is_not_kept(encoder: Encoder) -> None:
    samples = tuple(f"sail on {{lake_name}} {number}" for number in range(FEW))
    assert sparse(Intent("Sail", samples, (LAKE,))) == frozenset()
    assert sparse(Intent("Sail", samples[1:], (LAKE,))) == {"lake_name"}
    assert sparse(Intent("Sail", (), (Slot("lake", "AMAZON.SearchQuery"),))) == frozenset()
    known = Language("en-US", "sails", intents=(Intent("Sail", samples, (LAKE,)),))
    assert described(known, encoder) is None


def test_only_english_is_read_and_only_with_the_encoder_that_it_was_learnt_with(
    held: Installed, encoder: Encoder
) -> None:
    assert described(replace(LANGUAGE, locale="en-GB"), encoder) is not None
    assert described(replace(LANGUAGE, locale="de-DE"), encoder) is None
    assert described(LANGUAGE, None) is None
    other = Counting(encoder)
    other.fingerprint = "of another encoder"
    assert described(LANGUAGE, other) is None
    again = stored(held, other, None)
    assert slots_in("hire a boat with four seats", again, encoder) == {}
    assert other.texts == []


def test_slots_of_one_name_are_kept_for_each_intent(encoder: Encoder) -> None:
    sail = Intent("Sail", ("sail",), (replace(LAKE, description="Where the wind is good"),))
    language = replace(LANGUAGE, intents=(HIRE, sail))
    skill = replace(BOATS, languages=(language,))
    fitted = fit(skill, language, engine="shared", encoder=encoder)
    counting = Counting(encoder)
    again = stored(fitted, counting, kept(fitted))
    assert again.descriptions is not None
    for intent in language.intents:
        again.descriptions.of(intent)
    assert counting.texts == []


def test_each_locale_of_a_skill_has_its_own(held: Installed, encoder: Encoder) -> None:
    british = replace(LANGUAGE, locale="en-GB")
    parts = [pack_part([held]), pack_part([fit(BOATS, british, engine="shared", encoder=encoder)])]
    both = together(parts).descriptions
    assert both.keys() == {"en-US", "en-GB"}
    assert np.array_equal(both["en-US"].tensors["keys"], both["en-GB"].tensors["keys"])
