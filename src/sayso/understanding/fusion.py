"""What speaks for a skill, put into one score: a small net over a few figures of its texts.

    rows       each example, the name and each line of the description of a skill
    features   of a skill, from its rows: cosines, and shares of the utterance's words they hold
    score      clip((features - mean) / scale) through a linear map and one hidden layer

A score looks at one skill alone and at word rarities that were frozen when the index was built, so
that a new skill changes no other's. The weights are fitted list-wise (`sayso.training.selecting`);
scores are therefore log-odds among skills, without a zero. The shipped ones were fitted on half of
a store's English skills and serve every home. Some of what they learnt from was word for word an
example of the right skill, for such a sentence shall find it; most was taken out of it. How many
examples a skill has is no feature: taking one out to learn from it would give the answer away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

EXAMPLE, NAME, LINE = range(3)  # kinds of rows
KINDS = ALL = 3
FEATURES = (
    "example_cosine",  # of the nearest example; 0 without one, as in all that follow
    "name_cosine",
    "line_cosine",  # of the nearest line of the description
    "second_cosine",  # of the second nearest row of any kind
    "example_words",  # share of the utterance's words, by rarity, that all examples together hold
    "example_pairs",  # the same of its pairs of neighbouring words
    "example_dice",  # words that the likest example shares, of both sides' words
    "example_dice_pairs",  # the same, words and pairs
    "line_words",
    "line_pairs",
    "name_words",
    "name_dice",
    "all_words",  # that rows of any kind hold
    "all_pairs",
    "length",  # of the utterance: logarithm of the number of words
    "rarity",  # of the utterance: logarithm of its words' summed rarity
    "turned_example_cosine",  # of the nearest once the utterance is turned (`turning.py`)
    "turned_name_cosine",
    "turned_line_cosine",
)
CLIP = 4.0  # standard deviations; what is farther from the usual is not believed
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rows of n candidates hold of an utterance; r rows, w distinct words and pairs.

    starts: (n,) first row of each candidate, ascending from 0; each has a row at least.
    kinds: (r,) EXAMPLE, NAME or LINE, ascending within a candidate.
    cosines: (r,) to the utterance, zeros without an encoder; turned: (r,) the same after the maps,
        where there are none the same again.
    held: (r, w) which of the utterance's words and pairs a row has.
    own_words, own_terms: (r,) summed rarity of a row's distinct words; of its words and pairs.
    rarities: (w,) of the utterance's words and pairs; are_pairs: (w,) which of them are pairs.
    """

    starts: NDArray[np.intp]
    kinds: NDArray[np.integer[Any]]
    cosines: Floats
    turned: Floats
    held: NDArray[np.bool_]
    own_words: Floats
    own_terms: Floats
    rarities: Floats
    are_pairs: NDArray[np.bool_]

    @property
    def count(self) -> int:
        """How many candidates there are."""
        return len(self.starts)


def features_of(evidence: Evidence) -> Floats:
    """(n, len(FEATURES)) figures of the candidates, in the order of `FEATURES`."""
    rarities = _apart(evidence)
    totals = rarities.sum(axis=0) + np.float32(_TINY)
    shared = evidence.held.astype(np.float32) @ rarities
    groups = _groups(evidence)
    cosines, turned = groups.best(evidence.cosines), groups.best(evidence.turned)
    dice = groups.best(2 * shared[:, 0] / (totals[0] + evidence.own_words))
    both = shared[:, 0] + shared[:, 1]
    dice_pairs = groups.best(2 * both / (totals.sum() + evidence.own_terms))
    held = groups.together(evidence.held).astype(np.float32)
    words, pairs = np.moveaxis(held @ (rarities / totals), -1, 0)
    length = np.full(evidence.count, np.log1p(np.count_nonzero(~evidence.are_pairs)))
    columns = (
        *(cosines[:, EXAMPLE], cosines[:, NAME], cosines[:, LINE], _second(evidence)),
        *(words[:, EXAMPLE], pairs[:, EXAMPLE], dice[:, EXAMPLE], dice_pairs[:, EXAMPLE]),
        *(words[:, LINE], pairs[:, LINE], words[:, NAME], dice[:, NAME]),
        *(words[:, ALL], pairs[:, ALL], length, np.full_like(length, np.log1p(totals[0]))),
        *(turned[:, EXAMPLE], turned[:, NAME], turned[:, LINE]),
    )
    return np.stack(columns, axis=1).astype(np.float32)


