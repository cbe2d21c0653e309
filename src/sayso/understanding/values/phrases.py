"""Phrases as sequences of words, as the slot tagger sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sayso.understanding.features import normal
from sayso.understanding.heard import clean, words

LONGEST = 8  # words of a value; longer ones are sentences
_NONE: frozenset[int] = frozenset()


class Phrasebook:
    """Which types a sequence of words is a value of; types are numbers. Immutable once filled."""

    def __init__(self, phrases: Iterable[tuple[str, int]] = ()) -> None:
        self._types: dict[tuple[str, ...], frozenset[int]] = {}
        self._longest: dict[str, int] = {}  # first word -> words of its longest phrase
        for phrase, kind in phrases:
            self._add(forms_of(phrase), kind)

    def _add(self, forms: tuple[str, ...], kind: int) -> None:
        if not 0 < len(forms) <= LONGEST:
            return
        self._types[forms] = self._types.get(forms, _NONE) | {kind}
        self._longest[forms[0]] = max(self._longest.get(forms[0], 0), len(forms))

    def longest(self, forms: Sequence[str], at: int) -> int:
        """Words of the longest phrase that may begin at a place."""
        return min(self._longest.get(forms[at], 0), len(forms) - at)

    def types(self, forms: tuple[str, ...]) -> frozenset[int]:
        """The types that these words are a value of."""
        return self._types.get(forms, _NONE)


def forms_of(phrase: str) -> tuple[str, ...]:
    """The words of a phrase, as they are compared."""
    # Most phrases are plain words, and a skill that is opened has them all cut.
    if phrase.isascii() and phrase.replace(" ", "").isalnum():
        return tuple(phrase.lower().split())
    return tuple(normal(word.text) for word in words(clean(phrase)))
