"""Texts as grammars compare them: lower case, no accents, no punctuation but % and the degree.

Unlike `fold`, `'s` stands apart and what a hyphen joins is two words: a template may end a slot
there, and people write either.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from sayso.understanding.contract import Word
from sayso.understanding.fold import ACCENT, UNSPACED
from sayso.understanding.heard import words

_SAID = "%°€$£+&#"  # signs that are spoken
_PARTS = re.compile(r"[^-_/]+|(?<=[0-9])/(?=[0-9])")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_SILENT = re.compile("['’.]")


@lru_cache(maxsize=256)
def tokens(text: str) -> tuple[Word, ...]:
    """Words of a clean text as they are compared, with the places that they came from."""
    found = []
    for word in words(text):
        for part in _PARTS.finditer(word.text):
            plain = _plain(part[0])
            if plain:
                found.append(Word(plain, word.start + part.start(), word.start + part.end()))
    return tuple(found)


def joins(before: str, after: str) -> bool:
    """Whether two texts side by side make one word: `light` and `s`."""
    return _within(before[-1:]) and _within(after[:1])


def _within(character: str) -> bool:
    return bool(character) and character.isalnum() and not _UNSPACED.match(character)


def _plain(word: str) -> str:
    folded = word.lower()
    if folded in ("'s", "’s"):
        return "'s"
    if not folded.isascii():
        plain = unicodedata.normalize("NFKD", folded.casefold())
        folded = ACCENT.sub("", plain)
    folded = _SILENT.sub("", folded) if not folded[:1].isdigit() else folded.strip("'’.")
    return folded if folded in _SAID or any(x.isalnum() for x in folded) else ""
