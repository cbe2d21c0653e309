"""What speaks for a skill: how near its rows come to an utterance, which of its words they hold.

A skill's score is that of its examples or that of its name and description, whichever is better,
and half of the other's: usage examples beat descriptions (after the tool-retrieval study
arXiv:2409.02141), and what both say counts for more than what one does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.contract import Heard
from sayso.understanding.shortlist.rows import EXAMPLE, Rows
from sayso.understanding.shortlist.words import Said, Terms, term, words_of

DENSE_SHARE = 0.6  # of a score; the rest is word overlap
SECOND = 0.5  # weight of the lesser kind of evidence, examples or description, beside the better
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

    cosines: (n,); holds: (n, q) whether a row has a term of the utterance; terms: of each row.
    """

    cosines: Floats
    holds: NDArray[np.bool_]
    said: Said
    terms: Sequence[Terms]

    def match(self, members: Sequence[int]) -> Match:
        """How well the examples of those numbers fit, which are not none."""
        cosines = self.cosines[members]
        nearest = int(cosines.argmax())
        held = self.holds[members].any(axis=0)
        overlap = float(self.said.rarity[held].sum()) / self.said.total
        return Match(float(cosines[nearest]), overlap, members[nearest])

    def cover(self, members: Sequence[int], text: str) -> float:
        """Share of a text's words, weighted by rarity, that those examples hold.

        text: the utterance with words left out.
        """
        held = {each for at in members for each in self.terms[at].tolist()}
        rarity = dict(zip(self.said.terms.tolist(), self.said.rarity.tolist(), strict=True))
        # Pairs that arise where a word was left out were never said: they are as rare as any.
        most = max(rarity.values(), default=0.0)
        total = covered = 0.0
        for each in {term(word) for word in words_of(text)}:
            weight = rarity.get(each, most)
            total += weight
            covered += weight * (each in held)
        return covered / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Compared:
    """Rows of some skills, compared with an utterance. cosines: (rows,); holds: (rows, q)."""

    rows: Rows
    said: Said
    cosines: Floats
    holds: NDArray[np.bool_]

    def of(self, at: int) -> Evidence:
        """What speaks for the skill of that number."""
        rows, span = self.rows, slice(*self.rows.starts[at : at + 2])
        ends = rows.ends[span.start : span.stop + 1]
        terms = [rows.terms[a:b] for a, b in pairwise(ends)]
        return Evidence(self.cosines[span], self.holds[span], self.said, terms)

    def scores(self) -> Floats:
        """(skills,) the score of each skill; a function of the skill and the utterance alone."""
        examples = self.rows.kinds == EXAMPLE
        one, other = self._best(examples), self._best(~examples)
        both = np.maximum(one, other) + SECOND * np.minimum(one, other)
        return (both / (1.0 + SECOND)).astype(np.float32)

    def _best(self, which: NDArray[np.bool_]) -> Floats:
        """(skills,) closeness and overlap of the best of those rows; 0 where a skill has none."""
        overlap = (self.holds @ self.said.rarity) / np.float32(self.said.total)
        each = DENSE_SHARE * self.cosines + (1 - DENSE_SHARE) * overlap
        starts, ends = self.rows.starts[:-1], self.rows.starts[1:]
        some = ends > starts
        found = np.zeros(len(starts), np.float32)
        if some.any():
            found[some] = np.maximum.reduceat(np.where(which, each, 0.0), starts[some])
        return found


def compare(rows: Rows, said: Said, heard: Heard) -> Compared:
    """The rows beside what was heard."""
    return Compared(rows, said, rows.cosines(heard.pooled), rows.holds(said.terms))
