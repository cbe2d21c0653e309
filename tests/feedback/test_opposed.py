"""Requests that differ in a word and mean the contrary."""

from __future__ import annotations

import pytest

from sayso.feedback.opposed import opposed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("turn on the lamp", "turn off the lamp"),
        ("dont lock the door", "lock the door"),
        ("lock the door", "unlock the door"),
        ("make it louder", "make it quieter"),
        ("licht an", "licht aus"),
    ],
)
def test_contraries_are_opposed_both_ways(one: str, other: str) -> None:
    assert opposed(one, other)
    assert opposed(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("turn on the lamp", "switch the lamp on"),
        ("play jazz", "play blues"),
        ("turn it off and on", "turn it on and off again"),
        ("", "stop"),
    ],
)
def test_other_words_are_not(one: str, other: str) -> None:
    assert not opposed(one, other)
