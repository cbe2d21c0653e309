"""English: what its words mean as a number, an ordinal, a length of time, a date or a time.

Each kind has a grammar, built when it is first needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import dropwhile
from typing import Any

from sayso.understanding.builtin.english.digits import digits, run
from sayso.understanding.builtin.english.durations import Durations
from sayso.understanding.builtin.english.numbers import Numbers
from sayso.understanding.builtin.english.when import Whens
from sayso.understanding.builtin.english.words import (
    pieces_of,
    pieces_of_length,
    pieces_of_when,
)
from sayso.understanding.builtin.grammar import Grammar, Piece

# Words that lead to a date or time but are no part of it: at half past six.
LEADING = frozenset({"_AT", "_ON", "_FROM", "_TO", "_OF", "_AND"})
# Those that lead to a duration besides: every ten minutes, the next three days.
_LEADING_LENGTH = LEADING | {"_EVERY", "WHICH"}
# kind -> the rule to be met, and the grammar files, without `.lark`, that have it and all it needs
GRAMMARS = {
    "number": ("number", ("cardinal", "number")),
    "ordinal": ("ordinal", ("cardinal", "number")),
    "duration": ("length", ("cardinal", "duration", "length")),
    "when": ("when", ("cardinal", "duration", "when")),
}
_MEANINGS = {"number": Numbers, "ordinal": Numbers, "duration": Durations, "when": Whens}


def pieces(kind: str, text: str) -> Sequence[Piece]:
    """The terminals of a text for a grammar of that kind: number, ordinal, duration, when."""
    if kind == "duration":
        return pieces_of_length(text)
    return pieces_of_when(text) if kind == "when" else pieces_of(text)


def bare(kind: str, found: Sequence[Piece]) -> list[Piece]:
    """The pieces of a value alone, less words around it: [at] six, the second [one]."""
    leading = _LEADING_LENGTH if kind == "duration" else LEADING
    rest = list(dropwhile(lambda piece: piece.terminal in leading, found))
    if kind == "duration" and [piece.terminal for piece in rest[:2]] == ["A", "INT"]:
        return rest[1:]  # another five minutes, a ten minute [timer]
    if kind == "ordinal" and len(rest) > 1 and rest[-1][:2] == ("INT", "1"):
        return rest[:-1]
    return rest


def meaning(kind: str, found: Sequence[Piece]) -> Any:
    """What pieces mean: a Fraction (number, ordinal), a Length, a When, or digits; else None."""
    return digits(found) if kind == "digits" else grammar(kind).meaning(found)


def lengths(kind: str, found: Sequence[Piece]) -> Sequence[int]:
    """How many of the pieces, from the first, may mean something together; longest first."""
    return range(run(found), 0, -1) if kind == "digits" else grammar(kind).lengths(found)


@cache
def grammar(kind: str) -> Grammar:
    """The grammar of that kind, of those in `GRAMMARS`."""
    return Grammar(__name__, kind, _MEANINGS[kind]())