def _apart(evidence: Evidence) -> Floats:
    """(w, 2) rarities, those of words and those of pairs in columns of their own."""
    pairs = evidence.are_pairs
    columns = [np.where(pairs, 0, evidence.rarities), np.where(pairs, evidence.rarities, 0)]
    return np.stack(columns, axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Groups:
    """Rows of one kind of one candidate lie side by side: g groups.

    firsts: (g,) first row of each; cells: (g,) candidate x KINDS + kind; count: of candidates.
    """

    firsts: NDArray[np.intp]
    cells: NDArray[np.intp]
    count: int

    def best(self, values: Floats) -> Floats:
        """(n, KINDS) largest of the rows' values (r,), at least 0."""
        table = np.zeros(self.count * KINDS, np.float32)
        table[self.cells] = np.maximum.reduceat(values, self.firsts)
        return np.maximum(table, 0).reshape(self.count, KINDS)

    def together(self, held: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(n, KINDS + 1, w) what the rows (r, w) of each kind hold together, and ALL of them."""
        bits = _packed(held)
        table = np.zeros((self.count, KINDS + 1, bits.shape[1]), np.uint8)
        candidates, kinds = np.divmod(self.cells, KINDS)
        table[candidates, kinds] = np.bitwise_or.reduceat(bits, self.firsts, axis=0)
        table[:, ALL] = table[:, EXAMPLE] | table[:, NAME] | table[:, LINE]
        return np.unpackbits(table, axis=2, count=held.shape[1]).view(np.bool_)


def _packed(held: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """(r, bytes) eight words in a byte, the last one filled up; `packbits` is slow row by row."""
    rows, words = held.shape
    filled = np.zeros((rows, -(-words // 8) * 8), np.bool_)
    filled[:, :words] = held
    return np.packbits(filled.ravel()).reshape(rows, -1)


def _groups(evidence: Evidence) -> _Groups:
    cells = _owners(evidence) * KINDS + evidence.kinds
    firsts = np.flatnonzero(_begin(cells))
    return _Groups(firsts, cells[firsts], evidence.count)


def _owners(evidence: Evidence) -> NDArray[np.intp]:
    """(r,) the candidate that each row belongs to."""
    begin = np.zeros(len(evidence.kinds), np.intp)
    begin[evidence.starts[1:]] = 1
    return begin.cumsum()


def _begin(values: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which values are others than the one before them; `np.diff` takes five times as long."""
    found = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found


def _second(evidence: Evidence) -> Floats:
    """(n,) cosine of each candidate's second nearest row, at least 0."""
    cosines = evidence.cosines.copy()
    owners = _owners(evidence)
    nearest = np.flatnonzero(cosines == np.maximum.reduceat(cosines, evidence.starts)[owners])
    first = _begin(owners[nearest])  # one of several that are as near
    cosines[nearest[first]] = 0.0
    return np.maximum(np.maximum.reduceat(cosines, evidence.starts), 0)


@dataclass(frozen=True, slots=True)
class Fusion:
    """Weights of the score; F features, H hidden units.

    mean, scale: (F,) of the features that were learnt from; linear: (F,); hidden: (F, H);
    bias, out: (H,).
    """

    mean: Floats
    scale: Floats
    linear: Floats
    hidden: Floats
    bias: Floats
    out: Floats

    def scores(self, features: Floats) -> Floats:
        """(n,) log-odds of candidates with these features (n, F): higher is likelier."""
        x = np.clip((features - self.mean) / self.scale, -CLIP, CLIP)
        bent = np.maximum(x @ self.hidden + self.bias, 0)
        scores: Floats = x @ self.linear + bent @ self.out
        return scores

    def contributions(self, features: Floats) -> Mapping[str, float]:
        """What each feature adds for one candidate (F,): its score less that with the mean."""
        without = np.repeat(features[None], len(FEATURES) + 1, axis=0)
        np.fill_diagonal(without, self.mean)
        scores = self.scores(without)
        return dict(zip(FEATURES, (scores[-1] - scores[:-1]).tolist(), strict=True))

    def to_json(self) -> dict[str, Any]:
        """As the bundle keeps it."""
        arrays = {name: getattr(self, name).tolist() for name in self.__slots__}
        return {"features": list(FEATURES), **arrays}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Fusion:
        """What `to_json` gave. Raises ValueError if it is of other features."""
        if tuple(raw["features"]) != FEATURES:
            raise ValueError("the weights are of other features; run `sayso train`")
        return cls(*(np.array(raw[name], np.float32) for name in cls.__slots__))


@lru_cache(maxsize=1)
def shipped() -> Fusion:
    """The weights that serve a home which has too few skills to fit its own."""
    text = files("sayso.understanding").joinpath("fusion.json").read_text(encoding="utf-8")
    return Fusion.from_json(json.loads(text))
