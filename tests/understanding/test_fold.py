"""Folding: what counts as the same words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sayso.understanding.fold import fold, fold_with_places

ASCII = st.text(st.characters(max_codepoint=127))


@given(ASCII)
def test_the_short_way_for_ascii_says_the_same_as_the_long_one(text: str) -> None:
    assert fold(text) == fold_with_places(text)[0]


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_every_folded_character_has_its_place(text: str) -> None:
    folded, places = fold_with_places(text)
    assert len(folded) == len(places)
    assert places == sorted(places)
