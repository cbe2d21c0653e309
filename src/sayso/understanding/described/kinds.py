"""Which words may be a value, and of what kind of slot: by likeness to slots learnt from.

The kinds are the slots of the services that were learnt from. A slot never seen is like those that
are described like it: what speaks for a span being `check_in_date` speaks for `arrival day`, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.described.sketch import Lens, Sketched, span_figures, word_figures
from sayso.understanding.described.slots import DescribedIntent, DescribedSlot
from sayso.understanding.softmax import probabilities

Floats = NDArray[np.float32]
MOST_SPANS = 12
MOST_WORDS = 10  # of a span
LIKELY = 0.015  # chance of a span from which on it is looked at
SHARP = (2.0, 6.0)  # how sharply likeness of descriptions counts: `fits` has a column for each
_TABLES = (
    "down", "edges", "spans", "topics", "metric", "prototypes", "goals", "titles", "purposes",
)  # fmt: skip
NEAR = 0.1  # cosine of two descriptions that say nothing alike


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """What was learnt of spans.

    edges: (lens.words, 3) outside, begins, goes on. spans: (lens.spans, kinds + 1), the last
    for no value at all. topics: (d, kinds), chance that an utterance says something of a slot
    without a value of it. metric: (2 d + 1, m), from name and description to a space where those
    of one slot lie together, however they are worded; prototypes: (n, m), of (n,) `owners`.
    goals: (d, aims), what is wanted, of intents that are called and described so: titles, aims.
    """

    lens: Lens
    edges: Floats
    spans: Floats
    topics: Floats
    metric: Floats
    prototypes: Floats
    owners: NDArray[np.int64]
    goals: Floats
    titles: Floats
    purposes: Floats

    @property
    def count(self) -> int:
        """How many kinds there are."""
        return int(self.spans.shape[1]) - 1

    def likeness(self, slots: Sequence[DescribedSlot]) -> Floats:
        """(slots, kinds): how alike slots and the kinds are described, in [0, 1]."""
        best = np.zeros((len(slots), self.count), np.float32)
        if not slots:
            return best
        near = placed(slots, self.metric) @ self.prototypes.T
        for place, owner in enumerate(self.owners):
            best[:, owner] = np.maximum(best[:, owner], near[:, place])
        return np.asarray(np.clip((best - NEAR) / (1 - NEAR), 0.0, 1.0), np.float32)

    def candidates(self, seen: Sketched) -> list[tuple[int, int, float]]:
        """Spans [first, last) that may be values, with their chance; likeliest first."""
        if not len(seen.few):
            return []
        chances = probabilities(word_figures(seen, self.lens) @ self.edges)  # (n, 3)
        found: dict[tuple[int, int], float] = {}
        count = len(chances)
        for first in range(count):
            chance = float(chances[first, 1])
            for last in range(first + 1, min(count, first + MOST_WORDS) + 1):
                if chance < LIKELY:
                    break
                ends = 1.0 if last == count else 1.0 - float(chances[last, 2])
                if chance * ends >= LIKELY:
                    found[first, last] = chance * ends
                if last < count:
                    chance *= float(chances[last, 2])
        best = sorted(found, key=lambda place: -found[place])[:MOST_SPANS]
        for ranges in seen.read:
            for first, last, _ in ranges:
                if (first, last) not in best:
                    best.append((first, last))
        return [(*place, found.get(place, 0.0)) for place in best]

    def of(self, seen: Sketched, places: Sequence[tuple[int, int]]) -> Floats:
        """(spans, kinds + 1): the chance of each kind; the last: no value."""
        scores = span_figures(seen, places, self.lens) @ self.spans
        return np.asarray(probabilities(scores), np.float32)

    def about(self, figures: Floats) -> Floats:
        """(kinds,): chance that an utterance says something of each without naming a value."""
        return np.asarray(1 / (1 + np.exp(-(figures @ self.topics))), np.float32)

    def goals_like(self, intents: Sequence[DescribedIntent]) -> Floats:
        """(intents, aims): how alike intents and those learnt from are described, in [0, 1]."""
        if not intents:
            return np.zeros((0, len(self.titles)), np.float32)
        titles, told = np.stack([x.title for x in intents]), np.stack([x.told for x in intents])
        near = 0.5 * (titles @ self.titles.T) + 0.5 * (told @ self.purposes.T)
        return np.asarray(np.clip((near - NEAR) / (1 - NEAR), 0.0, 1.0), np.float32)

    def aims(self, figures: Floats) -> Floats:
        """(aims,): chances of what is wanted, if anything is. figures: of `Acts`."""
        return np.asarray(probabilities(figures @ self.goals), np.float32)

    def pack(self) -> dict[str, NDArray[Any]]:
        """Arrays by name; half precision is plenty."""
        words = sorted(self.lens.common, key=lambda word: self.lens.common[word])
        tables = {
            "down": self.lens.down,
            "edges": self.edges,
            "spans": self.spans,
            "topics": self.topics,
            "metric": self.metric,
            "prototypes": self.prototypes,
            "goals": self.goals,
            "titles": self.titles,
            "purposes": self.purposes,
        }
        halves = {name: table.astype(np.float16) for name, table in tables.items()}
        return {**halves, "owners": self.owners, "common": np.array(words, np.str_)}

    @classmethod
    def unpack(cls, tensors: Mapping[str, NDArray[np.generic]]) -> Kinds:
        """The counterpart of `pack`."""
        single = {name: tensors[name].astype(np.float32) for name in _TABLES}
        common = {str(word): at for at, word in enumerate(tensors["common"])}
        lens = Lens(single.pop("down"), common)
        return cls(lens, owners=tensors["owners"].astype(np.int64), **single)


def placed(slots: Sequence[DescribedSlot], metric: Floats) -> Floats:
    """(slots, m): where slots lie by how they are called and described, of length 1."""
    one = np.ones(1, np.float32)
    told = np.stack([np.concatenate([x.name, x.told, one]) for x in slots]) @ metric
    return np.asarray(told / np.maximum(np.linalg.norm(told, axis=1, keepdims=True), 1e-6))


def fits(chances: Floats, likeness: Floats) -> Floats:
    """(len(SHARP), spans, slots): how a span's kinds fit each slot, by likeness of descriptions.

    chances: (spans, kinds [+ 1]); likeness: (slots, kinds).
    """
    kinds = likeness.shape[1]
    return np.stack([chances[:, :kinds] @ (likeness**sharp).T for sharp in SHARP])
