"""Sentence vectors of texts, a byte a number, in a file that many processes may map.

Each text is read once, however often it was said and whatever it is compared with.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sayso.feedback.rephrased import AHEAD, Windows, detect

if TYPE_CHECKING:
    from ibis.expr.types import Table

IDS, VECTORS = "ids.npy", "vectors.npy"
_CHUNK = 8192  # texts that are read before any is written
Pooled = Callable[[Sequence[str]], NDArray[np.float32]]
Encoders = Callable[[str], Pooled | None]


@dataclass(frozen=True, slots=True)
class Vectors:
    """ids: (n,), rising; vectors: (n, d) int8, each of length 127 or so."""

    ids: NDArray[np.int64]
    vectors: NDArray[np.int8]

    def cosine(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float32]:
        """Of texts by id, pairwise; NaN where one has no vector."""
        found = np.full(len(one), np.nan, np.float32)
        (a, here), (b, there) = self._rows(one), self._rows(other)
        both = here & there
        for first in range(0, len(one), _CHUNK):
            part = slice(first, first + _CHUNK)
            at = np.flatnonzero(both[part]) + first
            left = self.vectors[a[at]].astype(np.float32)
            right = self.vectors[b[at]].astype(np.float32)
            lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
            found[at] = np.einsum("ij,ij->i", left, right) / np.maximum(lengths, 1.0)
        return found

    def _rows(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        if not len(self.ids):
            return np.zeros(len(ids), np.int64), np.zeros(len(ids), bool)
        rows = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return rows, self.ids[rows] == ids


def write_vectors(
    folder: Path,
    texts: Table,
    encoders: Encoders,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> Vectors:
    """Read every text and keep its vector; one in a language without an encoder has none.

    texts: text, words, language. encoders: language -> what makes vectors, None for none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    held = texts.select("text", "words", "language").order_by("text").to_pyarrow()
    ids = held["text"].to_numpy()
    words, languages = held["words"].to_pylist(), held["language"].to_pylist()
    pooled = {language: encoders(language) for language in set(languages)}
    read = [at for at, language in enumerate(languages) if pooled[language] is not None]
    vectors: NDArray[np.int8] | None = None
    for first in range(0, len(read), _CHUNK):
        part = read[first : first + _CHUNK]
        made = _encoded(part, words, languages, pooled)
        if vectors is None:
            shape = (len(read), made.shape[1])
            vectors = np.lib.format.open_memmap(
                folder / f".{VECTORS}", mode="w+", dtype=np.int8, shape=shape
            )
        vectors[first : first + len(part)] = np.rint(made * 127).astype(np.int8)
        told(first + len(part), len(read))
    if vectors is None:
        np.save(folder / VECTORS, np.zeros((0, 1), np.int8))
    else:
        vectors.flush()  # type: ignore[attr-defined]
        os.replace(folder / f".{VECTORS}", folder / VECTORS)
    np.save(folder / IDS, ids[read])
    return open_vectors(folder)


def _encoded(
    part: Sequence[int],
    words: Sequence[str],
    languages: Sequence[str],
    pooled: Mapping[str, Pooled | None],
) -> NDArray[np.float32]:
    """Vectors of these texts, each by its language's encoder; all of one length."""
    groups: dict[str, list[int]] = {}
    for place, at in enumerate(part):
        groups.setdefault(languages[at], []).append(place)
    made: NDArray[np.float32] | None = None
    for language, places in groups.items():
        reader = pooled[language]
        assert reader is not None
        found = reader([words[part[place]] for place in places])
        if made is None:
            made = np.zeros((len(part), found.shape[1]), np.float32)
        if found.shape[1] == made.shape[1]:
            made[places] = found
    assert made is not None
    return made


def open_vectors(folder: Path) -> Vectors:
    """What `write_vectors` kept, mapped."""
    return Vectors(np.load(folder / IDS), np.load(folder / VECTORS, mmap_mode="r"))


@dataclass(frozen=True, slots=True)
class Detector:
    """`rephrased.detect` with the vectors of a folder; may be sent to other processes."""

    folder: Path

    def __call__(self, windows: Windows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which later turn says the same again, for rows of the table `windows`."""
        known = open_vectors(self.folder)
        ids = {
            words: text
            for k in range(AHEAD + 1)
            for words, text in zip(windows[f"words_{k}"], windows[f"text_{k}"], strict=True)
        }

        def cosine(earlier: Sequence[str], later: Sequence[str]) -> NDArray[np.float32]:
            one, other = (np.array([ids[x] for x in texts], np.int64) for texts in (earlier, later))
            return known.cosine(one, other)

        return detect(windows, cosine)
