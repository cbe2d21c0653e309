from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.understanding.values.names import articles, folded, plain


@given(st.text(max_size=30))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text(st.characters(max_codepoint=127), max_size=30))
def test_the_short_way_for_ascii_says_the_same_as_the_long_one(text: str) -> None:
    assert plain(text) == plain(f"{text} é").removesuffix("e").rstrip()


@given(st.text(max_size=30), st.sampled_from(["en", "de", "hi"]))
def test_folded_text_has_single_spaces_and_no_marks(text: str, tongue: str) -> None:
    again = folded(plain(text), tongue)
    assert plain(again) == again


@pytest.mark.parametrize(
    ("text", "tongue", "expected"),
    [
        ("The Beatles", "en", "beatle"),
        ("my stories", "en", "story"),
        ("Channel Five", "en", "channel 5"),
        ("Die Küche", "de", "kuche"),
        ("Salt & Pepper", "en", "salt and pepper"),
        ("the a", "en", "the a"),
        ("bus gas", "en", "bus gas"),
    ],
)
def test_what_does_not_count_is_folded_away(text: str, tongue: str, expected: str) -> None:
    assert folded(plain(text), tongue) == expected


def test_a_letter_is_no_article_inside_a_name() -> None:
    assert "the" in articles("en")
    assert "a" not in articles("en")
