"""Values of a skill's slot types, found in what was said.

The developer's catalogues are looked up word for word. Of the built-in types those with a grammar
(numbers, dates, times) are read by it; the others have no end of values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from sayso.types.skills import Language
from sayso.understanding.builtin import KINDS, spans
from sayso.understanding.contract import Heard, Word
from sayso.understanding.features import normal
from sayso.understanding.heard import clean, words

_LONGEST = 8  # words of a value; longer ones are sentences
_ANY_TIME = datetime(2000, 1, 3, 9, tzinfo=UTC)  # where a date stands does not hang on today


@dataclass(frozen=True, slots=True)
class Match:
    """Words [first, last) are a value of each of these types (indices into `Gazetteer.types`)."""

    first: int
    last: int
    types: frozenset[int]


class Gazetteer:
    """Every value and synonym of a language's own types, and its built-in ones. Immutable."""

    def __init__(self, language: Language) -> None:
        own = tuple(kind.name for kind in language.types)
        used = {slot.type for intent in language.intents for slot in intent.slots}
        grammars = sorted(used & KINDS.keys())
        self.types = (*own, *grammars)
        self._locale = language.locale
        self._grammars = [(name, frozenset({len(own) + at})) for at, name in enumerate(grammars)]
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

    def find(self, heard: Heard) -> list[Match]:
        """Longest values from left to right: those of catalogues, then of each built-in type.

        Matches of one kind do not overlap.
        """
        found = self._catalogued(heard.words)
        for name, types in self._grammars:
            for start, end in _read(name, heard.utterance.text, self._locale):
                found += _touched(heard.words, start, end, types)
        return found

    def _catalogued(self, said: Sequence[Word]) -> list[Match]:
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


@lru_cache(maxsize=2048)
def _read(name: str, text: str, locale: str) -> tuple[tuple[int, int], ...]:
    """Characters of the values of a built-in type; kept, as every skill of a turn asks."""
    return tuple((start, end) for start, end, _ in spans(name, text, now=_ANY_TIME, locale=locale))


def _touched(said: Sequence[Word], start: int, end: int, types: frozenset[int]) -> list[Match]:
    inside = [at for at, word in enumerate(said) if word.start < end and word.end > start]
    return [Match(inside[0], inside[-1] + 1, types)] if inside else []
