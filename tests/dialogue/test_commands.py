"""Words about the conversation itself are told from requests."""

from __future__ import annotations

import pytest

from sayso.dialogue.commands import dismisses, thanks
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


@pytest.mark.parametrize(
    ("said", "locale"), [("okay, thanks", "en-US"), ("Danke schön", "de-DE"), ("Merci", "fr-FR")]
)
def test_thanks_are_thanks(said: str, locale: str) -> None:
    assert thanks(hear(said, None), locale)


def test_thanks_with_a_request_are_a_request() -> None:
    assert not thanks(hear("thanks, and turn off the light", None), "en-US")
