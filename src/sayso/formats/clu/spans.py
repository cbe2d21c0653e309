"""Where a labelled word stands in a text, as others count."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

UTF16 = "Utf16CodeUnit"
CODE_POINTS = "UnicodeCodePoint"
ELEMENTS = "TextElement_v8"
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of a text, and what they are."""

    start: int
    end: int
    name: str


def boundaries(text: str, unit: str) -> list[int | None]:
    """For each offset in units, 0 to their number, that of the character; None inside of one.

    unit: `UTF16`, `CODE_POINTS`, or `ELEMENTS` (a letter with its marks, emoji joined with others;
    flags count as two). Raises ValueError for any other.
    """
    if unit == CODE_POINTS:
        return [*range(len(text) + 1)]
    found: list[int | None] = []
    for place, char in enumerate(text):
        if unit == UTF16:
            found += [place] if ord(char) < 0x10000 else [place, None]
        elif unit == ELEMENTS:
            found += [] if place and _continues(text[place - 1], char) else [place]
        else:
            raise ValueError(f"no unit of text: {unit}")
    return [*found, len(text)]


def apart(spans: Sequence[Span]) -> list[Span]:
    """Spans in their order, without those that overlap one before; of two at a place the longer."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not found or span.start >= found[-1].end:
            found.append(span)
    return found


def _continues(before: str, char: str) -> bool:
    mark = unicodedata.category(char) in ("Mn", "Me", "Mc")
    skin = 0x1F3FB <= ord(char) <= 0x1F3FF
    return mark or skin or char == _JOINER or before == _JOINER or (before, char) == ("\r", "\n")
