"""What was tagged becomes values, but for words that are the request itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.understanding.contract import Tagged
from sayso.understanding.heard import hear
from sayso.understanding.slots import resolved
from tests.dialogue.nouns import context
from tests.dialogue.test_said import HELD

SHOWS = replace(HELD, known={"new show": "See", "opera": "See", "another show": "Convert"})


@pytest.mark.parametrize(
    ("text", "words", "is_value"),
    [
        ("there is a new show tomorrow", "a new show", False),
        ("there is new show tomorrow", "new show", False),
        ("there is a newer show tomorrow", "a newer show", True),
        ("there is the opera tomorrow", "the opera", True),  # a sample, and a value that is known
        ("there is another show tomorrow", "another show", True),  # a sample of something else
        ("put one thing on the plan", "one thing", False),  # which is still to be said
        ("put the thing on the plan", "the thing", False),
        ("put one thing more on the plan", "one thing more", True),
    ],
)
def test_who_asks_for_something_has_not_named_it(text: str, words: str, is_value: bool) -> None:
    start = text.index(words)
    tags = [Tagged("show", start, start + len(words), 0.9)]
    found = resolved(hear(text, None), SHOWS, "See", tags, context())
    assert [slot.value for slot in found] == [words] * is_value
