"""Parsers over words: a grammar file of Lark, the words already made into terminals.

LALR(1): some ten microseconds a word. A grammar's text is that of several files in a row, so that
times can use the rules of durations, and these the rules of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

from lark import Lark, LarkError, Token, Transformer, v_args
from lark.lexer import Lexer


class Piece(NamedTuple):
    """A terminal found in a text: `text[start:end]`. A terminal named `_X` leaves no value."""

    terminal: str
    value: Any
    start: int
    end: int


def _unwrapped(rule: Callable[..., Any], _data: Any, children: list[Any], _meta: Any) -> Any:
    return rule(*(child.value if isinstance(child, Token) else child for child in children))


# For a Transformer: its methods get the values of terminals and the meanings of rules.
by_value = v_args(wrapper=_unwrapped)


class _Ready(Lexer):
    """Hands on the terminals it is given."""

    def __init__(self, conf: Any) -> None:
        """Lark passes its settings; there is nothing to set."""

    def lex(self, tokens: Any) -> Iterator[Token]:  # type: ignore[override]
        """The terminals, in order."""
        return iter(tokens)


class Grammar:
    """A parser from terminals to what a transformer makes of them. Safe to share among threads."""

    def __init__(
        self, package: str, names: Sequence[str], meaning: Transformer[Any, Any], start: str
    ) -> None:
        """names: grammar files of the package, without `.lark`; start: the rule to be met."""
        text = "\n".join(
            files(package).joinpath(f"{name}.lark").read_text(encoding="utf-8") for name in names
        )
        self._lark = Lark(text, start=start, parser="lalr", lexer=_Ready, transformer=meaning)
        self._first = frozenset(self._lark.parse_interactive().choices())  # type: ignore[no-untyped-call]

    def meaning(self, pieces: Sequence[Piece]) -> Any:
        """What all the pieces together mean; None if they have no meaning here."""
        if not pieces or pieces[0].terminal not in self._first:
            return None
        tokens = [_token(piece) for piece in pieces]
        try:
            return self._lark.parse(tokens)
        except (LarkError, ValueError, OverflowError):
            # Unfit is a ValueError, and so is what Python says of the 31st of June.
            return None

    def lengths(self, pieces: Sequence[Piece]) -> list[int]:
        """How many of the pieces, from the first, may have a meaning; longest first.

        Only their order is looked at, so `meaning` may still be None.
        """
        if not pieces or pieces[0].terminal not in self._first:
            return []
        state, found = self._lark.parse_interactive(), []
        try:
            for size, piece in enumerate(pieces, 1):
                state.feed_token(_token(piece))
                if "$END" in state.choices():  # type: ignore[no-untyped-call]
                    found.append(size)
        except (LarkError, ValueError, OverflowError):
            pass  # No longer one has a meaning.
        return found[::-1]


def _token(piece: Piece) -> Token:
    # A token is a string whose `value` may be anything; only the value is read.
    return Token(piece.terminal, piece.value)
