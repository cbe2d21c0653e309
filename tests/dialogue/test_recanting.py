"""A whole request after a no puts right what was done, unless it asks for more."""

from __future__ import annotations

import pytest

from sayso.dialogue.recanting import after_the_no
from sayso.understanding.heard import hear
from tests.dialogue.nouns import context, reading, slot

DONE = context(done=reading("Set", slot("duration", "five minutes")))


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("no, remind me to buy bread and milk", "remind me to buy bread and milk"),
        ("no, and remind me to buy bread", ""),
        ("no, add another one", ""),
        ("no, milk as well", ""),
        ("wake me at seven", ""),
    ],
)
def test_what_is_meant_instead(said: str, rest: str) -> None:
    assert after_the_no(hear(said, None), DONE) == rest
