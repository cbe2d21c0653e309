"""The values of a skill's own slot types, found in what was said, word for word.

Only the developer's catalogue is looked up: built-in types have no end of values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sayso.types.skills import Language
from sayso.understanding.contract import Word
from sayso.understanding.features import normal
from sayso.understanding.heard import clean, words

_LONGEST = 8  # words of a value; longer ones are sentences


@dataclass(frozen=True, slots=True)
class Match:
    """Words [first, last) are a value of each of these types (indices into `Gazetteer.types`)."""

    first: int
    last: int
    types: frozenset[int]


class Gazetteer:
    """Every value and synonym of a language's own types. Immutable."""

    def __init__(self, language: Language) -> None:
        self.types = tuple(kind.name for kind in language.types)
        self._phrases: dict[tuple[str, ...], frozenset[int]] = {}
        self._longest: dict[str, int] = {}  # first word -> words of its longest phrase
        for index, kind in enumerate(language.types):
            for value in kind.values:
                for phrase in (value.value, *value.synonyms):
                    self._add(phrase, index)

    def _add(self, phrase: str, index: int) -> None:
        forms = tuple(normal(word.text) for word in words(clean(phrase)))
        if not 0 < len(forms) <= _LONGEST:
            return
        self._phrases[forms] = self._phrases.get(forms, frozenset()) | {index}
        self._longest[forms[0]] = max(self._longest.get(forms[0], 0), len(forms))

    def find(self, said: Sequence[Word]) -> list[Match]:
        """Longest matches from left to right; they do not overlap."""
        if not self._phrases:
            return []
        forms = tuple(normal(word.text) for word in said)
        found = []
        at = 0
        while at < len(forms):
            longest = min(self._longest.get(forms[at], 0), len(forms) - at)
            for length in range(longest, 0, -1):
                types = self._phrases.get(forms[at : at + length])
                if types is not None:
                    found.append(Match(at, at + length, types))
                    at += length - 1
                    break
            at += 1
        return found
