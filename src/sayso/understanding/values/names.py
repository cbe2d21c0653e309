"""Names as they are compared: plain letters, then folded to what does not count."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from sayso.understanding.articles import articles_of

SHORT = 3  # letters; words this short are the same or not, never alike

_FIGURES = "zero one two three four five six seven eight nine ten eleven twelve"
_APOSTROPHES = re.compile("['’`´]")
_ASCII_WORDS = re.compile("[a-z0-9]+")


def plain(text: str) -> str:
    """Lower case letters, marks and figures with single spaces: no accents, no punctuation."""
    if text.isascii():  # the usual case, without a look at each character
        text = text.lower().replace("'", "").replace("`", "").replace("&", " and ")
        return " ".join(_ASCII_WORDS.findall(text))
    # Normalised on both sides of folding: some letters turn into capitals, others into marks.
    text = unicodedata.normalize("NFKD", text).casefold()
    text = _APOSTROPHES.sub("", text).replace("&", " and ")
    kept = []
    for letter in unicodedata.normalize("NFKD", text):
        # Accents of European letters (classes 200 to 240), but not the vowels of Hindi or Thai.
        if not 200 <= unicodedata.combining(letter) <= 240:
            kept.append(letter if unicodedata.category(letter)[0] in "LNM" else " ")
    return " ".join("".join(kept).split())


def folded(text: str, tongue: str) -> str:
    """Plain text without articles at its start, words in the singular, small numbers in figures."""
    unsaid, figures = _unsaid(tongue)
    words = text.split()
    start = next((n for n, word in enumerate(words) if word not in unsaid), 0)
    return " ".join(figures.get(word) or _singular(word) for word in words[start:])


@lru_cache
def articles(tongue: str) -> frozenset[str]:
    """Words of a tongue that may be missing inside a name; not "a", as in vitamin a."""
    return frozenset(word for word in _unsaid(tongue)[0] if len(word) > 1)


@lru_cache
def _unsaid(tongue: str) -> tuple[frozenset[str], dict[str, str]]:
    """Articles of a tongue, and its small numbers in figures."""
    figures = _FIGURES.split() if tongue == "en" else []
    numbers = {word: str(number) for number, word in enumerate(figures)}
    return articles_of(tongue), numbers


def _singular(word: str) -> str:
    if len(word) <= SHORT or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses", "zes")) else word[:-1]
