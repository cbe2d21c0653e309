"""What skills say for themselves, as rows that are compared with an utterance all at once.

A row is one example, or the name, or a line of the description. A skill's rows at rest are a
record, little-endian:

2, 4, 4 bytes   length of the id; rows; terms of all rows
id              UTF-8
rows            each: numbers of its vector (int8), their scale (float32), how rare its words are
                together, and its words and pairs (float32), kind, words, terms (uint16)
terms           uint32 each, row after row, each once in a row, words before pairs
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.contract import Matrix
from sayso.understanding.doubt import Refused
from sayso.understanding.shortlist.words import Rarity, Terms, terms_of
from sayso.understanding.vectors import to_bytes

EXAMPLE, NAME, ABOUT = 0, 1, 2  # kinds of rows
_HEAD = struct.Struct("<HII")
_NONE = np.zeros(0, np.uint32)
_NOTHING = np.zeros(0, np.float32)
_BLOCK = 256  # rows that are compared at a time


@dataclass(frozen=True)
class Examples:
    """What one skill contributes in one locale.

    intents: for each example the intent it belongs to, "" for the name and the description.
    texts: the examples; vectors: (n, d) unit rows, or None where no encoder is used.
    refused: what the skill has turned down, None if nothing is known of that. It is no row.
    """

    skill: str
    intents: Sequence[str]
    texts: Sequence[str]
    vectors: Matrix | None = None
    refused: Refused | None = None

    def members(self, intent: str) -> Sequence[int]:
        """The numbers of an intent's examples, ascending."""
        return self._groups.get(intent, ())

    def groups(self) -> Iterator[tuple[str, Sequence[int]]]:
        """Each intent with the numbers of its examples."""
        yield from self._groups.items()

    @cached_property
    def _groups(self) -> Mapping[str, Sequence[int]]:
        # Kept: of an imported skill's thousands of examples every turn asks for a few intents'.
        members: dict[str, list[int]] = {}
        for at, intent in enumerate(self.intents):
            members.setdefault(intent, []).append(at)
        return members


@dataclass(frozen=True, slots=True)
class Places:
    """Which rows hold a term. terms: of all rows, sorted; rows: the row of each of these."""

    terms: Terms
    rows: NDArray[np.int32]

    def of(self, terms: Terms) -> Iterator[NDArray[np.int32]]:
        """The rows that hold each of these terms."""
        firsts = np.searchsorted(self.terms, terms, side="left")
        ends = np.searchsorted(self.terms, terms, side="right")
        for first, end in zip(firsts.tolist(), ends.tolist(), strict=True):
            yield self.rows[first:end]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of some skills, skill after skill.

    skills: their ids; starts: (skills + 1,) first row of each, and the end.
    numbers: (rows, d) int8; scales: (rows,); kinds: (rows,), ascending within a skill.
    rare_words, rare_terms: (rows,) summed rarity of a row's words; of its words and pairs.
    terms: of all rows; ends: (rows + 1,) first term of each row, and the end.
    places: where each term is, of rows that are kept; None of those read for one utterance.
    """

    skills: Sequence[str]
    starts: NDArray[np.intp]
    numbers: NDArray[np.int8]
    scales: NDArray[np.float32]
    kinds: NDArray[np.uint8]
    rare_words: NDArray[np.float32]
    rare_terms: NDArray[np.float32]
    terms: Terms
    ends: NDArray[np.intp]
    places: Places | None = None

    def cosines(self, pooled: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """(rows,) with the vector of an utterance; zeros where there is none."""
        if pooled is None or self.numbers.shape[1] != len(pooled):
            return np.zeros(len(self.kinds), np.float32)
        # Block by block: what many long skills would take for a moment stays with the process.
        blocks = [
            self.numbers[at : at + _BLOCK].astype(np.float32) @ pooled
            for at in range(0, len(self.numbers), _BLOCK)
        ]
        found: NDArray[np.float32] = np.concatenate([_NOTHING, *blocks]) * self.scales
        return found

    def both_cosines(
        self, pooled: NDArray[np.float32], turned: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(rows,) with the vector of an utterance, and with that turned towards each row's kind.

        turned: (kinds, d).
        """
        if self.numbers.shape[1] != len(pooled):
            return (np.zeros(len(self.kinds), np.float32),) * 2
        cosines, near = np.empty((2, len(self.kinds)), np.float32)
        for at in range(0, len(self.numbers), _BLOCK):
            numbers = self.numbers[at : at + _BLOCK].astype(np.float32)
            # Row by row: in a product the last digit depends on how many rows there are.
            np.vecdot(numbers, pooled, out=cosines[at : at + _BLOCK])
            np.vecdot(numbers, turned[EXAMPLE], out=near[at : at + _BLOCK])
        others = np.flatnonzero(self.kinds != EXAMPLE)  # a few of each skill
        for kind in (NAME, ABOUT):
            own = others[self.kinds[others] == kind]
            near[own] = np.vecdot(self.numbers[own].astype(np.float32), turned[kind])
        return cosines * self.scales, near * self.scales

    def holds(self, terms: Terms) -> NDArray[np.bool_]:
        """(rows, terms) whether a row has a term; the terms are sorted."""
        if self.places is None:
            return _holding(self.terms, self.ends, terms)
        found = np.zeros((len(self.kinds), len(terms)), np.bool_)
        for column, rows in enumerate(self.places.of(terms)):
            found[rows, column] = True
        return found


