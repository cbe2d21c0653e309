"""A sentence is a sample but for its slots, as far as the sample explains it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.types.skills import Intent, Language, Slot
from sayso.understanding.frames import Frames, glance
from sayso.understanding.grammars.tokens import tokens

NOTE = Intent(
    "Note",
    samples=("jot down {item} on the {list} list", "remind me to {item}", "{item}", "note that"),
    slots=(Slot("item", "ITEM"), Slot("list", "LIST")),
)
ADD = Intent(
    "Add",
    samples=("add {more} to the {name} timer", "{more} {name}"),
    slots=(Slot("more", "AMAZON.DURATION"), Slot("name", "NAME")),
)
LANGUAGE = Language("en-US", intents=(NOTE, ADD))
KNOWN = {("list", "hardware"), ("more", "an hour"), ("name", "tea")}


def is_value(words: str, slot: str) -> bool | None:
    """Lengths have a grammar, names any words."""
    if (slot, words) in KNOWN:
        return True
    return None if slot == "more" else False


def explained(text: str, intent: str = "Note") -> float:
    return Frames(LANGUAGE).explained(text, intent, is_value)


def test_a_sample_explains_its_own_words_and_known_values() -> None:
    assert explained("jot down tea on the hardware list") == pytest.approx(
        1 - len("tea") / len("jotdownteaonhardwarelist")
    )
    assert explained("add an hour to the tea timer", "Add") == 1.0


def test_the_longer_the_unknown_words_the_less_is_explained() -> None:
    short, long = explained("remind me to sew"), explained("remind me to sew the button back on")
    assert 0 < long < short < 1


def test_of_two_ways_to_fill_it_the_one_with_known_values_counts() -> None:
    both = explained("jot down nails on the wall on the hardware list")
    assert both > explained("jot down nails on the wall on the garden list") > 0


def test_articles_and_politeness_count_for_nothing() -> None:
    assert explained("could you please add an hour to my tea timer", "Add") == 1.0
    assert explained("jot down the tea on my hardware list") > 0


def test_words_that_a_grammar_does_not_know_fill_no_slot_of_it() -> None:
    assert explained("add honey to the tea timer", "Add") == 0.0


@pytest.mark.parametrize("text", ["anything at all", "note that", "tea", "", "an hour tea"])
def test_samples_without_words_or_slots_or_with_slots_side_by_side_are_no_frames(text: str) -> None:
    assert explained(text) == explained(text, "Add") == 0.0


def test_an_intent_that_nobody_knows_explains_nothing() -> None:
    assert explained("remind me to sew", "Nothing") == 0.0


@given(st.text(max_size=60))
def test_any_text_is_explained_by_a_share(text: str) -> None:
    assert 0.0 <= explained(text) <= 1.0


@given(st.one_of(st.text(max_size=40), st.text("abCDéß '’.-_/5İﬁ", max_size=30)))
def test_a_glance_never_misses_what_has_the_words(literal: str) -> None:
    text = " ".join(word.text for word in tokens(literal))
    assert all(part in text for part in glance(literal))


def test_articles_are_those_of_the_language() -> None:
    on = Intent("On", samples=("schalte {lamp} an",), slots=(Slot("lamp", "LAMP"),))
    lamps = Frames(Language("de-DE", intents=(on,)))
    assert lamps.explained("schalte die Lampe an", "On", is_value) > 0
    assert lamps.explained("schalte die Lampe aus", "On", is_value) == 0
