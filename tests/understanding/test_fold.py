"""Texts as they are compared word for word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.understanding.fold import fold, fold_with_places


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("What's  the Time?", "whats the time"),
        ("7 a.m.", "7 am"),
        ("Crème\u0301 Brûlée", "creme brulee"),
        ("STRASSE straße", "strasse strasse"),
        ("jay-z & co", "jay z co"),
        ("\U0001d4d0lpha ﬁne", "alpha fine"),
        ("Рецепты", "рецепты"),
        ("...", ""),
    ],
)
def test_case_accents_and_punctuation_are_left_out(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_every_folded_character_knows_its_place(text: str) -> None:
    folded, places = fold_with_places(text)
    assert len(folded) == len(places)
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)
