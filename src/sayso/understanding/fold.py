"""Texts as they are compared word for word: lower case, no accents, no punctuation.

An accent may be left out, as may the points of Arabic and Hebrew. Other marks are letters to those
who read them: the vowels of Hindi, the strokes that part が from か. Spaces count for nothing where
a script has none: Japanese samples have them, what is said has not.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ASCII_WORD = re.compile("[a-z0-9]+")
_SILENT = "'’."  # left out without a gap: what's = whats, a.m. = am
_UNSAID = {ord(character): None for character in _SILENT}
ACCENT = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")
# Scripts that write no spaces between words, as a range of a pattern: Thai, Lao, Myanmar, Khmer,
# kana and Han.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_UNSPACED = re.compile(f"[{UNSPACED}]")


@lru_cache(maxsize=4096)  # a turn folds the same sentence and its words many times
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
            if plain in _SILENT or ACCENT.match(plain):
                continue
            kept = plain if plain.isalnum() or unicodedata.category(plain)[0] == "M" else " "
            if characters[-1:] == [" "] and _UNSPACED.match(kept) and _ends_unspaced(characters):
                del characters[-1], places[-1]
            if kept != " " or (characters and characters[-1] != " "):
                characters.append(kept)
                places.append(place)
    if characters and characters[-1] == " ":
        del characters[-1], places[-1]
    return "".join(characters), places


def _ends_unspaced(characters: list[str]) -> bool:
    """Whether the last word's script has no spaces; `characters` ends in a space."""
    return len(characters) > 1 and _UNSPACED.match(characters[-2]) is not None
