"""Words about the conversation itself are told from requests."""

from __future__ import annotations

import pytest

from sayso.dialogue.commands import denies, dismisses, thanks, undoes
from sayso.understanding.heard import hear


@pytest.mark.parametrize(
    "said", ["never mind", "Oh, never mind.", "stop", "no thanks", "No, thank you", "forget it"]
)
def test_who_wants_nothing_says_so_in_many_ways(said: str) -> None:
    assert dismisses(hear(said, None), "en-US")


@pytest.mark.parametrize(
    "said", ["cancel my subscription", "stop the music", "turn it off", "no", "leave a message"]
)
def test_a_request_that_begins_so_is_no_dismissal(said: str) -> None:
    assert not dismisses(hear(said, None), "en-US")


@pytest.mark.parametrize("said", ["no", "Oh no!", "actually no", "that's wrong"])
def test_a_no_is_a_no_with_small_words_before_it(said: str) -> None:
    assert denies(hear(said, None), "en-US")


def test_a_no_with_a_value_is_more_than_a_no() -> None:
    assert not denies(hear("no, seven", None), "en-US")


@pytest.mark.parametrize(
    ("said", "locale"),
    [
        ("actually, cancel that", "en-US"),
        ("undo it", "en-US"),
        ("oh no, take that back", "en-US"),
        ("No, don't do it!", "en-US"),
        ("Doch nicht", "de-DE"),
    ],
)
def test_what_was_done_is_to_be_undone(said: str, locale: str) -> None:
    assert undoes(hear(said, None), locale)


def test_to_cancel_a_thing_is_a_request() -> None:
    assert not undoes(hear("cancel the tea timer", None), "en-US")


@pytest.mark.parametrize(
    ("said", "locale"), [("okay, thanks", "en-US"), ("Danke schön", "de-DE"), ("Merci", "fr-FR")]
)
def test_thanks_are_thanks(said: str, locale: str) -> None:
    assert thanks(hear(said, None), locale)


def test_thanks_with_a_request_are_a_request() -> None:
    assert not thanks(hear("thanks, and turn off the light", None), "en-US")
