"""What speaks for a skill: how near its rows come to an utterance, which of its words they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sayso.understanding import fusion
from sayso.understanding.contract import Heard
from sayso.understanding.shortlist.rows import EXAMPLE, Rows
from sayso.understanding.shortlist.words import Said, Terms, term, words_of

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Match:
    """How well one intent fits: cosine of its nearest example, word overlap in [0, 1].

    nearest: number of that example among the skill's.
    """

    cosine: float
    overlap: float
    nearest: int


NO_MATCH = Match(0.0, 0.0, 0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one skill, row by row, in the order of its `Examples`.

    kinds, cosines: (n,); holds: (n, q) whether a row has a term of the utterance.
    numbers, scales: (n, d), (n,) the rows' vectors, as `Rows` has them.
    terms: of all rows; ends: (n + 1,) first term of each row, and the end.
    """

    kinds: NDArray[np.uint8]
    numbers: NDArray[np.int8]
    scales: Floats
    cosines: Floats
    holds: NDArray[np.bool_]
    said: Said
    terms: Terms
    ends: NDArray[np.intp]

    @property
    def nearest(self) -> int | None:
        """Number of the nearest example of any intent, None if there is none."""
        examples = np.flatnonzero(self.kinds == EXAMPLE)
        return int(examples[self.cosines[examples].argmax()]) if len(examples) else None

    def match(self, members: Sequence[int]) -> Match:
        """How well the examples of those numbers fit, which are not none."""
        span = side_by_side(members)
        cosines = self.cosines[span]
        nearest = int(cosines.argmax())
        held = self.holds[span].any(axis=0)
        overlap = float(self.said.rarity[held].sum()) / self.said.total
        return Match(float(cosines[nearest]), overlap, members[nearest])

    def cover(self, members: Sequence[int], text: str) -> float:
        """Share of a text's words, weighted by rarity, that those examples hold.

        text: the utterance with words left out.
        """
        wanted = {term(word) for word in words_of(text)}
        sought = np.fromiter(wanted, np.uint32, len(wanted))
        held = set(sought[self.has(members, sought)].tolist())
        rarity = dict(zip(self.said.terms.tolist(), self.said.rarity.tolist(), strict=True))
        # Pairs that arise where a word was left out were never said: they are as rare as any.
        most = max(rarity.values(), default=0.0)
        total = covered = 0.0
        for each in wanted:
            weight = rarity.get(each, most)
            total += weight
            covered += weight * (each in held)
        return covered / total if total else 0.0

    def near(self, members: Sequence[int], vectors: Floats) -> Floats:
        """(members, n) cosines of those examples with n unit vectors; 0 of another encoder's."""
        if self.numbers.shape[1] != vectors.shape[1]:
            return np.zeros((len(members), len(vectors)), np.float32)
        rows = np.array(members, np.intp)
        # From bytes: out of the half precision of `Examples` it takes six times as long.
        found: Floats = self.numbers[rows].astype(np.float32) @ vectors.T
        return found * self.scales[rows, None]

    def has(self, members: Sequence[int], terms: Terms) -> NDArray[np.bool_]:
        """(terms,) which of these, that need not have been said, those examples hold together."""
        held = np.zeros(len(terms), np.bool_)
        for first, end in _runs(members):
            held |= self._between(first, end, terms)
        return held

    def has_any(self, terms: Terms) -> bool:
        """Whether any row holds any of these."""
        return bool(self._between(0, len(self.ends) - 1, terms).any())

    def _between(self, first: int, end: int, terms: Terms) -> NDArray[np.bool_]:
        own = self.terms[self.ends[first] : self.ends[end]]
        found: NDArray[np.bool_] = (own == terms[:, None]).any(axis=1)
        return found


def side_by_side(rows: Sequence[int]) -> slice | Sequence[int]:
    """Rows, ascending and not none, to be indexed: as a slice, which is no copy, where they can."""
    return slice(rows[0], rows[-1] + 1) if _is_run(rows) else rows


def _is_run(rows: Sequence[int]) -> bool:
    return rows[-1] - rows[0] + 1 == len(rows)


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First row and end of each run of neighbours."""
    if rows and _is_run(rows):
        yield rows[0], rows[-1] + 1
        return
    for _, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
        (_, first), *others = run
        yield first, first + 1 + len(others)


@dataclass(frozen=True, slots=True)
class Compared:
    """Rows of some skills, compared with an utterance.

    cosines: (rows,); turned: (rows,) the same after the maps, if there are any; holds: (rows, q).
    """

    rows: Rows
    said: Said
    cosines: Floats
    turned: Floats
    holds: NDArray[np.bool_]

    def of(self, at: int) -> Evidence:
        """What speaks for the skill of that number."""
        rows, span = self.rows, slice(*self.rows.starts[at : at + 2])
        return Evidence(
            rows.kinds[span],
            rows.numbers[span],
            rows.scales[span],
            self.cosines[span],
            self.holds[span],
            self.said,
            rows.terms,
            rows.ends[span.start : span.stop + 1],
        )

    def nearest(self) -> Floats:
        """(skills,) cosine of each one's nearest example, 0 where it has none or no vectors."""
        cosines = np.where(self.rows.kinds == EXAMPLE, self.cosines, np.float32(0))
        return np.maximum(np.maximum.reduceat(cosines, self.rows.starts[:-1]), 0)

    def mean(self, at: int) -> Floats:
        """(d,) unit mean of a skill's vectors; zeros where there are none."""
        span = slice(*self.rows.starts[at : at + 2])
        total = self.rows.scales[span] @ self.rows.numbers[span].astype(np.float32)
        found: Floats = total / max(float(np.linalg.norm(total)), 1e-9)
        return found

    def features(self) -> Floats:
        """(skills, features) what the score is made of, as `fusion.FEATURES` names it."""
        rows = self.rows
        return fusion.features_of(
            fusion.Evidence(
                starts=rows.starts[:-1],
                kinds=rows.kinds,
                cosines=self.cosines,
                turned=self.turned,
                held=self.holds,
                own_words=rows.rare_words,
                own_terms=rows.rare_terms,
                rarities=self.said.rarity,
                are_pairs=self.said.pairs,
            )
        )


def compare(rows: Rows, said: Said, heard: Heard, turned: Floats | None = None) -> Compared:
    """The rows beside what was heard. turned: its vector after the maps, None for as it is."""
    if turned is None or heard.pooled is None:
        cosines = near = rows.cosines(heard.pooled)
    else:
        cosines, near = rows.both_cosines(heard.pooled, turned)
    return Compared(rows, said, cosines, near, rows.holds(said.terms))
