"""Encoder layers of a skill's own: its heads look at what these make of the words.

All else stays shared: the word table and the tokenizer, and the vectors that the shortlist and the
acceptor compare, for those of different layers do not compare.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from sayso.types.readings import Utterance
from sayso.understanding.contract import Heard, SkillModel
from sayso.understanding.heads import Features, Model, Sketch
from sayso.understanding.heard import TextEncoder, hear

Layers = NDArray[np.uint8]

_HEARD = 8  # utterances kept: a turn asks for one twice or three times


@runtime_checkable
class Tunable(TextEncoder, Protocol):
    """An encoder whose layers may be replaced; `sayso.encoders.Encoder` is the real one."""

    def tuned(self, layers: bytes) -> TextEncoder:
        """The same words through other layers."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """What an engine looks at, seen through a skill's own layers. Keeps `Features`.

    layers: the bytes of an ONNX model; listen: hears a clean text with them.
    """

    features: Features
    layers: Layers
    listen: Callable[[str], Heard]

    @classmethod
    def of(cls, features: Features, encoder: TextEncoder, layers: Layers) -> Self:
        """The features through an encoder that has these layers."""

        @lru_cache(maxsize=_HEARD)
        def listen(text: str) -> Heard:
            return hear(Utterance(text, text), encoder)

        return cls(features, layers, listen)

    @property
    def general(self) -> Hashable | None:
        """As `Features` has it: its layers are the skill's own."""
        return None

    def utterance(self, heard: Heard) -> Sketch:
        """One row, for the intent."""
        return self.features.utterance(self._heard(heard))

    def words(self, heard: Heard) -> Sketch:
        """A row a word, for the slots."""
        return self.features.words(self._heard(heard))

    def _heard(self, heard: Heard) -> Heard:
        own = self.listen(heard.utterance.text)
        return replace(heard, pooled=own.pooled, states=own.states)


def through(model: Model, encoder: TextEncoder | None, layers: Layers) -> Model:
    """A model whose heads were fitted to what these layers make of the words.

    encoder: the shared one. Raises ValueError for one that takes no other layers.
    """
    if not isinstance(encoder, Tunable):
        raise ValueError("it has layers of its own, which only the encoder of English can take")
    tuned = encoder.tuned(layers.tobytes())
    return replace(model, features=Tuned.of(model.features, tuned, layers))


def layers_of(model: SkillModel) -> Layers | None:
    """The layers of a model's own, None for one that has the shared ones."""
    features = model.features if isinstance(model, Model) else None
    return features.layers if isinstance(features, Tuned) else None
