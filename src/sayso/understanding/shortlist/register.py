"""A tongue's skills on disk, ready to be searched: a file that training writes and nobody changes.

    8, 8, 8 bytes   magic; where the table stands; its length
    records         what is compared exactly, a skill in a locale after another (`rows.py`)
    terms           sorted, 16 bytes each: term, groups that hold it, first of its postings, count
    postings        uint32: the units that hold a word
    table           safetensors, memory-mapped: `Table`

A unit is a skill in one locale; the units of a skill stand side by side. Only what each utterance
needs is read of records, terms and postings, so they take no memory of the process.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.bundle import Packed, Segment, unpack_tensors
from sayso.errors import BundleError
from sayso.understanding.fusion import Floats
from sayso.understanding.shortlist.codes import BITS, Coded, Coder
from sayso.understanding.shortlist.rows import Rows, decode
from sayso.understanding.shortlist.words import Said, key, rarity

MAGIC = b"SAYSO-R\n"
HEAD = struct.Struct("<8sQQ")
TERM = np.dtype([("term", "<u4"), ("groups", "<u4"), ("first", "<u4"), ("count", "<u4")])
LARGE = 500  # units from which on not all are compared
LIKELY = 176  # units that are compared exactly because signs and words together speak for them
ALIKE = 16  # that are in any case, because of their signs alone
WORDY = 112  # because of the utterance's rarest words alone
WORDED = 512  # postings of the rarest words that are looked at with the signs
WORDS = 1.0  # what all words of the utterance weigh, beside signs that are all the same
WORDS_ALONE = 400  # units that are compared where nothing but words tells what is near
MOST_POSTED = 48_000  # postings looked at for an utterance; the commonest words come last
_COMMON = 4096  # words whose rarity is kept
Units = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of a term: groups that hold it, and where the units that do are listed."""

    groups: int = 0
    first: int = 0
    count: int = 0


