"""Where values of catalogues stand in a sentence."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.understanding.described.mentions import mentions
from sayso.understanding.described.sketch import Lens, Sketched, look
from sayso.understanding.described.slots import Listed
from sayso.understanding.heard import hear

LENS = Lens(np.zeros((1, 1), np.float32), {})


def seen(text: str) -> Sketched:
    return look(hear(text, None), LENS)


def said(text: str, *ways: str) -> list[str]:
    one = seen(text)
    words = one.heard.words
    value = Listed(ways[0], ways, np.zeros(1, np.float32))
    return [text[words[a].start : words[b - 1].end] for a, b in mentions(one, value)]


@pytest.mark.parametrize(
    ("text", "ways", "found"),
    [
        ("an economy ticket please", ("economy",), ["economy"]),
        ("First-Class for me", ("first class",), ["First-Class"]),
        ("two museums", ("museum",), ["museums"]),
        ("a table for two", ("2",), ["two"]),
        ("a table for two, please, and make it March 2nd", ("2",), ["two"]),
        ("at 2 pm", ("2",), []),
        ("yes, that is right", ("true", "yes"), ["yes"]),
        ("a premium seat", ("premium economy",), []),
    ],
)
def test_a_value_is_found_in_the_words_for_it(
    text: str, ways: tuple[str, ...], found: list[str]
) -> None:
    assert said(text, *ways) == found
