"""English: what its words mean as a number, an ordinal, a length of time, a date or a time.

Each kind has a grammar, built when it is first needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sayso.understanding.builtin.english.digits import digits
from sayso.understanding.builtin.english.durations import Durations
from sayso.understanding.builtin.english.numbers import Numbers
from sayso.understanding.builtin.english.when import Whens
from sayso.understanding.builtin.english.words import pieces_of, pieces_of_length
from sayso.understanding.builtin.grammar import Grammar, Piece

# Words that lead to a date or time but are no part of it: at half past six.
LEADING = frozenset({"_AT", "_ON", "_FROM", "_TO", "_OF", "_AND"})


def pieces(kind: str, text: str) -> list[Piece]:
    """The terminals of a text for a grammar of that kind: number, ordinal, duration, when."""
    return pieces_of_length(text) if kind == "duration" else pieces_of(text)


def meaning(kind: str, found: Sequence[Piece]) -> Any:
    """What pieces mean: a Fraction (number, ordinal), a Length, a When, or digits; else None."""
    return digits(found) if kind == "digits" else grammar(kind).meaning(found)


def lengths(kind: str, found: Sequence[Piece]) -> Sequence[int]:
    """How many of the pieces, from the first, may mean something together; longest first."""
    return range(len(found), 0, -1) if kind == "digits" else grammar(kind).lengths(found)


@cache
def grammar(kind: str) -> Grammar:
    """The grammar of that kind: number, ordinal, duration or when."""
    if kind == "duration":
        return Grammar(__name__, ("cardinal", "duration", "length"), Durations(), "length")
    if kind == "when":
        return Grammar(__name__, ("cardinal", "duration", "when"), Whens(), "when")
    return Grammar(__name__, ("cardinal", "number"), Numbers(), kind)
