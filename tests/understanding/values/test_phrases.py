"""Phrases are cut into words as what people say is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sayso.understanding.features import normal
from sayso.understanding.heard import clean, words
from sayso.understanding.values.phrases import forms_of


@given(st.one_of(st.text("aBz 019é'-\t", max_size=12), st.text(max_size=20)))
def test_plain_words_are_cut_as_any_text_is(phrase: str) -> None:
    assert forms_of(phrase) == tuple(normal(word.text) for word in words(clean(phrase)))