class Register:
    """An open register. Safe for many threads, and shared among processes that open the same."""

    def __init__(self, segment: Segment) -> None:
        """Raises BundleError for a file that is damaged or no register."""
        self._segment = segment
        magic, start, length = HEAD.unpack(segment.read(0, HEAD.size))
        if magic != MAGIC:
            raise BundleError(f"{segment.path}: no register of skills; retrain with: sayso train")
        try:
            table = segment.map(start, length)
            self._set(unpack_tensors(table), start, table)
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError(
                f"{segment.path}: damaged ({error}); retrain with: sayso train"
            ) from error

    def _set(self, packed: Packed, start: int, table: memoryview) -> None:
        """start: where the table stands in the file."""
        tables, said = packed.tensors, packed.settings
        self.dimensions: int = said["dimensions"]
        self.groups: int = said["groups"]
        self.locales: Sequence[str] = said["locales"]
        self.standard: Sequence[str] = said["standard"]
        self._terms_at: int = said["terms_at"]
        self._postings_at: int = said["postings_at"]
        self._shift: int = said["shift"]
        self._offsets = tables["offsets"]
        self._buckets = tables["buckets"]
        self._first = tables["first"].view(np.bool_)
        self._locale = tables["locale"]
        self._ids, self._id_units = tables["ids"], tables["id_units"]
        self._names, self._name_units = tables["names"], tables["name_units"]
        self._sentences = tables["sentences"]
        self._owners = tables["owners"]
        self._rarities: dict[int, float] = {}  # of what was said lately
        self._coded = None
        if "codes" in tables:
            # Copied: small, and looked at whole by every utterance.
            learnt = (np.array(tables[name]) for name in ("centroids", "mean", "rotation"))
            codes = tables["codes"]
            self._codes_at = start + codes.ctypes.data - np.frombuffer(table, np.uint8).ctypes.data
            self._coded_rows = codes.shape[1]
            self._coded = Coded(Coder(*learnt), np.array(tables["starts"]), self._codes)

    def _codes(self, first: int, end: int) -> NDArray[np.uint64]:
        """(BITS / 64, rows) the codes of some rows, column after column as they lie in the file."""
        size = 8 * (end - first)
        columns = [
            self._segment.read(self._codes_at + 8 * (column * self._coded_rows + first), size)
            for column in range(BITS // 64)
        ]
        return np.frombuffer(b"".join(columns), "<u8").reshape(len(columns), -1)

    def __len__(self) -> int:
        """How many units there are."""
        return len(self._offsets) - 1

    def of(self, term: int) -> float:
        """The rarity of a term on the day of training."""
        found = self._rarities.get(term)
        if found is None:
            if len(self._rarities) >= _COMMON:
                self._rarities.clear()
            found = self._rarities[term] = rarity(self._entry(term).groups, self.groups)
        return found

    def serving(self, locale: str, gone: Collection[str]) -> Mask:
        """(units,) which serve a locale: a skill in that locale, else in its first one.

        gone: skills that were changed or removed since.
        """
        wanted = self.locales.index(locale) if locale in self.locales else len(self.locales)
        exact = self._locale == wanted
        skills = np.cumsum(self._first) - 1
        speaks = np.bincount(skills, weights=exact) > 0 if len(exact) else exact
        found: Mask = exact | (self._first & ~speaks[skills])
        for skill in gone:
            found[self.units(skill)] = False
        return found

    def units(self, skill: str) -> range:
        """The units of a skill; empty if there is none of that id."""
        first = _look_up(self._ids, self._id_units, key(skill))
        if first is None:
            return range(0)
        end = first + 1
        while end < len(self) and not self._first[end]:
            end += 1
        return range(first, end)

    def named(self, folded: str) -> int | None:
        """The unit whose invocation name this is, if there is one and no more."""
        return _look_up(self._names, self._name_units, key(folded))

    def is_sample(self, folded: str) -> bool:
        """Whether a folded sentence is word for word a sample of some skill."""
        wanted = np.uint64(key(folded))
        at = int(np.searchsorted(self._sentences, wanted))
        return at < len(self._sentences) and bool(self._sentences[at] == wanted)

    def locale(self, unit: int) -> str:
        """The locale of a unit."""
        return self.locales[int(self._locale[unit])]

    def skill(self, unit: int) -> str:
        """Whose unit it is."""
        return self.rows(np.array([unit])).skills[0]

    def rows(self, units: Units) -> Rows:
        """The rows of these units, read from disk."""
        starts = self._offsets[units].tolist()
        ends = self._offsets[units + 1].tolist()
        read = self._segment.read
        records = [read(start, end - start) for start, end in zip(starts, ends, strict=True)]
        try:
            return decode(records, self.dimensions)
        except ValueError as error:
            raise BundleError(
                f"{self._segment.path}: damaged ({error}); retrain with: sayso train"
            ) from error

    def near(self, said: Said, vector: Floats | None) -> Units:
        """The units that an utterance may mean, in their order; the others are far from it.

        vector: of the utterance, None without an encoder.
        """
        if len(self) < LARGE:
            return np.arange(len(self))
        if self._coded is None or vector is None:
            worded, _ = self._wordy(said, WORDS_ALONE)
            return self.together(worded)
        rows, closeness = self._coded.near(vector)
        owners = self._owners[rows]
        worded, shares = self._wordy(said, WORDED)
        # A row that no sign brought near counts as the farthest that one did.
        signs = np.zeros(len(self), np.float32)
        np.maximum.at(signs, owners, closeness - closeness.min(initial=np.inf))
        seen = np.zeros(len(self), np.bool_)
        seen[owners] = seen[worded] = True
        units = np.flatnonzero(seen)
        likely = signs[units] + WORDS * shares[units]
        found = (_most(likely, LIKELY), _most(signs[units], ALIKE), _most(shares[units], WORDY))
        return units[_together(len(units), *found)]

    def together(self, *units: Units) -> Units:
        """Units of several lists, each once, in their order."""
        return _together(len(self), *units)

    def _wordy(self, said: Said, most: int) -> tuple[Units, NDArray[np.float32]]:
        """Units that hold an utterance's rarest words, about so many, perhaps some twice.

        And (units,) the share of its words, weighted by rarity, that each unit holds of those
        that were looked at.
        """
        lists, room = [], MOST_POSTED
        shares = np.zeros(len(self), np.float32)
        total = max(float(said.rarity[~said.pairs].sum()), 1e-9)
        for at in np.argsort(-said.rarity, kind="stable"):
            entry = self._entry(int(said.terms[at]))
            if 0 < entry.count <= room:
                lists.append(self._postings(entry))
                shares[lists[-1]] += said.rarity[at] / total
                room -= entry.count
        found = np.concatenate([np.zeros(0, np.uint32), *lists])
        if len(found) > most:
            theirs = shares[found]
            # Of units as good as one another twice as many may be left, of the rarest word first.
            least = np.partition(theirs, -most)[-most]
            found = found[theirs >= least][: 2 * most]
        return found.astype(np.intp), shares

    def _postings(self, entry: Entry) -> NDArray[np.uint32]:
        content = self._segment.read(self._postings_at + 4 * entry.first, 4 * entry.count)
        return np.frombuffer(content, "<u4")

    def _entry(self, term: int) -> Entry:
        bucket = term >> self._shift
        first, end = int(self._buckets[bucket]), int(self._buckets[bucket + 1])
        if first == end:
            return Entry()
        size = TERM.itemsize
        content = self._segment.read(self._terms_at + size * first, size * (end - first))
        table = np.frombuffer(content, TERM)
        at = int(np.searchsorted(table["term"], np.uint32(term)))
        if at == len(table) or table["term"][at] != term:
            return Entry()
        _, groups, start, count = table[at].item()
        return Entry(groups, start, count)


def _most(values: NDArray[np.float32], most: int) -> NDArray[np.intp]:
    """The places of so many of the largest."""
    if len(values) <= most:
        return np.arange(len(values))
    found: NDArray[np.intp] = np.argpartition(-values, most)[:most]
    return found


def _together(count: int, *lists: Units) -> Units:
    """Numbers below `count` of several lists, each once, in their order."""
    # `np.union1d` would do it slower, and import what takes a megabyte.
    here = np.zeros(count, np.bool_)
    for each in lists:
        here[each] = True
    return np.flatnonzero(here)


def _look_up(keys: NDArray[Any], units: NDArray[Any], wanted: int) -> int | None:
    at = int(np.searchsorted(keys, np.uint64(wanted)))
    return int(units[at]) if at < len(keys) and int(keys[at]) == wanted else None
