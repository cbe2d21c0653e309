"""The contract of a skill's own model: two engines, `shared` and `maxent-crf`, keep it.

A model belongs to one skill in one locale. It is fitted from labels (`fit` of its module), reads
what was heard, and packs into arrays and JSON for the bundle: no pickle.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sayso.bundle import Packed
from sayso.types.readings import Utterance
from sayso.types.skills import SlotType

Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an utterance: `utterance.text[start:end]`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """An utterance as the models see it. Equal to itself alone, so that what is made of it is kept.

    words: word tokens, in order.
    pooled: (d,) unit vector of the whole utterance; None where no encoder is used.
    states: (len(words), d) a vector for each word, the mean of its pieces; None likewise.
    entities: values that the conversation has for the skill that reads this.
    """

    utterance: Utterance
    words: Sequence[Word]
    pooled: Vector | None = None
    states: Matrix | None = None
    entities: Sequence[SlotType] = ()


@dataclass(frozen=True, slots=True)
class Tagged:
    """A slot found in an utterance: characters [start, end); confidence in [0, 1]."""

    name: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a skill's model makes of an utterance: an intent, its probability, its slots.

    probability: in [0, 1], among the intents of this skill alone (they sum to 1).
    """

    intent: str
    probability: float
    slots: Sequence[Tagged] = ()


class SkillModel(Protocol):
    """A fitted model of one skill in one locale. Immutable and safe to share among threads."""

    @property
    def intents(self) -> Sequence[str]:
        """Names of the intents it can tell apart."""

    def scores(self, heard: Heard) -> Mapping[str, float]:
        """The score of every intent, of which the probabilities are the softmax.

        0 is what the skill's own examples typically have as what they are.
        """

    def likely(
        self, heard: Heard, *, among: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Every intent with its probability, best first.

        among: only these intents may be chosen (None: all), probabilities renormalised.
        """

    def tag(self, heard: Heard, intents: Sequence[str]) -> Mapping[str, Sequence[Tagged]]:
        """Slots of the utterance under each of these intents; none for one that has no slots."""

    def read(
        self, heard: Heard, *, among: Collection[str] | None = None, limit: int = 3
    ) -> list[Reading]:
        """The likeliest intents, best first, each with its slots: `likely`, then `tag`."""

    def pack(self) -> Packed:
        """The model as arrays and JSON; `unpack` of the same module gives it back."""
