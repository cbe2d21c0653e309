"""Texts as they are compared word for word: lower case, no accents, no punctuation."""

from __future__ import annotations

import re
import unicodedata

_ASCII_WORD = re.compile("[a-z0-9]+")
_SILENT = "'’."  # left out without a gap: what's = whats, a.m. = am
_UNSAID = {ord(character): None for character in _SILENT}


def fold(text: str) -> str:
    """A text for comparing; single spaces between its words."""
    if text.isascii():  # the usual case, without a look at each character
        return " ".join(_ASCII_WORD.findall(text.lower().translate(_UNSAID)))
    return fold_with_places(text)[0]


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in the text it came from."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        # Normalised on both sides of folding: some letters turn into capitals, others into marks.
        letters = unicodedata.normalize("NFKD", character).casefold()
        for plain in unicodedata.normalize("NFKD", letters):
            if unicodedata.combining(plain) or plain in _SILENT:
                continue
            kept = plain if plain.isalnum() else " "
            if kept != " " or (characters and characters[-1] != " "):
                characters.append(kept)
                places.append(place)
    if characters and characters[-1] == " ":
        del characters[-1], places[-1]
    return "".join(characters), places
