"""Values of a skill's slot types, found in what was said.

The developer's catalogues, and what the conversation adds to them, are looked up word for word. Of
the built-in types those with a grammar (numbers, dates, times) are read by it; the others have no
end of values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np

from sayso.types.skills import Language
from sayso.understanding.builtin import KINDS, spans
from sayso.understanding.contract import Heard, Word
from sayso.understanding.features import normal
from sayso.understanding.values.live import Live, live
from sayso.understanding.values.phrases import LONGEST, Phrasebook
from sayso.understanding.values.shelf import Shelf, phrase

_ANY_TIME = datetime(2000, 1, 3, 9, tzinfo=UTC)  # where a date stands does not hang on today

_TURNS = 32  # skills and what they heard lately: intents and slots are read one after the other

_Types = frozenset[int]
_NONE: _Types = frozenset()


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
        self._shelves: list[tuple[_Types, Shelf]] = []
        phrases: list[tuple[str, int]] = []
        for at, kind in enumerate(language.types):
            if isinstance(kind.values, Shelf):
                self._shelves.append((frozenset({at}), kind.values))
            else:
                phrases += [(x, at) for v in kind.values for x in (v.value, *v.synonyms)]
        self._book = Phrasebook(phrases)

    def find(self, heard: Heard) -> Sequence[Match]:
        """Longest values from left to right: those of catalogues, then of each built-in type.

        Matches of one kind do not overlap.
        """
        return _found(self, heard)

    def look_up(self, heard: Heard) -> Iterator[Match]:
        """`find`, each time anew."""
        yield from self._catalogued(heard)
        for name, types in self._grammars:
            for start, end in _read(name, heard.utterance.text, self._locale):
                yield from _touched(heard.words, start, end, types)

    def _catalogued(self, heard: Heard) -> list[Match]:
        added = live(heard.entities, self._locale.split("-")[0])
        forms = _forms(heard)
        shelved = self._shelved(forms) if self._shelves else {}
        found: list[Match] = []
        at = 0
        while at < len(forms):
            longest = self._book.longest(forms, at)
            if added or shelved:
                longest = min(LONGEST, len(forms) - at)
            for length in range(longest, 0, -1):
                words = forms[at : at + length]
                types = self._book.types(words) | shelved.get((at, length), _NONE)
                types |= self._added(added, words)
                if types:
                    found.append(Match(at, at + length, types))
                    at += length - 1
                    break
            at += 1
        return found

    def _added(self, added: Live | None, words: tuple[str, ...]) -> _Types:
        """Types that the conversation has given these words as a value of."""
        if added is None:
            return _NONE
        names = {added.types[kind] for kind in added.book.types(words)}
        return frozenset(at for at, name in enumerate(self.types) if name in names)

    def _shelved(self, forms: Sequence[str]) -> Mapping[tuple[int, int], _Types]:
        """(first word, words) of whatever is a value of a type with very many."""
        places = list(_runs(len(forms)))
        hashes = np.array([phrase(forms[at : at + n]) for at, n in places], np.uint64)
        found: dict[tuple[int, int], _Types] = {}
        for types, shelf in self._shelves:
            for place in np.flatnonzero(shelf.holds(hashes)):
                found[places[place]] = found.get(places[place], _NONE) | types
        return found


@lru_cache(maxsize=_TURNS)
def _found(gazetteer: Gazetteer, heard: Heard) -> tuple[Match, ...]:
    return tuple(gazetteer.look_up(heard))


def _runs(count: int) -> Iterator[tuple[int, int]]:
    """(first word, words) of all runs of words that a value may have."""
    for at in range(count):
        for length in range(1, min(LONGEST, count - at) + 1):
            yield at, length


@lru_cache(maxsize=8)
def _forms(heard: Heard) -> tuple[str, ...]:
    """The words as they are compared; the same for all skills."""
    return tuple(normal(word.text) for word in heard.words)


@lru_cache(maxsize=2048)
def _read(name: str, text: str, locale: str) -> tuple[tuple[int, int], ...]:
    """Characters of the values of a built-in type; kept, as every skill of a turn asks."""
    return tuple((start, end) for start, end, _ in spans(name, text, now=_ANY_TIME, locale=locale))


def _touched(said: Sequence[Word], start: int, end: int, types: frozenset[int]) -> list[Match]:
    inside = [at for at, word in enumerate(said) if word.start < end and word.end > start]
    return [Match(inside[0], inside[-1] + 1, types)] if inside else []
