from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sayso.understanding.features import character_grams, word_contexts, word_grams
from sayso.understanding.heard import words


@given(st.text(max_size=30))
def test_every_word_has_the_same_number_of_features(text: str) -> None:
    assert word_contexts(text).shape == (len(words(text)), 17)
    assert len(word_grams(text, 1)) == len(words(text))
    character_grams(text, 2, 5)


def test_case_and_typographic_apostrophes_make_no_difference() -> None:
    assert set(word_grams("Don’t STOP", 2)) == set(word_grams("don't stop", 2))


def test_bigrams_know_the_order_of_words() -> None:
    assert set(word_grams("turn on", 1)) == set(word_grams("on turn", 1))
    assert set(word_grams("turn on", 2)) != set(word_grams("on turn", 2))


def test_a_word_before_is_another_feature_than_the_word_itself() -> None:
    first, second = word_contexts("set set")
    assert not set(first[:1]) & set(second[5:])
