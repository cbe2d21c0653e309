"""A tongue's successful requests on disk, a million of them, found by sound and by sense.

    8, 8, 8 bytes   magic; where the table stands; its length
    records         entries with their vectors, one after another (`entries.py`)
    places          uint64 each: where a row's record begins, and the end of the last
    postings        uint32: rows that hold a run of sounds, bucket after bucket
    table           safetensors: `sizes`, `starts`, and the codes of `shortlist/codes.py`

Written by `sayso.rewriting.online` and never changed. Postings, codes, records and places are read
piece by piece, so that they take no memory of the process; what remains is about 5 MB a million.
"""

from __future__ import annotations

import struct
import threading
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from sayso.bundle import Packed, Segment, unpack_tensors
from sayso.errors import BundleError
from sayso.understanding.online.entries import Asked, Kept, Vector, decode, vectors_of
from sayso.understanding.online.sounds import Grams
from sayso.understanding.shortlist.codes import BITS, Coded, Coder

MAGIC = b"SAYSO-O\n"
HEAD = struct.Struct("<8sQQ")
NEAREST = 32  # rows that are looked at closely, by sound and by sense each
MOST_POSTED = 24_000  # postings looked at for an utterance; the commonest runs come last
CLOSE = 12  # of them that the ranker sees
_PLACE = 8
_SPAN = struct.Struct("<QQ")
Rows = NDArray[np.intp]


class Index:
    """An open index. Safe for many threads, and shared among processes that open the same."""

    def __init__(self, segment: Segment) -> None:
        """Raises BundleError for a file that is damaged or no index of requests."""
        self._segment = segment
        self._buffers = threading.local()
        magic, start, length = HEAD.unpack(segment.read(0, HEAD.size))
        if magic != MAGIC:
            raise BundleError(f"{segment.path}: no index of requests; run: sayso learn")
        try:
            table = segment.map(start, length)
            self._set(unpack_tensors(table), start, table)
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError(f"{segment.path}: damaged ({error}); run: sayso learn") from error

    def _set(self, packed: Packed, start: int, table: memoryview) -> None:
        tables, said = packed.tensors, packed.settings
        self.dimensions: int = said["dimensions"]
        self.version: str = said["version"]
        self._rows: int = said["rows"]
        self._places_at: int = said["places_at"]
        self._postings_at: int = said["postings_at"]
        # Copied: small, and looked at by every utterance.
        self._starts = np.array(tables["starts"])
        self._sizes = np.array(tables["sizes"])
        self._words = tables["words"]
        self._word_rows = tables["word_rows"]
        self._coded = None
        if "codes" in tables:
            learnt = (np.array(tables[name]) for name in ("centroids", "mean", "rotation"))
            codes = tables["codes"]
            self._codes_at = start + codes.ctypes.data - np.frombuffer(table, np.uint8).ctypes.data
            self._coded = Coded(Coder(*learnt), np.array(tables["cells"]), self._codes)

    def __len__(self) -> int:
        """How many requests there are."""
        return self._rows

    def near(self, asked: Asked, vector: Vector | None) -> list[Kept]:
        """Those that sound and mean most alike; vector: of what was said, projected."""
        try:
            rows, sound = self._near(asked.grams, vector)
        except BaseException:
            # What is half counted must not count for the next utterance.
            self._buffers.shares = None
            raise
        records = [self._record(row) for row in rows.tolist()]
        if vector is not None and self.dimensions and len(records) > CLOSE:
            near = vectors_of(records, self.dimensions) @ vector
            best = np.argpartition(-(near + sound), CLOSE)[:CLOSE].tolist()
            records = [records[at] for at in best]
        return [self._decoded(record) for record in records]

    def _near(self, said: Grams, vector: Vector | None) -> tuple[Rows, NDArray[np.float32]]:
        """Rows found by sound or by sense, each once, and how alike each sounds."""
        sounding, alike, shares, total = self._sounding(said)
        rows = _best(sounding, alike)
        if vector is not None and self._coded is not None:
            found, near = self._coded.near(vector)
            rows = np.array(sorted({*rows.tolist(), *_best(found, near).tolist()}), np.intp)
        sound = shares[rows] / (self._sizes[rows].astype(np.float32) + total)
        shares[sounding] = 0
        return rows, 2 * sound

    def kept(self, row: int) -> Kept:
        """One request, read from disk."""
        return self._decoded(self._record(row))

    def _record(self, row: int) -> bytes:
        place = self._segment.read(self._places_at + _PLACE * row, 2 * _PLACE)
        first, end = _SPAN.unpack(place)
        return self._segment.read(first, end - first)

    def _decoded(self, record: bytes) -> Kept:
        try:
            return decode(record, self.dimensions)
        except ValueError as error:
            raise BundleError(
                f"{self._segment.path}: damaged ({error}); run: sayso learn"
            ) from error

    def same(self, words: str) -> Kept | None:
        """The request of just these folded words, or None."""
        wanted = text_key(words)
        at = int(np.searchsorted(self._words, wanted))
        if at == len(self._words) or self._words[at] != wanted:
            return None
        found = self.kept(int(self._word_rows[at]))
        return found if found.entry.words == words else None

    def _sounding(
        self, said: Grams
    ) -> tuple[Rows, NDArray[np.float32], NDArray[np.float32], np.float32]:
        """Rows that share runs of sounds, each once, and how alike they are, rare runs first.

        And what each row of all shares, which the caller must set to zero again for those rows;
        and what there is to share.
        """
        shares, held = self._shares(), len(self._starts) - 1
        buckets = np.array(sorted({code & (held - 1) for code in said}), np.intp)
        first, end = self._starts[buckets].astype(np.intp), self._starts[buckets + 1]
        counts = end - first
        lists = [np.zeros(0, np.uint32)]
        total, room = 1e-9, MOST_POSTED
        for at in np.argsort(counts, kind="stable").tolist():
            count = int(counts[at])
            rarity = float(np.log(1 + self._rows / max(1, count)))
            total += rarity
            if 0 < count <= room:
                room -= count
                content = self._segment.read(self._postings_at + 4 * int(first[at]), 4 * count)
                rows = np.frombuffer(content, "<u4")
                before = shares[rows]
                shares[rows] = before + np.float32(rarity)
                lists.append(rows[before == 0])
        found = np.concatenate(lists).astype(np.intp)
        whole = np.float32(total)
        return found, shares[found] / (self._sizes[found].astype(np.float32) + whole), shares, whole

    def _shares(self) -> NDArray[np.float32]:
        """(rows,) zeros, for this thread: to make them anew each time would take longer."""
        found: NDArray[np.float32] | None = getattr(self._buffers, "shares", None)
        if found is None:
            found = self._buffers.shares = np.zeros(self._rows, np.float32)
        return found

    def _codes(self, first: int, end: int) -> NDArray[np.uint64]:
        """(BITS / 64, rows) the codes of some rows, column after column as they lie in the file."""
        size = 8 * (end - first)
        columns = [
            self._segment.read(self._codes_at + 8 * (column * self._rows + first), size)
            for column in range(BITS // 64)
        ]
        return np.frombuffer(b"".join(columns), "<u8").reshape(len(columns), -1)


def _best(rows: Rows, scores: NDArray[np.float32]) -> Rows:
    """The rows of the best scores."""
    if len(rows) <= NEAREST:
        return rows
    return rows[np.argpartition(-scores, NEAREST)[:NEAREST]]


def text_key(words: str) -> np.uint64:
    """What a folded text is looked up by."""
    digest = blake2b(words.encode("utf-8", "replace"), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))
