"""A store's English skills in memory, and exact figures of all of them for what is asked.

No index: every row is compared with every utterance, rounded to bytes and with words as rare as a
register has them. What is lost by not looking at all is measured elsewhere; this is for fitting the
selection score and for judging it.

Skills are parted by a hash of their id: what is fitted sees `TUNING` alone, what is reported is of
the others. In each of three turns every skill with two phrases that ask for something loses one of
them, all at once: if only the right skill lost one, having few would give it away.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks.selection import TONGUE
from sayso.encoders import Encoder
from sayso.skills.catalogue import CATALOGUE, PHRASES, catalogue_skills, id_of
from sayso.understanding.fusion import (
    EXAMPLE,
    KINDS,
    LINE,
    NAME,
    Evidence,
    Floats,
    features_of,
)
from sayso.understanding.heard import hear_all
from sayso.understanding.lessons import about
from sayso.understanding.shortlist.words import rarity, words_of
from sayso.understanding.turning import Turning
from sayso.understanding.vectors import from_bytes, to_bytes

TURNS = 3
CLUSTERS = 60
TUNING, TEST = 1, 0  # crc32 of a skill's id, modulo 2
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Asked:
    """A phrase that is taken out in a turn: its row, and the skill that it is a row of."""

    skill: int
    row: int
    turn: int


@dataclass(frozen=True, slots=True)
class Store:
    """s skills, r rows, those of a skill side by side with ascending kinds.

    topics: (s,) cluster of each skill, for the store names a category for one in twenty.
    reviews: of each skill; means: (s, d) unit vectors; owners, kinds: (r,); vectors: (r, d).
    terms: of row i `terms[bounds[i]:bounds[i + 1]]`, places in `vocabulary`; are_pairs: of those.
    gone: (TURNS, r) rows that are taken out; asked: what is asked for.
    """

    skills: Sequence[str]
    topics: Places
    reviews: Sequence[float]
    texts: Sequence[str]
    owners: Places
    kinds: Places
    vectors: Floats
    means: Floats
    terms: Places
    bounds: Places
    are_pairs: NDArray[np.bool_]
    gone: NDArray[np.bool_]
    asked: Sequence[Asked]

    def part(self, skill: int) -> int:
        """`TUNING` or `TEST`."""
        return crc32(self.skills[skill].encode()) % 2


def read_store(data: Path) -> Store:
    """The English skills of DATA/skills, heard. Ends the program if the files are missing."""
    from pyarrow import parquet

    missing = [x for x in (CATALOGUE, PHRASES) if not (data / x).is_file()]
    if missing:
        sys.exit(f"skipped: {data} lacks {', '.join(missing)}")
    rows, phrases = (
        [x for x in parquet.read_table(data / name).to_pylist() if _is_english(x)]
        for name in (CATALOGUE, PHRASES)
    )
    return _store([{**row, "phrases": None} for row in rows], phrases)


def _is_english(row: dict[str, Any]) -> bool:
    return str(row["locale"]).split("-")[0] == TONGUE


def _store(rows: Sequence[dict[str, Any]], phrases: Sequence[dict[str, Any]]) -> Store:
    found: list[tuple[int, int, str]] = []
    skills = catalogue_skills(rows, phrases)
    for number, skill in enumerate(skills):
        (language,) = skill.languages
        name, *lines = about(skill, language)
        samples = dict.fromkeys(x for intent in language.intents for x in intent.samples)
        found += [(number, EXAMPLE, text) for text in samples]
        found += [(number, NAME, name), *((number, LINE, text) for text in lines)]
    ids = [skill.id for skill in skills]
    by_id = {id_of(row): row for row in rows}
    texts = [text for *_, text in found]
    owners, kinds = (np.array([row[i] for row in found]) for i in (0, 1))
    asked, gone = _taken_out(ids, found, phrases)
    vectors = _vectors(texts)
    means = _means(vectors, owners, ~gone[0])
    return Store(
        ids,
        clusters(means),
        [float(by_id[id]["reviews"] or 0) for id in ids],
        texts,
        owners,
        kinds,
        vectors,
        means,
        *_terms(texts),
        gone,
        asked,
    )


def _taken_out(
    ids: Sequence[str], found: Sequence[tuple[int, int, str]], phrases: Sequence[dict[str, Any]]
) -> tuple[list[Asked], NDArray[np.bool_]]:
    places = {(owner, text): i for i, (owner, kind, text) in enumerate(found) if kind == EXAMPLE}
    numbers = {id: number for number, id in enumerate(ids)}
    rows: dict[int, dict[int, None]] = defaultdict(dict)
    for phrase in phrases:
        skill = numbers[id_of(phrase)]
        if phrase["selectable"] and (skill, phrase["name_free"]) in places:
            rows[skill][places[skill, phrase["name_free"]]] = None
    gone = np.zeros((TURNS, len(found)), np.bool_)
    asked = []
    for skill, own in rows.items():
        for turn in range(TURNS if len(own) > 1 else 0):
            row = list(own)[(crc32(ids[skill].encode()) + turn) % len(own)]
            gone[turn, row] = True
            if turn < len(own):
                asked.append(Asked(skill, row, turn))
    return asked, gone


def _vectors(texts: Sequence[str]) -> Floats:
    distinct = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    heard = hear_all(list(distinct), Encoder.load(threads=1))
    vectors = np.stack([one.pooled for one in heard if one.pooled is not None])
    return vectors[[distinct[text] for text in texts]].astype(np.float32)


def _means(vectors: Floats, owners: Places, kept: NDArray[np.bool_]) -> Floats:
    """Unit vectors of skills: the mean of their rows, but for those that are taken out first."""
    sums = np.zeros((owners[-1] + 1, vectors.shape[1]), np.float32)
    np.add.at(sums, owners[kept], vectors[kept])
    means: Floats = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    return means


def clusters(means: Floats) -> Places:
    """The cluster of each skill by spherical k-means, seeded."""
    centres = means[
        np.random.default_rng(0).choice(len(means), min(CLUSTERS, len(means)), replace=False)
    ]
    for _ in range(20):
        nearest = (means @ centres.T).argmax(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, means)
        empty = ~sums.any(axis=1)
        sums[empty] = centres[empty]
        centres = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    clusters: Places = (means @ centres.T).argmax(axis=1)
    return clusters


def _terms(texts: Sequence[str]) -> tuple[Places, Places, NDArray[np.bool_]]:
    vocabulary: dict[str, int] = {}
    rows = [
        [vocabulary.setdefault(term, len(vocabulary)) for term in dict.fromkeys(words_of(text))]
        for text in texts
    ]
    terms = np.array([term for row in rows for term in row], np.intp)
    bounds = np.cumsum([0, *map(len, rows)])
    return terms, bounds, np.array([" " in term for term in vocabulary])


class Turn:
    """All skills as they are in one turn."""

    def __init__(self, store: Store, turn: int) -> None:
        self.store = store
        self.kept = np.flatnonzero(~store.gone[turn])
        self.owners, self.kinds = store.owners[self.kept], store.kinds[self.kept]
        vectors = from_bytes(*to_bytes(store.vectors[self.kept])).astype(np.float32)
        self.by_kind = [(own, vectors[own]) for own in map(self._of_kind, range(KINDS))]
        lengths = np.diff(store.bounds)[self.kept]
        self.rows = np.repeat(np.arange(len(self.kept)), lengths)  # that each term is in
        self.terms = np.concatenate(
            [store.terms[store.bounds[i] : store.bounds[i + 1]] for i in self.kept]
        )
        self.rarities = self._rarities()
        weights = self.rarities[self.terms]
        words = np.where(store.are_pairs[self.terms], 0, weights)
        self.own_words = np.bincount(self.rows, words, len(self.kept)).astype(np.float32)
        self.own_terms = np.bincount(self.rows, weights, len(self.kept)).astype(np.float32)
        self.starts = np.searchsorted(self.owners, np.arange(len(store.skills)))
        order = np.argsort(self.terms, kind="stable")
        self.holders = self.rows[order]  # rows by term
        self.first = np.searchsorted(self.terms[order], np.arange(len(store.are_pairs) + 1))

    def _rarities(self) -> Floats:
        """Of every term, by the number of groups that have it: examples, or all else of a skill."""
        size = len(self.store.are_pairs)
        groups = 2 * self.owners + (self.kinds == EXAMPLE)
        pairs = np.unique(groups[self.rows] * size + self.terms)
        counts = np.bincount(pairs % size, minlength=size)
        counts[(counts == 1) & self.store.are_pairs] = 0  # a register does not keep these
        total = len(np.unique(groups))
        known = np.array([rarity(count, total) for count in range(int(counts.max()) + 1)])
        return known[counts].astype(np.float32)

    def _of_kind(self, kind: int) -> Places:
        return np.flatnonzero(self.kinds == kind)

    def _cosines(self, vectors: Floats) -> Floats:
        """(rows,) with the vector (KINDS, d) that rows of a kind are compared with."""
        cosines = np.zeros(len(self.kept), np.float32)
        for (own, theirs), each in zip(self.by_kind, vectors, strict=True):
            cosines[own] = theirs @ each
        return cosines

    def features(self, row: int, turning: Turning | None = None) -> Floats:
        """(skills, F) figures of every skill for the text of a row that was taken out."""
        store = self.store
        terms = store.terms[store.bounds[row] : store.bounds[row + 1]]
        held = np.zeros((len(self.kept), len(terms)), np.bool_)
        for column, term in enumerate(terms):
            held[self.holders[self.first[term] : self.first[term + 1]], column] = True
        cosines = self._cosines(np.repeat(store.vectors[row][None], KINDS, axis=0))
        return features_of(
            Evidence(
                self.starts,
                self.kinds,
                cosines,
                cosines if turning is None else self._cosines(turning.turned(store.vectors[row])),
                held,
                self.own_words,
                self.own_terms,
                self.rarities[terms],
                store.are_pairs[terms],
            )
        )
