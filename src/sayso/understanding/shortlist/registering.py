"""The skills of a tongue -> a register on disk (`register.py` has its layout)."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from sayso.bundle import Packed, pack_tensors
from sayso.understanding.shortlist.codes import SAMPLE, Coder, learn
from sayso.understanding.shortlist.register import HEAD, LARGE, MAGIC, TERM
from sayso.understanding.shortlist.rows import Examples, Rows, decode, encode, with_rarity
from sayso.understanding.shortlist.words import key, rarity, term, words_of

_ALIGNED = 64
_BLOCK = 1024  # units read again at a time
_DENSE = 32  # terms of a bucket, about


@dataclass(frozen=True, slots=True)
class Unit:
    """A skill in one locale. name: folded invocation name; sentences: keys of its samples."""

    locale: str
    examples: Examples
    name: str
    standard: Sequence[str]
    sentences: NDArray[np.uint64]


@dataclass(slots=True)
class _Collected:
    """What is gathered of the units while their records go to disk."""

    offsets: list[int] = field(default_factory=lambda: [HEAD.size])
    locales: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    names: list[int] = field(default_factory=list)
    standard: dict[str, None] = field(default_factory=dict)
    sentences: list[NDArray[np.uint64]] = field(default_factory=list)
    groups: int = 0
    group_terms: array[int] = field(default_factory=lambda: array("I"))
    words: array[int] = field(default_factory=lambda: array("I"))
    holders: array[int] = field(default_factory=lambda: array("I"))
    rows: int = 0


class Registrar:
    """Writes a register: `add` the units, those of a skill one after another, then `finish`."""

    def __init__(self, path: Path, dimensions: int) -> None:
        """dimensions: of the vectors; 0 where words alone are looked at."""
        self._path, self._dimensions = path, dimensions
        self._file: BinaryIO = path.open("w+b")
        self._file.write(bytes(HEAD.size))
        self._of = _Collected()

    def add(self, unit: Unit) -> None:
        """Put a unit behind the others."""
        of, record = self._of, encode(unit.examples)
        self._file.write(record)
        of.offsets.append(of.offsets[-1] + len(record))
        of.locales.append(unit.locale)
        of.ids.append(key(unit.examples.skill))
        of.names.append(key(unit.name) if unit.name else 0)
        of.standard.update(dict.fromkeys(unit.standard))
        of.sentences.append(unit.sentences)
        of.rows += len(unit.examples.texts)
        self._count(unit.examples)

    def _count(self, examples: Examples) -> None:
        """Note which groups hold which terms, and that the unit holds the words."""
        of, words = self._of, set[str]()
        for _, members in examples.groups():
            held = {word for at in members for word in words_of(examples.texts[at])}
            of.group_terms.extend(map(term, held))
            of.groups += 1
            words |= held
        mine = {term(word) for word in words if " " not in word}
        of.words.extend(mine)
        of.holders.extend([len(of.locales) - 1] * len(mine))

    def finish(self, step: Callable[[int, int], None] = lambda done, total: None) -> None:
        """Write what is left, and make it last. step: told of pieces of work done, of how many."""
        terms, postings = self._vocabulary()
        self._write_rarities(terms)
        terms_at = self._section(terms.tobytes())
        postings_at = self._section(postings.tobytes())
        shift, buckets = _buckets(terms)
        of = self._of
        locales = list(dict.fromkeys(of.locales))
        first = np.array([a != b for a, b in zip([None, *of.ids], of.ids, strict=False)], np.bool_)
        ids, id_units = _sorted(of.ids, first)
        names, name_units = _named(of.names, of.ids)
        tensors: dict[str, NDArray[Any]] = {
            "offsets": np.array(of.offsets, np.uint64),
            "buckets": buckets,
            "first": first.view(np.uint8),
            "locale": np.array([locales.index(x) for x in of.locales], np.uint8),
            "ids": ids,
            "id_units": id_units,
            "names": names,
            "name_units": name_units,
            "sentences": np.unique(np.concatenate([np.zeros(0, np.uint64), *of.sentences])),
            **self._coded(step),
        }
        settings = {
            "dimensions": self._dimensions,
            "groups": of.groups,
            "locales": locales,
            "standard": list(of.standard),
            "terms_at": terms_at,
            "postings_at": postings_at,
            "shift": shift,
        }
        table = pack_tensors(Packed(tensors, settings))
        start = self._section(table)
        self._file.seek(0)
        self._file.write(HEAD.pack(MAGIC, start, len(table)))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def close(self) -> None:
        """Let go of the file, finished or not."""
        self._file.close()

    def _section(self, content: bytes) -> int:
        """Write bytes at the end; where they begin."""
        end = self._file.seek(0, os.SEEK_END)
        self._file.write(bytes(-end % _ALIGNED) + content)
        return end + -end % _ALIGNED

    def _vocabulary(self) -> tuple[NDArray[np.void], NDArray[np.uint32]]:
        """The terms with their counts, and the units that hold each word."""
        of = self._of
        found, counts = np.unique(np.frombuffer(of.group_terms, np.uint32), return_counts=True)
        words = np.frombuffer(of.words, np.uint32)
        order = np.argsort(words, kind="stable")
        postings = np.frombuffer(of.holders, np.uint32)[order]
        words = words[order]
        terms = np.zeros(len(found), TERM)
        terms["term"], terms["groups"] = found, counts
        terms["first"] = np.searchsorted(words, found, side="left")
        terms["count"] = np.searchsorted(words, found, side="right") - terms["first"]
        # A pair that one group holds is about as rare as one that none does, and there are many.
        return terms[(terms["groups"] > 1) | (terms["count"] > 0)], postings

    def _write_rarities(self, terms: NDArray[np.void]) -> None:
        """Fill into the records how rare their words are, which is known only now."""
        counts = np.arange(self._of.groups + 1)
        known = np.array([rarity(count, self._of.groups) for count in counts.tolist()])
        for first, rows in self._read():
            places = np.minimum(np.searchsorted(terms["term"], rows.terms), len(terms) - 1)
            seen = terms["term"][places] == rows.terms
            rare = known[np.where(seen, terms["groups"][places], 0)].astype(np.float32)
            for at, (a, b) in enumerate(pairwise(rows.ends[rows.starts])):
                self._rewrite(first + at, rare[a:b])

    def _rewrite(self, unit: int, rare: NDArray[np.float32]) -> None:
        start, end = self._of.offsets[unit : unit + 2]
        record = os.pread(self._file.fileno(), end - start, start)
        os.pwrite(self._file.fileno(), with_rarity(record, self._dimensions, rare), start)

    def _coded(self, step: Callable[[int, int], None]) -> dict[str, NDArray[Any]]:
        """Cells, codes and whose they are; nothing for few units, or for words alone."""
        if not self._dimensions or len(self._of.locales) < LARGE:
            return {"owners": np.zeros(0, np.uint32)}
        blocks = -(-len(self._of.locales) // _BLOCK)
        total, done = 2 * blocks + 16, 0

        def tell() -> None:
            nonlocal done
            done += 1
            step(done, total)

        coder = learn(self._sample(tell), self._of.rows, tell)
        cells, codes, owners = [], [], []
        for first, rows in self._read():
            vectors = _vectors(rows)
            cells.append(coder.cells(vectors).astype(np.uint16))
            codes.append(coder.codes(vectors))
            owners.append(np.repeat(np.arange(len(rows.skills)) + first, np.diff(rows.starts)))
            tell()
        return _by_cell(coder, np.concatenate(cells), np.concatenate(codes), np.concatenate(owners))

    def _sample(self, tell: Callable[[], None]) -> NDArray[np.float32]:
        """About SAMPLE vectors, evenly over the units."""
        stride = max(1, self._of.rows // SAMPLE)
        found = []
        for _, rows in self._read():
            found.append(_vectors(rows, slice(None, None, stride)))
            tell()
        return np.concatenate(found)

    def _read(self) -> Iterator[tuple[int, Rows]]:
        """All rows, some units at a time; the number of the first unit with them."""
        offsets = self._of.offsets
        self._file.flush()
        for first in range(0, len(offsets) - 1, _BLOCK):
            spans = offsets[first : first + _BLOCK + 1]
            content = os.pread(self._file.fileno(), spans[-1] - spans[0], spans[0])
            cuts = [at - spans[0] for at in spans]
            records = (content[a:b] for a, b in pairwise(cuts))
            yield first, decode(records, self._dimensions)


def _vectors(rows: Rows, which: slice = slice(None)) -> NDArray[np.float32]:
    found: NDArray[np.float32] = rows.numbers[which] * rows.scales[which, None]
    return found.astype(np.float32)


def _by_cell(
    coder: Coder,
    cells: NDArray[np.uint16],
    codes: NDArray[np.uint64],
    owners: NDArray[np.intp],
) -> dict[str, NDArray[Any]]:
    order = np.argsort(cells, kind="stable")
    starts = np.searchsorted(cells[order], np.arange(len(coder.centroids) + 1))
    return {
        "codes": np.ascontiguousarray(codes[order].T),
        "owners": owners[order].astype(np.uint32),
        "starts": starts.astype(np.uint32),
        **coder.tensors(),
    }


def _buckets(terms: NDArray[np.void]) -> tuple[int, NDArray[np.uint32]]:
    """By how many bits a term is shifted to give its bucket; where each bucket begins."""
    bits = max(1, min(20, round(np.log2(max(len(terms), 1) / _DENSE + 1))))
    shift = 32 - bits
    edges = np.arange(2**bits + 1, dtype=np.uint64) << np.uint64(shift)
    return shift, np.searchsorted(terms["term"].astype(np.uint64), edges).astype(np.uint32)


def _sorted(
    keys: Sequence[int], which: NDArray[np.bool_]
) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """Those keys in order, and the units that they are of."""
    units = np.flatnonzero(which)
    chosen = np.array(keys, np.uint64)[units]
    order = np.argsort(chosen, kind="stable")
    return chosen[order], units[order].astype(np.uint32)


def _named(
    names: Sequence[int], ids: Sequence[int]
) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """Names in order, with a unit of the skill; a name that two skills share names neither."""
    owners: dict[int, tuple[int, int] | None] = {}
    for unit, (name, id) in enumerate(zip(names, ids, strict=True)):
        known = owners.setdefault(name, (unit, id))
        if known is not None and known[1] != id:
            owners[name] = None
    kept = {name: owner[0] for name, owner in owners.items() if name and owner is not None}
    found = sorted(kept.items())
    return (
        np.array([name for name, _ in found], np.uint64),
        np.array([unit for _, unit in found], np.uint32),
    )
