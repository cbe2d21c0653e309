"""What words and spans look like to the models: projected vectors, neighbours, form.

A word's vector knows the sentence around it; the words beside it say what a value is for: "from
Paris", "2 rooms".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.builtin import spans
from sayso.understanding.contract import Heard, Word
from sayso.understanding.fold import fold

Floats = NDArray[np.float32]
READ = ("AMAZON.DATE", "AMAZON.TIME", "AMAZON.NUMBER")
_ANY_TIME = datetime(2000, 1, 3, 9, tzinfo=UTC)  # where a date stands does not hang on today
FORMS = 8  # of a word
SHAPES = 10  # of a span


@dataclass(frozen=True, slots=True, eq=False)
class Lens:
    """What is looked at of a word. down: (d, few) projection; common: the words told apart."""

    down: Floats
    common: dict[str, int]

    @property
    def words(self) -> int:
        """Width of `word_figures`."""
        few = int(self.down.shape[1])
        return 3 * few + 4 * (len(self.common) + 1) + FORMS + 2 * len(READ)

    @property
    def spans(self) -> int:
        """Width of `span_figures`."""
        few = int(self.down.shape[1])
        return 6 * few + 4 * (len(self.common) + 1) + SHAPES + len(READ)


@dataclass(frozen=True, slots=True, eq=False)
class Sketched:
    """An utterance looked at: its words' few numbers, their places among the common words.

    few: (n, f); plain: folded words; common: (n,); read: type -> word ranges [first, last).
    pooled: (f,).
    """

    heard: Heard
    few: Floats
    plain: tuple[str, ...]
    common: NDArray[np.int64]
    read: tuple[tuple[tuple[int, int, str], ...], ...]
    pooled: Floats


def look(heard: Heard, lens: Lens, locale: str = "en-US") -> Sketched:
    """What is seen of an utterance through the lens. `heard` has vectors and at least one word."""
    states = np.zeros((len(heard.words), len(lens.down)), np.float32)
    if heard.states is not None:
        lengths = np.linalg.norm(heard.states, axis=1, keepdims=True)
        states = (heard.states / np.maximum(lengths, 1e-6)).astype(np.float32)
    plain = tuple(fold(word.text) for word in heard.words)
    other = len(lens.common)
    common = np.array([lens.common.get(word, other) for word in plain], np.int64)
    read = tuple(_ranges(name, heard, locale) for name in READ)
    pooled = states.mean(axis=0) if len(states) else np.zeros(len(lens.down), np.float32)
    return Sketched(heard, states @ lens.down, plain, common, read, pooled @ lens.down)


def _ranges(name: str, heard: Heard, locale: str) -> tuple[tuple[int, int, str], ...]:
    found = []
    for start, end, value in _read(name, heard.utterance.text, locale):
        place = covered(heard.words, start, end)
        if place is not None:
            found.append((*place, value))
    return tuple(found)


@lru_cache(maxsize=512)
def _read(name: str, text: str, locale: str) -> tuple[tuple[int, int, str], ...]:
    return tuple(spans(name, text, now=_ANY_TIME, locale=locale))


def covered(words: Sequence[Word], start: int, end: int) -> tuple[int, int] | None:
    """The words [first, last) that characters [start, end) touch."""
    inside = [at for at, word in enumerate(words) if word.start < end and word.end > start]
    return (inside[0], inside[-1] + 1) if inside else None


def word_figures(seen: Sketched, lens: Lens) -> Floats:
    """(n, lens.words): each word, its neighbours, their forms, and what the grammars read."""
    count, size = len(seen.few), len(lens.common) + 1
    none = np.zeros((1, seen.few.shape[1]), np.float32)
    padded = np.concatenate([none, seen.few, none])
    parts = [padded[1:-1], padded[:-2], padded[2:]]
    for step in (-2, -1, 0, 1):
        parts.append(_beside(seen.common, np.arange(count) + step, size))
    parts.append(np.array([_form(seen, at) for at in range(count)], np.float32).reshape(-1, FORMS))
    marks = np.zeros((count, 2 * len(READ)), np.float32)
    for kind, ranges in enumerate(seen.read):
        for first, last, _ in ranges:
            marks[first, 2 * kind] = 1.0
            marks[first + 1 : last, 2 * kind + 1] = 1.0
    return np.concatenate([*parts, marks], axis=1)


def _beside(common: NDArray[np.int64], places: NDArray[np.int64], size: int) -> Floats:
    """(n, size): which common word stands at each place; none beyond the ends."""
    table = np.zeros((len(places), size), np.float32)
    inside = (places >= 0) & (places < len(common))
    table[np.flatnonzero(inside), common[places[inside]]] = 1.0
    return table


def _form(seen: Sketched, at: int) -> list[float]:
    word = seen.heard.words[at].text
    rest = [each.text for each in seen.heard.words[1:]]
    return [
        float(word[:1].isupper()),
        float(word[:1].isupper() and at > 0),
        float(any(each[:1].isupper() for each in rest)),  # whether capitals tell anything here
        float(any(c.isdigit() for c in word)),
        float(not any(c.isalnum() for c in word)),
        float(at == 0),
        float(at == len(seen.plain) - 1),
        1.0,
    ]


def span_figures(seen: Sketched, places: Sequence[tuple[int, int]], lens: Lens) -> Floats:
    """(spans, lens.spans): the words of each span [first, last), those beside it, the sentence."""
    size = len(lens.common) + 1
    if not places:
        return np.zeros((0, lens.spans), np.float32)
    none = np.zeros((1, seen.few.shape[1]), np.float32)
    padded = np.concatenate([none, seen.few, none])
    first = np.array([first for first, _ in places])
    last = np.array([last for _, last in places])
    within = np.stack([seen.few[a:b].mean(axis=0) for a, b in places])
    parts = [within, padded[first + 1], padded[last], padded[first], padded[last + 1]]
    parts.append(np.repeat(seen.pooled[None], len(places), axis=0))
    parts += [_beside(seen.common, at, size) for at in (first - 2, first - 1, first, last)]
    shapes = np.array([_shape(seen, a, b) for a, b in places], np.float32)
    return np.concatenate([*parts, shapes], axis=1)


def _shape(seen: Sketched, first: int, last: int) -> list[float]:
    words = [word.text for word in seen.heard.words[first:last]]
    read = [any((first, last) == each[:2] for each in ranges) for ranges in seen.read]
    length = last - first
    capitals = sum(word[:1].isupper() for word in words)
    return [
        *map(float, read),
        float(length == 1),
        float(length == 2),
        float(length >= 3),
        capitals / length,
        float(any(c.isdigit() for word in words for c in word)),
        float("$" in words),
        float(first == 0),
        float(last == len(seen.plain)),
        float(length == len(seen.plain)),
        1.0,
    ]
