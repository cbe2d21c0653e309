"""Utterances turned towards what skills say, before the two are compared.

A request and the description of the skill that answers it are worded differently, always in much
the same way. So an utterance's vector is compared with examples, names and lines after a map for
each, near the identity, learnt by contrast from a store's phrases and their skills
(`benchmarks/turning.py`). What skills keep stays as it is: neither registers nor bundles change.
Maps and the score that was fitted with them hold for the vectors of one encoder, the packaged one;
those of another are compared as they are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from sayso.understanding import fusion
from sayso.understanding.fusion import Floats, Fusion

WEIGHTS, MAPS = "turned.json", "turned.npy"


@dataclass(frozen=True, slots=True)
class Turning:
    """A map for each kind of row: the identity, and what a few directions add.

    down, up: (fusion.KINDS, d, rank); a vector v becomes v + (v down) up^T, of length 1.
    """

    down: Floats
    up: Floats

    def turned(self, vector: Floats) -> Floats:
        """(fusion.KINDS, d) the vector as it is compared with rows of each kind."""
        few = np.matmul(vector, self.down)  # (kinds, rank)
        moved = vector + np.matmul(self.up, few[:, :, None])[:, :, 0]
        found: Floats = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
        return found

    def between(self, vector: Floats, turned: Floats) -> Floats:
        """(d,) between a vector and its turns, of length 1: what rows of all kinds may be near."""
        middle = vector + turned.mean(axis=0)
        found: Floats = middle / max(float(np.linalg.norm(middle)), 1e-9)
        return found

    def packed(self) -> NDArray[np.float16]:
        """(2, kinds, d, rank) as it is kept."""
        return np.stack([self.down, self.up]).astype(np.float16)


@dataclass(frozen=True, slots=True)
class Scoring:
    """How rows are compared, and what is made of it. turning: None compares vectors as they are."""

    fusion: Fusion
    turning: Turning | None = None


@lru_cache(maxsize=1)
def plain() -> Scoring:
    """What holds for the vectors of any encoder, and where there are none."""
    return Scoring(fusion.shipped())


def scoring_for(encoder: object) -> Scoring:
    """What holds for this encoder's vectors; anything but the one learnt with is compared plainly.

    encoder: a TextEncoder or None; a real one has a `fingerprint`.
    """
    fingerprint, found = _shipped()
    return found if getattr(encoder, "fingerprint", None) == fingerprint else plain()


@lru_cache(maxsize=1)
def _shipped() -> tuple[str, Scoring]:
    """The maps in the package, and the encoder that they are for."""
    folder = files("sayso.understanding")
    raw = json.loads(folder.joinpath(WEIGHTS).read_text(encoding="utf-8"))
    with as_file(folder.joinpath(MAPS)) as path:
        down, up = np.load(path).astype(np.float32)
    return raw["encoder"], Scoring(Fusion.from_json(raw["fusion"]), Turning(down, up))
