"""Vectors as a few bits, in cells: which of a million rows may be near, in a fraction of a ms.

Rows are put into cells by their nearest centroid (an inverted file, Sivic and Zisserman 2003) and
kept as signs of a learnt rotation of their vectors (iterative quantisation, Gong and Lazebnik
2011). Of the nearest cells the rows whose signs differ least come first; these are ordered anew by
their signs and the utterance's own numbers (an asymmetric distance). What comes out is compared
exactly by whoever asked: nothing is lost but what never came near.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BITS = 128
PROBED = 16  # cells that are looked into
SIGNS_ALIKE = 1024  # rows whose signs are looked at a second time
SAMPLE = 60_000  # vectors that cells and rotation are learnt from
_ROUNDS = 8
_BLOCK = 16_384
_SIGNS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1) * np.float32(2) - 1
Floats = NDArray[np.float32]
Words = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Coder:
    """Learnt from a sample of the vectors.

    centroids: (cells, d) unit; mean: (d,); rotation: (d, BITS).
    """

    centroids: Floats
    mean: Floats
    rotation: Floats

    def cells(self, vectors: Floats) -> NDArray[np.intp]:
        """(n,) the cell of each vector."""
        found: NDArray[np.intp] = (vectors @ self.centroids.T).argmax(axis=1)
        return found

    def codes(self, vectors: Floats) -> Words:
        """(n, BITS / 64) the signs of each vector."""
        return np.packbits(self.turned(vectors) > 0, axis=1).view(np.uint64)

    def turned(self, vectors: Floats) -> Floats:
        """(n, BITS) what the signs are of."""
        found: Floats = ((vectors - self.mean) @ self.rotation).astype(np.float32)
        return found

    def tensors(self) -> Mapping[str, Floats]:
        """As they are kept."""
        return {"centroids": self.centroids, "mean": self.mean, "rotation": self.rotation}


@dataclass(frozen=True, slots=True)
class Coded:
    """All rows of a catalogue, cell after cell.

    starts: (cells + 1,) first row of each cell, and the end.
    read: first row and end -> (BITS / 64, rows) their codes. Each utterance reads some cells of
        them from the file; mapped, they would all come to lie in the memory of every process.
    """

    coder: Coder
    starts: NDArray[np.uint32]
    read: Callable[[int, int], Words]

    def near(self, vector: Floats) -> tuple[NDArray[np.intp], Floats]:
        """The rows that are likely to be nearest, and about how near each is: at most 1."""
        rows, codes = self._probed(vector)
        turned = self.coder.turned(vector[None])[0]
        signs = np.packbits(turned > 0).view(np.uint64)
        differ = np.bitwise_count(codes ^ signs[:, None]).sum(axis=0, dtype=np.uint16)
        if len(rows) > SIGNS_ALIKE:
            alike = np.argpartition(differ, SIGNS_ALIKE)[:SIGNS_ALIKE]
            rows, codes = rows[alike], codes[:, alike]
        bytes_ = np.ascontiguousarray(codes.T).view(np.uint8)
        adds = turned.reshape(-1, 8) @ _SIGNS.T  # (bytes, 256): what each value of a byte adds
        places = bytes_ + 256 * np.arange(bytes_.shape[1])
        close = adds.ravel().take(places).sum(axis=1)
        return rows, close / max(float(np.abs(turned).sum()), 1e-9)

    def _probed(self, vector: Floats) -> tuple[NDArray[np.intp], Words]:
        """The rows of the nearest cells, and their codes."""
        near = self.coder.centroids @ vector
        cells = np.argpartition(-near, PROBED)[:PROBED] if len(near) > PROBED else range(len(near))
        spans = [(int(self.starts[cell]), int(self.starts[cell + 1])) for cell in cells]
        rows = np.concatenate([np.arange(*span) for span in spans])
        return rows, np.concatenate([self.read(*span) for span in spans], axis=1)


def learn(sample: Floats, rows: int, step: Callable[[], None] = lambda: None) -> Coder:
    """Cells and rotation for so many rows, from a sample of their vectors.

    step: called after each of `steps()` pieces of work.
    """
    chance = np.random.default_rng(0)
    sample = sample[chance.permutation(len(sample))[:SAMPLE]]
    centroids = _centroids(sample, _cells(rows, len(sample)), chance, step)
    mean = sample.mean(axis=0)
    return Coder(centroids, mean, _rotation(sample - mean, chance, step))


def steps() -> int:
    """How often `learn` calls `step`."""
    return 2 * _ROUNDS


def _cells(rows: int, sample: int) -> int:
    """About the square root of the rows; a power of two, and a few vectors of the sample each."""
    most = max(1, min(rows, 16 * sample) // 16)
    return int(min(2 ** round(np.log2(np.sqrt(max(rows, 1)))), 1024, most))


def _centroids(
    sample: Floats, cells: int, chance: np.random.Generator, step: Callable[[], None]
) -> Floats:
    """Spherical k-means (Dhillon and Modha 2001)."""
    centroids = sample[chance.permutation(len(sample))[:cells]]
    for _ in range(_ROUNDS):
        sums = np.zeros_like(centroids)
        for at in range(0, len(sample), _BLOCK):
            block = sample[at : at + _BLOCK]
            np.add.at(sums, (block @ centroids.T).argmax(axis=1), block)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centroids = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centroids)
        step()
    return centroids.astype(np.float32)


def _rotation(centred: Floats, chance: np.random.Generator, step: Callable[[], None]) -> Floats:
    """(d, BITS) the main directions, turned so that signs lose least."""
    _, directions = np.linalg.eigh(centred.T @ centred)
    # Narrow vectors (a test's) have fewer directions than there are bits: these come again.
    again = -(-BITS // directions.shape[1])
    main = np.tile(directions[:, ::-1], (1, again))[:, :BITS].astype(np.float32)
    projected = centred[:20_000] @ main
    turn = np.linalg.qr(chance.standard_normal((BITS, BITS)))[0].astype(np.float32)
    for _ in range(_ROUNDS):
        left, _, right = np.linalg.svd(np.sign(projected @ turn).T @ projected)
        turn = (left @ right).T.astype(np.float32)
        step()
    found: Floats = main @ turn
    return found
