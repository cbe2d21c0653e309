"""Where the slots of one request stand in another that says the same.

The words of each slot are looked for in the other text as a whole: every run of words there is a
place they may have, at a cost of 1 less what speaks for it, in sense (cosine of vectors), letters
and sound. A dynamic programme over the text gives all slots places that do not overlap, at the
least cost in all. What is no slot aligns with anything: carrier words are what people change.

After Falke et al. 2020 (MARUPA, COLING industry track), who project by the least total difference
of words; here whole values are compared, so that "snap chat" has the place of "snapchat".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import jellyfish
import numpy as np
from numpy.typing import NDArray

from sayso.encoders import Encoded
from sayso.feedback.likeness import numbers_in, sounds
from sayso.types.lessons import Span
from sayso.understanding.fold import fold

LONGER = 2  # words that a value may have more than where it is looked for
MOST_SLOTS = 8
_WORD = re.compile(r"[^\W_](?:\S*[^\W_])?")  # without the stops and brackets around it
_NOWHERE = float("inf")
Place = tuple[int, int]  # words [start, end) of a text
Near = tuple[float | None, float, float]  # likeness in sense (None: not known), letters and sound


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of likeness counts; they add up to 1.

    Chosen on train parts (benchmarks/projection.py). Sense counts for nothing there: the vector of
    a word depends on its sentence, and neighbours of a value come out as like as the value itself.
    So no encoder is needed, unless other weights are given.
    """

    sense: float = 0.0
    letters: float = 0.4
    sounds: float = 0.6


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A text by its words. places: characters [start, end) of each; vectors: (words, d) or None."""

    text: str
    places: Sequence[tuple[int, int]]
    vectors: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Aligned:
    """Slots in their new places, in order. cost: of the worst of them, in [0, 1]; 0 without any."""

    spans: tuple[Span, ...]
    cost: float


def words_of(text: str, encoded: Encoded | None = None) -> Words:
    """A text's words; encoded: the same text, so that they have vectors (of length 1)."""
    places = [match.span() for match in _WORD.finditer(text)]
    if encoded is None or not len(encoded.states):
        return Words(text, places)
    middle = encoded.offsets.mean(axis=1)
    vectors = np.zeros((len(places), encoded.states.shape[1]), dtype=np.float32)
    for row, (start, end) in enumerate(places):
        mine = (middle >= start) & (middle <= end)
        if mine.any():
            vectors[row] = encoded.states[mine].mean(axis=0)
    return Words(text, places, _unit(vectors))


def align(
    source: Words, spans: Sequence[Span], target: Words, weights: Weights = WEIGHTS
) -> Aligned | None:
    """The slots of `source` in `target`; None where they have no room or are too many.

    Without vectors on both sides, letters and sounds share what sense would count.
    """
    if not spans:
        return Aligned((), 0.0)
    if len(spans) > min(MOST_SLOTS, len(target.places)):
        return None
    near = [likenesses(source, span, target) for span in spans]
    return settle(near, spans, target, weights)


def settle(
    near: Sequence[Mapping[Place, Near]], spans: Sequence[Span], target: Words, weights: Weights
) -> Aligned | None:
    """The places that cost least: see `align`. near: of each span, what `likenesses` gives."""
    costs = [{place: _cost(one, weights) for place, one in each.items()} for each in near]
    found = _cheapest(costs, len(target.places))
    if found is None:
        return None
    placed = [
        Span(span.name, target.places[start][0], target.places[end - 1][1])
        for span, (start, end) in zip(spans, found, strict=True)
    ]
    worst = max(cost[place] for cost, place in zip(costs, found, strict=True))
    return Aligned(tuple(sorted(placed, key=lambda span: span.start)), worst)