def placed(rows: Rows) -> Rows:
    """The same rows for many utterances: a term is looked up in place of looked for."""
    order = np.argsort(rows.terms)
    of_rows = np.repeat(np.arange(len(rows.kinds), dtype=np.int32), np.diff(rows.ends))
    return replace(rows, places=Places(rows.terms[order], of_rows[order]))


def _holding(terms: Terms, ends: NDArray[np.intp], wanted: Terms) -> NDArray[np.bool_]:
    """(rows, wanted) whether a row has a term; those wanted are sorted.

    terms: of all rows; ends: (rows + 1,) first of each row, and the end.
    """
    found = np.zeros((len(ends) - 1, len(wanted)), np.bool_)
    if len(wanted) and len(terms):
        near = np.flatnonzero(_sieve(wanted)[terms & _LOW])
        places = np.minimum(np.searchsorted(wanted, terms[near]), len(wanted) - 1)
        same = wanted[places] == terms[near]
        rows = np.searchsorted(ends, near[same], side="right") - 1
        found[rows, places[same]] = True
    return found


_LOW = np.uint32(0xFFFF)


def _sieve(terms: Terms) -> NDArray[np.bool_]:
    """Which low halves are those of a term; looking these up first is ten times faster."""
    sieve = np.zeros(_LOW + 1, np.bool_)
    sieve[terms & _LOW] = True
    return sieve


@lru_cache
def _row(dimensions: int) -> np.dtype[np.void]:
    return np.dtype(
        [
            ("numbers", "i1", (dimensions,)),
            ("scale", "<f4"),
            ("rare_words", "<f4"),
            ("rare_terms", "<f4"),
            ("kind", "u1"),
            ("words", "<u2"),
            ("terms", "<u2"),
        ]
    )


def encode(examples: Examples, rarity: Rarity | None = None) -> bytes:
    """A skill's rows as a record. rarity: None leaves how rare they are to `with_rarity`.

    Raises ValueError where the name and what else belongs to no intent is not last.
    """
    count, kinds = len(examples.texts), kinds_of(examples.intents)
    if sorted(kinds) != kinds:
        raise ValueError(f"{examples.skill}: examples of intents come first, then name and lines")
    id = examples.skill.encode()
    terms = [terms_of(text) for text in examples.texts]
    size = examples.vectors.shape[1] if examples.vectors is not None else 0
    table = np.zeros(count, _row(size))
    if examples.vectors is not None and count:
        table["numbers"], table["scale"] = to_bytes(examples.vectors)
    table["kind"] = kinds
    table["words"] = [len(words) for words, _ in terms]
    table["terms"] = [len(words) + len(pairs) for words, pairs in terms]
    if rarity is not None:
        rare = [[sum(map(rarity.of, each.tolist())) for each in both] for both in terms]
        table["rare_words"] = [words for words, _ in rare]
        table["rare_terms"] = [words + pairs for words, pairs in rare]
    flat = np.concatenate([_NONE, *(each for both in terms for each in both)]).astype("<u4")
    head = _HEAD.pack(len(id), count, len(flat))
    return b"".join([head, id, table.tobytes(), flat.tobytes()])


def with_rarity(record: bytes, dimensions: int, rare: NDArray[np.float32]) -> bytes:
    """The record with (terms,) the rarity of each term of its rows filled in."""
    length, count, _ = _HEAD.unpack_from(record)
    start = _HEAD.size + length
    table = np.frombuffer(record, _row(dimensions), count, start).copy()
    ends = np.cumsum(table["terms"], dtype=np.intp)
    firsts = ends - table["terms"]
    sums = np.concatenate([[0.0], np.cumsum(rare, dtype=np.float64)])
    table["rare_words"] = sums[firsts + table["words"]] - sums[firsts]
    table["rare_terms"] = sums[ends] - sums[firsts]
    return record[:start] + table.tobytes() + record[start + table.nbytes :]


def kinds_of(intents: Sequence[str]) -> list[int]:
    """The kind of each example; the first that belongs to no intent is the name."""
    kinds = [ABOUT if intent == "" else EXAMPLE for intent in intents]
    if ABOUT in kinds:
        kinds[kinds.index(ABOUT)] = NAME
    return kinds


def decode(records: Iterable[bytes], dimensions: int) -> Rows:
    """The rows of these records; dimensions: of their vectors. Raises ValueError if one is cut."""
    kind = _row(dimensions)
    width, begin, head = kind.itemsize, _HEAD.size, _HEAD.unpack_from
    ids, counts, tables, words = [], [], [], []
    for record in records:
        length, count, terms = head(record)
        start = begin + length
        middle = start + count * width
        if len(record) != middle + 4 * terms:
            raise ValueError("a skill's examples are cut off")
        ids.append(record[begin:start].decode())
        counts.append(count)
        tables.append(record[start:middle])
        words.append(record[middle:])
    table = np.frombuffer(b"".join(tables), kind)
    return Rows(
        ids,
        np.fromiter(accumulate(counts, initial=0), np.intp, len(counts) + 1),
        table["numbers"],
        np.ascontiguousarray(table["scale"]),
        np.ascontiguousarray(table["kind"]),
        np.ascontiguousarray(table["rare_words"]),
        np.ascontiguousarray(table["rare_terms"]),
        np.frombuffer(b"".join(words), "<u4"),
        np.concatenate([[0], np.cumsum(table["terms"], dtype=np.intp)]),
    )
