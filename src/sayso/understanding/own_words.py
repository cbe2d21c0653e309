"""Vectors of a skill's own words, which the shared vocabulary splits badly.

`zorblax` is four pieces to the encoder, each with a meaning of its own. A skill that has such words
in its samples keeps a vector for each, the mean over the sentences in which it was seen, and
pulls the word towards it wherever it is heard again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sayso.bundle import Packed
from sayso.understanding.contract import Heard, Matrix
from sayso.understanding.features import Hashes, hashed, normal
from sayso.understanding.linear import find
from sayso.understanding.vectors import from_bytes, to_bytes

LEAST_PIECES = 3  # of a word that is split badly
MOST = 64  # words of a skill; the commonest are kept
SHARE = 0.5  # of the kept vector in the mixture


@dataclass(frozen=True, slots=True)
class OwnWords:
    """hashes: (n,) sorted; vectors: (n, d) of length 1."""

    hashes: Hashes
    vectors: Matrix

    def mixed(self, heard: Heard) -> Heard:
        """The same utterance, its own words nearer to what they were when they were learnt."""
        if heard.states is None or not len(self.hashes) or not heard.words:
            return heard
        found = find(self.hashes, hashed([normal(word.text) for word in heard.words]))
        known = found < len(self.hashes)
        if not known.any():
            return heard
        states = heard.states.copy()
        said = states[known]
        lengths = np.maximum(np.linalg.norm(said, axis=1, keepdims=True), 1e-6)
        near = (1 - SHARE) * said / lengths + SHARE * self.vectors[found[known]]
        near /= np.maximum(np.linalg.norm(near, axis=1, keepdims=True), 1e-6)
        states[known] = near * lengths
        return replace(heard, states=states)

    def pack(self) -> Packed:
        """As arrays: `hashes`, and `words` in a byte a number."""
        words, scales = to_bytes(self.vectors)
        return Packed({"hashes": self.hashes, "words": words, "scales": scales})

    @classmethod
    def unpack(cls, packed: Packed) -> OwnWords:
        """The counterpart of `pack`."""
        tensors = packed.tensors
        vectors = from_bytes(tensors["words"], tensors["scales"]).astype(np.float32)
        return cls(tensors["hashes"], vectors)


def learn(heard: Sequence[Heard], pieces: Callable[[str], int]) -> OwnWords:
    """The own words of a skill, from its filled samples. pieces: how many a word is split into."""
    sums: dict[str, NDArray[np.float32]] = {}
    counts: dict[str, int] = {}
    width = 0
    for one in heard:
        if one.states is not None:
            width = one.states.shape[1]
            for word, state in zip(one.words, one.states, strict=True):
                form = normal(word.text)
                if form.isalpha() and (form in sums or pieces(form) >= LEAST_PIECES):
                    unit = state / max(float(np.linalg.norm(state)), 1e-6)
                    sums[form] = sums[form] + unit if form in sums else unit
                    counts[form] = counts.get(form, 0) + 1
    kept = sorted(sums, key=lambda form: -counts[form])[:MOST]
    hashes = hashed(kept)
    order = np.argsort(hashes)
    table = np.array([sums[kept[at]] for at in order], np.float32).reshape(len(kept), width)
    lengths = np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-6)
    return OwnWords(hashes[order], from_bytes(*to_bytes(table / lengths)).astype(np.float32))
