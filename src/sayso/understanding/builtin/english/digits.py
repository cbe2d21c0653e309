"""Strings of digits read aloud: phone numbers, pins."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.understanding.builtin.grammar import Piece

_SPOKEN = frozenset(
    {"INT", "YEAR", "OH", "DECIMAL", "TIMES", "HUNDRED", "SCALE", "A", "_AND", "_MINUS", "DOZEN"}
)
SILENT = frozenset("()-/.") | {"area", "code"}


def digits(found: Sequence[Piece]) -> str | None:
    """The digits, with a leading plus if that was said: five five five, double oh seven.

    None if anything else was said.
    """
    text, times = "", 1
    for piece in found:
        said = _digits(piece)
        if piece.terminal == "TIMES" and times == 1:
            times = piece.value
        elif piece.value in ("plus", "+") and not text and times == 1:
            text = "+"
        elif said:
            text += said[0] * (times - 1) + said
            times = 1
        elif piece.terminal == "HUNDRED" and text and times == 1:
            text += "00"
        elif piece.terminal != "_MINUS" and piece.value not in SILENT:
            return None
    return text if text.strip("+") and times == 1 else None


def run(found: Sequence[Piece]) -> int:
    """How many of the pieces, from the first, may be digits, or a number of four digits."""
    spoken = (_spoken(piece) for piece in found)
    return next((at for at, one in enumerate(spoken) if not one), len(found))


def _spoken(piece: Piece) -> bool:
    return piece.terminal in _SPOKEN or piece.value in ("plus", "+") or piece.value in SILENT


def _digits(piece: Piece) -> str:
    if piece.terminal in ("INT", "YEAR", "OH"):
        return str(piece.value)
    return str(piece.value).replace(".", "") if piece.terminal == "DECIMAL" else ""