def placed(text: str, values: Sequence[tuple[str, str]]) -> tuple[Span, ...] | None:
    """Spans of slots of which only the values are known: (name, value), each said once as it is.

    None where one is not in the text word for word, such as a date in its ISO form.
    """
    words = words_of(text)
    folded = [fold(text[start:end]) for start, end in words.places]
    found = []
    for name, value in values:
        wanted = fold(value).split()
        starts = [
            at
            for at in range(len(folded) - len(wanted) + 1)
            if wanted and folded[at : at + len(wanted)] == wanted
        ]
        if len(starts) != 1:
            return None
        end = words.places[starts[0] + len(wanted) - 1][1]
        found.append(Span(name, words.places[starts[0]][0], end))
    found.sort(key=lambda span: span.start)
    return None if any(a.end > b.start for a, b in pairwise(found)) else tuple(found)


def likenesses(source: Words, span: Span, target: Words) -> dict[Place, Near]:
    """How like a slot's words are to each run of words where it may stand.

    A number is the same or another, never alike: there a slot has no place.
    """
    rows = [n for n, (s, e) in enumerate(source.places) if s < span.end and e > span.start]
    value = fold(source.text[span.start : span.end])
    numbers = numbers_in(value.split())
    known = source.vectors is not None and target.vectors is not None and bool(rows)
    found = {}
    for start in range(len(target.places)):
        for end in range(start + 1, min(len(target.places), start + len(rows) + LONGER) + 1):
            text = fold(target.text[target.places[start][0] : target.places[end - 1][1]])
            if numbers_in(text.split()) != numbers:
                continue
            sense = None
            if known and source.vectors is not None and target.vectors is not None:
                sense = _cosine(source.vectors[rows], target.vectors[start:end])
            found[start, end] = (sense, *_alike(value, text))
    return found


def _cost(near: Near, weights: Weights) -> float:
    sense, letters, sound = near
    shape = weights.letters + weights.sounds
    alike = (weights.letters * letters + weights.sounds * sound) / shape if shape else 0.0
    if sense is not None:
        alike = weights.sense * sense + (1 - weights.sense) * alike
    return min(1.0, max(0.0, 1 - alike))


def _cosine(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Of the mean vectors, 0 where they point apart."""
    mean, against = one.mean(axis=0), other.mean(axis=0)
    length = float(np.linalg.norm(mean) * np.linalg.norm(against))
    return max(0.0, float(mean @ against) / length) if length else 0.0


@lru_cache(maxsize=100_000)
def _alike(one: str, other: str) -> tuple[float, float]:
    """Likeness of letters, in whatever order words come, and of sounds.

    Where words end is not compared.
    """
    letters = _likeness(one.replace(" ", ""), other.replace(" ", ""))
    sorted_ = _likeness("".join(sorted(one.split())), "".join(sorted(other.split())))
    return max(letters, sorted_), _likeness(sounds(one), sounds(other))


def _likeness(one: str, other: str) -> float:
    longest = max(len(one), len(other))
    return 1 - jellyfish.levenshtein_distance(one, other) / longest if longest else 0.0


def _cheapest(costs: Sequence[dict[Place, float]], words: int) -> list[Place] | None:
    """A place for each slot, none overlapping, at the least cost in all.

    best[at][taken]: least cost of placing the slots in `taken` (a bit each) before word `at`.
    """
    every = 1 << len(costs)
    best = [[_NOWHERE] * every for _ in range(words + 1)]
    came: dict[tuple[int, int], tuple[int, int, int | None]] = {}
    best[0][0] = 0.0
    by_end: list[list[tuple[int, int, float]]] = [[] for _ in range(words + 1)]
    for slot, places in enumerate(costs):
        for (start, end), cost in places.items():
            by_end[end].append((slot, start, cost))
    for at in range(1, words + 1):
        for taken in range(every):
            best[at][taken] = best[at - 1][taken]
            came[at, taken] = (at - 1, taken, None)
            for slot, start, cost in by_end[at]:
                if taken >> slot & 1 and best[start][taken ^ 1 << slot] + cost < best[at][taken]:
                    best[at][taken] = best[start][taken ^ 1 << slot] + cost
                    came[at, taken] = (start, taken ^ 1 << slot, slot)
    if best[words][every - 1] == _NOWHERE:
        return None
    found: list[Place] = [(0, 0)] * len(costs)
    at, taken = words, every - 1
    while taken:
        start, rest, here = came[at, taken]
        if here is not None:
            found[here] = (start, at)
        at, taken = start, rest
    return found


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9))
