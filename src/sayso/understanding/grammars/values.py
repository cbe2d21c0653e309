"""Which runs of a sentence's words are a value of a slot's type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import lru_cache

import numpy as np

from sayso.skills.restore import notes
from sayso.skills.templates import said
from sayso.types.skills import Language, SlotType
from sayso.understanding import builtin
from sayso.understanding.builtin import KINDS
from sayso.understanding.contract import Word
from sayso.understanding.grammars.tokens import tokens
from sayso.understanding.values.shelf import Shelf, phrase

Facts = Mapping[str, str]  # what a value is: {"domain": "light"}
Run = tuple[int, Sequence[Facts]]  # words behind it; what the value may be, none if that is unknown
NUMBER = "AMAZON.NUMBER"
OF = "of"  # the note of a value that says what it is: a mapping, or several where two share a name
_RANGE = re.compile(r"(-?\d{1,12})\.\.(-?\d{1,12})(?:/(\d{1,3}))?$")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)?")
_LONGEST = 10  # words of a value


_ANY_TIME = datetime(2000, 1, 3, 9, tzinfo=UTC)  # where a date stands does not hang on today


class Lexicon:
    """The values of a language's own types as words, and its built-in types. Immutable."""

    def __init__(self, language: Language) -> None:
        self._locale = language.locale
        self._shelves = {x.name: x.values for x in language.types if isinstance(x.values, Shelf)}
        self._books = {
            kind.name: Book.of(kind)
            for kind in language.types
            if kind.values and kind.name not in self._shelves
        }

    def is_open(self, kind: str) -> bool:
        """Whether any words may be a value: free text, a type without values or a grammar."""
        return not (kind in self._books or kind in self._shelves or kind in KINDS)

    def runs(
        self, kind: str, text: str, words: Sequence[Word], more: Sequence[SlotType] = ()
    ) -> Mapping[int, list[Run]]:
        """First word -> the values of a type that begin there. more: what a conversation adds."""
        books = [Book.of(each) for each in more if each.name == kind]
        books += [self._books[kind]] if kind in self._books else []
        shelf = self._shelves.get(kind)
        forms = tuple(word.text for word in words)
        found: dict[int, list[Run]] = {}
        for book in books:
            for at, end, facts in book.runs(forms):
                found.setdefault(at, []).append((end, facts))
        if shelf is not None:
            for at, end in _shelved(shelf, forms):
                found.setdefault(at, []).append((end, ()))
        if kind in KINDS:
            for at, end in self._spoken(kind, text, words):
                found.setdefault(at, []).append((end, ()))
        return found

    def numbers(self, span: str, text: str, words: Sequence[Word]) -> Mapping[int, list[Run]]:
        """Likewise the numbers of a range, `0..100/2`; of "two and a half" the "two", too."""
        match = _RANGE.match(span)
        low, high, parts = (int(x or 1) for x in match.groups()) if match else (0, 0, 1)
        found: dict[int, list[Run]] = {}
        for first, last in self._spoken(NUMBER, text, words):
            for at, end in _runs(last - first):
                start, stop = first + at, first + end
                value = _number(text[words[start].start : words[stop - 1].end], self._locale)
                if value is not None and low <= value <= high and parts % value.denominator == 0:
                    found.setdefault(start, []).append((stop, ()))
        return found

    def _spoken(self, kind: str, text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
        for start, end in _spans(kind, text, self._locale):
            inside = [at for at, word in enumerate(words) if word.start < end and word.end > start]
            if inside:
                yield inside[0], inside[-1] + 1


@dataclass(frozen=True, slots=True)
class Book:
    """The names of a type's values, as words.

    facts: what the values of a name are; longest: first word -> words of its longest name.
    """

    facts: Mapping[tuple[str, ...], Sequence[Facts]]
    longest: Mapping[str, int]

    @classmethod
    def of(cls, kind: SlotType) -> Book:
        """The names of this type."""
        facts = _phrases(kind)
        longest: dict[str, int] = {}
        for name in facts:
            longest[name[0]] = max(longest.get(name[0], 0), len(name))
        return cls(facts, longest)

    def runs(self, forms: tuple[str, ...]) -> Iterator[tuple[int, int, Sequence[Facts]]]:
        """Words [first, last) of a sentence that are a name, and what its values are."""
        for at, form in enumerate(forms):
            for end in range(at + 1, min(len(forms), at + self.longest.get(form, 0)) + 1):
                facts = self.facts.get(forms[at:end])
                if facts is not None:
                    yield at, end, facts


def _shelved(shelf: Shelf, forms: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Words [first, last) that are a name on a shelf; all are looked up at once."""
    places = list(_runs(len(forms)))
    hashes = np.array([phrase(forms[at:end]) for at, end in places], np.uint64)
    for place in np.flatnonzero(shelf.holds(hashes)):
        yield places[place]


def is_range(values: str) -> bool:
    """Whether what a mark draws from is a range of numbers."""
    return _RANGE.match(values) is not None


def _runs(count: int) -> Iterator[tuple[int, int]]:
    for at in range(count):
        for end in range(at + 1, min(count, at + _LONGEST) + 1):
            yield at, end


@lru_cache(maxsize=1024)
def _spans(kind: str, text: str, locale: str) -> tuple[tuple[int, int], ...]:
    found = [
        (start, end) for start, end, _ in builtin.spans(kind, text, now=_ANY_TIME, locale=locale)
    ]
    if (
        kind == NUMBER and not found
    ):  # digits are numbers in tongues, too, that have no grammar here
        found = [match.span() for match in _DIGITS.finditer(text)]
    return tuple(found)


@lru_cache(maxsize=1024)
def _number(words: str, locale: str) -> Fraction | None:
    found = builtin.value(NUMBER, words, now=_ANY_TIME, locale=locale)
    if found is None and _DIGITS.fullmatch(words):
        found = words.replace(",", ".")
    try:
        return Fraction(found) if found is not None else None
    except ValueError:
        return None


def _phrases(kind: SlotType) -> dict[tuple[str, ...], tuple[Facts, ...]]:
    """Words -> what the values of that name are."""
    found: dict[tuple[str, ...], tuple[Facts, ...]] = {}
    for value in kind.values:
        kept = notes(value.extra).get(OF)
        listed = kept if isinstance(kept, list | tuple) else [kept]
        facts = tuple(
            {key: what for key, what in each.items() if isinstance(what, str)}
            for each in listed
            if isinstance(each, Mapping)
        )
        names = [said(name) for name in (value.value, *value.synonyms)]
        # "Joe's" is written "joes" by those who only hear it.
        for form in dict.fromkeys([*names, *map(_joined, names)]):
            words = tuple(word.text for word in tokens(form))
            if 0 < len(words) <= _LONGEST:
                found[words] = (*found.get(words, ()), *facts)
    return found


def _joined(name: str) -> str:
    return re.sub("['’](?=s\\b)", "", name)
