"""Successful requests -> the file that `understanding/online/index.py` reads."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from sayso.bundle import Packed, pack_tensors
from sayso.understanding.online.entries import Entry, encode
from sayso.understanding.online.index import HEAD, MAGIC, text_key
from sayso.understanding.online.sounds import hashes
from sayso.understanding.shortlist.codes import SAMPLE, learn
from sayso.understanding.vectors import to_bytes

Array = NDArray[Any]
CODED = 256  # rows from which on vectors are looked up by codes
_MOST_BUCKETS = 1 << 18
_COMMON = 60_000  # rows that share a run of sounds which is not worth keeping
_BLOCK = 16_384


def write(
    path: Path,
    entries: Sequence[Entry],
    vectors: Array | None,
    *,
    version: str = "",
    step: Callable[[int], None] = lambda done: None,
) -> None:
    """Write an index of these requests, one entry a text.

    vectors: (n, d) projected unit vectors of what is shown, in memory or mapped; None without an
    encoder. step: called with the number of entries written.
    The file appears whole or not at all, by the name given.
    """
    order, coded = _coded(vectors, len(entries))
    made = path.with_name(f".{path.name}.making")
    with made.open("wb") as file:
        file.write(bytes(HEAD.size))
        places = _records(file, entries, vectors, order, step)
        places_at = _aligned(file)
        file.write(places.astype("<u8").tobytes())
        starts, rows, sizes = _postings([entries[at].words for at in order.tolist()])
        postings_at = _aligned(file)
        file.write(rows.astype("<u4").tobytes())
        words = np.array([text_key(entries[at].words) for at in order.tolist()], np.uint64)
        sorted_ = np.argsort(words, kind="stable")
        tables = {
            "starts": starts,
            "sizes": sizes,
            "words": words[sorted_],
            "word_rows": sorted_.astype(np.uint32),
            **coded,
        }
        settings = {
            "rows": len(entries),
            "dimensions": vectors.shape[1] if vectors is not None else 0,
            "places_at": places_at,
            "postings_at": postings_at,
            "version": version,
        }
        table = pack_tensors(Packed(tables, settings))
        start = _aligned(file)
        file.write(table)
        file.seek(0)
        file.write(HEAD.pack(MAGIC, start, len(table)))
    made.replace(path)


def _coded(vectors: Array | None, count: int) -> tuple[NDArray[np.intp], Mapping[str, Array]]:
    """The order of the rows, cell after cell, and what finds them by their vectors."""
    if vectors is None or count < CODED:
        return np.arange(count), {}
    # Every so many, not the first ones: what is mined comes in some order.
    sample = np.asarray(vectors[:: max(1, count // SAMPLE)], np.float32)
    coder = learn(sample, count)
    cells, codes = np.zeros(count, np.intp), np.zeros((count, 2), np.uint64)
    for at in range(0, count, _BLOCK):
        block = np.asarray(vectors[at : at + _BLOCK], np.float32)
        cells[at : at + _BLOCK] = coder.cells(block)
        codes[at : at + _BLOCK] = coder.codes(block)
    order = np.argsort(cells, kind="stable")
    counts = np.bincount(cells, minlength=len(coder.centroids))
    found: dict[str, Array] = {
        **coder.tensors(),
        "cells": np.concatenate(([0], np.cumsum(counts))).astype(np.uint32),
        "codes": np.ascontiguousarray(codes[order].T),
    }
    return order, found


def _records(
    file: BinaryIO,
    entries: Sequence[Entry],
    vectors: Array | None,
    order: NDArray[np.intp],
    step: Callable[[int], None],
) -> NDArray[np.uint64]:
    """Write them; (n + 1,) where each begins."""
    places = [file.tell()]
    for first in range(0, len(order), _BLOCK):
        rows = order[first : first + _BLOCK]
        numbers, scales = np.zeros((len(rows), 0), np.int8), np.ones(len(rows), np.float32)
        if vectors is not None:
            numbers, scales = to_bytes(np.asarray(vectors[rows], np.float32))
        for at, row in enumerate(rows.tolist()):
            record = encode(entries[row], numbers[at], float(scales[at]))
            file.write(record)
            places.append(places[-1] + len(record))
        step(first + len(rows))
    return np.array(places, np.uint64)


def _postings(texts: Sequence[str]) -> tuple[Array, Array, Array]:
    """Runs of sounds: first posting of each bucket, the rows, and the rarities of each row's runs.

    A run that very many rows share is left out: it tells nothing, and takes long to read.
    """
    made, total = [], 0
    for text in texts:
        codes = hashes(text)
        total += len(codes)
        made.append(codes)
    buckets = int(min(_MOST_BUCKETS, 4 << total.bit_length()))
    owners = np.repeat(np.arange(len(texts), dtype=np.uint64), [len(each) for each in made])
    found = np.concatenate([np.zeros(0, np.uint32), *made]).astype(np.uint64) & np.uint64(
        buckets - 1
    )
    del made
    joined = found << np.uint64(32) | owners
    del found, owners
    joined.sort()
    joined = joined[np.concatenate(([True], joined[1:] != joined[:-1]))] if len(joined) else joined
    rows = (joined & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    joined >>= np.uint64(32)
    counts = np.bincount(joined.astype(np.int64), minlength=buckets)
    rarities = np.log(1 + len(texts) / np.maximum(counts, 1))
    sizes = np.bincount(rows, weights=np.repeat(rarities, counts), minlength=len(texts))
    kept = counts <= max(_COMMON, len(texts) // 16)
    rows = rows[np.repeat(kept, counts)]
    starts = np.concatenate(([0], np.cumsum(counts * kept))).astype(np.uint32)
    return starts, rows, sizes.astype(np.float16)


def _aligned(file: BinaryIO) -> int:
    """Where the next table begins: at a multiple of eight."""
    file.write(bytes(-file.tell() % struct.calcsize("Q")))
    return file.tell()
