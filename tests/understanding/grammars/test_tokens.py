"""Words as grammars compare them."""

from __future__ import annotations

import pytest

from sayso.understanding.grammars.tokens import joins, tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Turn ON, please!", ["turn", "on", "please"]),
        ("what's the kitchen's CO2?", ["what", "'s", "the", "kitchen", "'s", "co2"]),
        ("set it to 50%", ["set", "it", "to", "50", "%"]),
        ("1° or 2.5", ["1", "°", "or", "2.5"]),
        ("wake-up light", ["wake", "up", "light"]),
        ("Café für Ärzte", ["cafe", "fur", "arzte"]),
        ("don’t", ["dont"]),
        ("つけて", ["つ", "け", "て"]),
        ("?!", []),
    ],
)
def test_case_accents_and_punctuation_do_not_count(text: str, words: list[str]) -> None:
    assert [word.text for word in tokens(text)] == words


def test_every_word_knows_where_it_came_from() -> None:
    text = "the wake-up light's 50%"
    places = [text[word.start : word.end] for word in tokens(text)]
    assert places == ["the", "wake", "up", "light", "'s", "50", "%"]


def test_letters_side_by_side_make_one_word() -> None:
    assert joins("light", "s")
    assert not joins("light ", "s")
    assert not joins("50", "%")
    assert not joins("つ", "け")
