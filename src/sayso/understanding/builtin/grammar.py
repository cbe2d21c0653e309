"""Parsers over words: the tables of a grammar, the words already made into terminals.

LALR(1): a microsecond or two a word. Lark writes the tables from a tongue's grammar files
(`scripts/make_grammars.py`); to read them here takes a hundredth of the memory that Lark would.

    <kind>.actions   (states, symbols) int16: 0 for what may not come here; n + 1 to go on in state
                     n; -(n + 1) to apply rule n first
    settings         kind -> symbols, the state to start in, the state in which all is said, rules:
                     [symbol made, size, [[place of a value, whether it is several], ...], meaning]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from sayso.bundle import Packed, unpack_tensors

TABLES = "grammars.safetensors"
END = "$END"


class Piece(NamedTuple):
    """A terminal found in a text: `text[start:end]`. A terminal named `_X` leaves no value."""

    terminal: str
    value: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rule:
    """`size` symbols become one. takes: which of their values, and whether each is several."""

    makes: int
    size: int
    takes: Sequence[tuple[int, bool]]
    meaning: Callable[..., Any]


_Terminals = tuple[tuple[str, Any], ...]  # of pieces, with their values


class Misplaced(ValueError):
    """A piece that may not come here."""


@cache
def tables(package: str) -> Packed:
    """The tables of a tongue's grammars."""
    return unpack_tensors(files(package).joinpath(TABLES).read_bytes())


class Grammar:
    """A parser from terminals to what they mean. Safe to share among threads."""

    def __init__(self, package: str, kind: str, meaning: object) -> None:
        """package: of the tongue; meaning: its methods say what the rules of their names make."""
        packed = tables(package)
        said = packed.settings[kind]
        self._actions = memoryview(packed.tensors[f"{kind}.actions"])  # type: ignore[arg-type]
        self._columns = {symbol: at for at, symbol in enumerate(said["symbols"])}
        self._end = self._columns[END]
        self._start, self._done = said["start"], said["done"]
        self._rules = [
            Rule(makes, size, takes, _meaning(meaning, name))
            for makes, size, takes, name in said["rules"]
        ]

    def meaning(self, pieces: Sequence[Piece]) -> Any:
        """What all the pieces together mean; None if they have no meaning here."""
        if not pieces or not self._may_begin(pieces[0].terminal):
            return None
        return _meant(self, tuple(piece[:2] for piece in pieces))

    def lengths(self, pieces: Sequence[Piece]) -> list[int]:
        """How many of the pieces, from the first, may have a meaning; longest first.

        Only their order is looked at, so `meaning` may still be None.
        """
        if not pieces or not self._may_begin(pieces[0].terminal):
            return []
        return list(_lengths(self, tuple(piece[:2] for piece in pieces)))

    def parse(self, pieces: _Terminals) -> Any:
        """`meaning`, each time anew."""
        states, values = [self._start], [None]
        try:
            for piece in pieces:
                self._take(states, values, piece)
            while states[-1] != self._done:
                self._apply(states, values, self._action(states, self._end))
        except (ValueError, OverflowError):
            # Unfit is a ValueError, and so is what Python says of the 31st of June.
            return None
        return values[-1]

    def ends(self, pieces: _Terminals) -> list[int]:
        """`lengths`, each time anew."""
        found: list[int] = []
        states, values = [self._start], [None]
        try:
            for size, piece in enumerate(pieces, 1):
                self._take(states, values, piece)
                if self._actions[states[-1], self._end]:
                    found.append(size)
        except (ValueError, OverflowError):
            pass  # No longer one has a meaning.
        return found[::-1]

    def _may_begin(self, terminal: str) -> bool:
        column = self._columns.get(terminal)
        return column is not None and bool(self._actions[self._start, column])

    def _take(self, states: list[int], values: list[Any], piece: tuple[str, Any]) -> None:
        """Apply what rules end before the piece, then go on to it. Raises Misplaced."""
        terminal, value = piece
        column = self._columns.get(terminal)
        if column is None:
            raise Misplaced(terminal)
        while (action := self._action(states, column)) < 0:
            self._apply(states, values, action)
        states.append(action - 1)
        values.append(value)

    def _action(self, states: list[int], column: int) -> int:
        action: int = self._actions[states[-1], column]
        if not action:
            raise Misplaced(str(column))
        return action

    def _apply(self, states: list[int], values: list[Any], action: int) -> None:
        """Put what a rule means in the place of the values that it is made of."""
        rule = self._rules[-action - 1]
        own = values[-rule.size :]
        del states[-rule.size :], values[-rule.size :]
        taken: list[Any] = []
        for at, several in rule.takes:
            if several:
                taken += own[at]
            else:
                taken.append(own[at])
        states.append(self._actions[states[-1], rule.makes] - 1)
        values.append(rule.meaning(*taken))


# Kept, as what was said is read as a date and as a time, in a sentence and then by itself. What it
# means does not hang on when it is said.
@lru_cache(maxsize=512)
def _meant(grammar: Grammar, pieces: _Terminals) -> Any:
    return grammar.parse(pieces)


@lru_cache(maxsize=512)
def _lengths(grammar: Grammar, pieces: _Terminals) -> tuple[int, ...]:
    return tuple(grammar.ends(pieces))


def _meaning(meaning: object, name: str | None) -> Callable[..., Any]:
    """What a rule of that name means; "" is a rule that repeats, None one that hands on a value."""
    if name is None:
        return _same
    return getattr(meaning, name) if name else _several


def _same(value: Any) -> Any:
    return value


def _several(*values: Any) -> Sequence[Any]:
    return values
