"""Sample utterances: plain words with slots in braces, such as `wake me at {time}`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

SLOT_NAME = re.compile(r"\w[\w.-]*")
_SLOT = re.compile(r"\{\s*(\w[\w.-]*)\s*\}")
_HIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})  # Unicode categories
_BRACES = str.maketrans("{}", "  ")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a template: literal `text`, or the place of a slot (`slot` is its name)."""

    text: str
    slot: str | None = None


def pieces(template: str) -> tuple[Piece, ...]:
    """The template cut at its slots. A brace that marks no slot stays in the literal text."""
    cut: list[Piece] = []
    end = 0
    for match in _SLOT.finditer(template):
        cut.append(Piece(template[end : match.start()]))
        cut.append(Piece(match[0], match[1]))
        end = match.end()
    cut.append(Piece(template[end:]))
    return tuple(piece for piece in cut if piece.text)


def slot_names(template: str) -> tuple[str, ...]:
    """Names of the slots, in order, with repetitions."""
    return tuple(piece.slot for piece in pieces(template) if piece.slot)


def stray_brace(template: str) -> bool:
    """Whether a brace is left over that marks no slot."""
    literal = "".join(piece.text for piece in pieces(template) if piece.slot is None)
    return "{" in literal or "}" in literal


def said(text: str) -> str:
    """A catalogue value as it would stand in an utterance.

    NFKC, single spaces, no braces, no control characters: the form of `Utterance.text`.
    """
    return " ".join(visible(text).translate(_BRACES).split())


def visible(text: str) -> str:
    """NFKC, with each control character, surrogate and line separator made a space."""
    normal = unicodedata.normalize("NFKC", text)
    if normal.isprintable():  # most are; the rest is looked at character by character
        return normal
    return "".join(" " if unicodedata.category(c) in _HIDDEN else c for c in normal)
