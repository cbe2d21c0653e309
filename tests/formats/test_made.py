"""Samples made of what developers write about tools."""

from __future__ import annotations

import pytest

from sayso.formats.made import samples
from sayso.types.skills import Slot


@pytest.mark.parametrize(
    ("told", "made"),
    [
        ("Plays music. For example: play some jazz.", "play some jazz"),
        ("Plays music, e.g. play some jazz.", "play some jazz"),
        ("Sky data. Use this when the user asks for a forecast.", "a forecast"),
        ("Sky data. Use it to look at the sky tonight!", "look at the sky tonight"),
        ('Sky data. Example: "is it clear tonight"', "is it clear tonight"),
    ],
)
def test_examples_of_use_in_a_description_are_samples(told: str, made: str) -> None:
    assert made in samples("sky", [told], ())


def test_what_else_a_description_says_is_none() -> None:
    told = "Plays music. Returns a list of songs. Note that it may be slow. Args: song."
    assert samples("play_music", [told], ()) == ("play music",)


def test_an_example_holds_the_slots_that_it_names() -> None:
    slot = Slot("song", "AMAZON.SearchQuery", required=True)
    made = samples("play", ["Plays. For example: play a song."], (slot,))
    assert "play {song}" in made
