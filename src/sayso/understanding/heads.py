"""The two heads of a skill's model: which intent, and which words fill its slots.

An engine is these heads over features of its own (`Features`): what it looks at in an utterance
for the intent, and in each word for the slots. `fitting` makes them.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sayso.bundle import Packed
from sayso.understanding import crf, softmax
from sayso.understanding.contract import Heard, Reading, Tagged
from sayso.understanding.features import Hashes
from sayso.understanding.linear import Array, Linear, Rows, find
from sayso.understanding.spans import slots_of

_PROTOTYPE_SCALE = 127.0  # no number of a mean of unit vectors is above 1
TYPICAL = 6.5  # score of an example as what it is, in a skill that does not say; the usual one
_LONGEST = 128  # words that are searched for slots; nobody speaks a longer request


@dataclass(frozen=True, slots=True)
class Sketch:
    """Features of n things: dense (n, d); hashes (n, f), and their values (n, f)."""

    dense: Array
    hashes: Hashes
    values: Array


def rows_of(sketches: Sequence[Sketch], vocabulary: Hashes) -> Rows:
    """Sketches below one another, as features of a vocabulary."""
    dense = np.concatenate([sketch.dense for sketch in sketches])
    width = max(sketch.hashes.shape[1] for sketch in sketches)
    hashes, values = np.zeros((len(dense), width), np.uint32), np.zeros((len(dense), width))
    start = 0
    for sketch in sketches:
        count, filled = sketch.hashes.shape
        hashes[start : start + count, :filled] = sketch.hashes
        values[start : start + count, :filled] = sketch.values
        start += count
    columns = np.where(values == 0, len(vocabulary), find(vocabulary, hashes))
    values[columns == len(vocabulary)] = 0.0
    return Rows(dense, columns, values.astype(np.float32))


class Features(Protocol):
    """What an engine looks at."""

    @property
    def general(self) -> Hashable | None:
        """What decides how an utterance looks, if nothing that is a skill's own does; else None."""

    def utterance(self, heard: Heard) -> Sketch:
        """One row, for the intent."""

    def words(self, heard: Heard) -> Sketch:
        """A row a word, for the slots."""


@dataclass(frozen=True, slots=True)
class HeadSettings:
    """How heads are fitted.

    *_l2: half the weight of the squared weights against the log loss.
    *_features: most hashed features that a head keeps, which bounds its size.
    *_steps: most steps of L-BFGS.
    slot_words: about the most words that the slot head learns from, which bounds its time.
    """

    intent_l2: float = 0.01
    intent_features: int = 16_384
    intent_steps: int = 200
    slot_l2: float = 0.1
    slot_features: int = 16_384
    slot_words: int = 40_000
    slot_steps: int = 30


@dataclass(frozen=True, slots=True)
class Heads:
    """Fitted heads.

    known: for each intent, the slots it knows, as indices into `slots`.
    multiple: slots that may be filled more than once in an utterance.
    prototypes: (intents, d) the mean of what each intent's examples look like, without hashed
        features; counts: (intents,) how many they were. `imprint` learns from them.
    typical: mean score of the skill's own examples as what they are.
    """

    intents: tuple[str, ...]
    slots: tuple[str, ...]
    known: tuple[tuple[int, ...], ...]
    multiple: frozenset[str]
    intent_map: Linear
    slot_map: Linear
    transitions: NDArray[np.float32]
    prototypes: NDArray[np.float32]
    counts: NDArray[np.float32]
    typical: float = TYPICAL

    def scores(self, heard: Heard, features: Features) -> dict[str, float]:
        """As `SkillModel.scores`."""
        if not self.intents:
            return {}
        sketch = features.utterance(heard)
        scores = self.intent_map.scores(sketch.dense, sketch.hashes, sketch.values)[0]
        return dict(zip(self.intents, (scores - self.typical).tolist(), strict=True))

    def tag(
        self, heard: Heard, features: Features, intents: Sequence[str]
    ) -> Mapping[str, Sequence[Tagged]]:
        """As `SkillModel.tag`."""
        asked = [i for i, name in enumerate(self.intents) if name in intents and self.known[i]]
        said = heard.words[:_LONGEST]
        if not asked or not said:
            return {}
        sketch = features.words(heard)
        scores = self.slot_map.scores(sketch.dense, sketch.hashes, sketch.values)[:_LONGEST]
        masks = np.stack([crf.allowed_tags(len(self.slots), self.known[i]) for i in asked])
        tags, surety = crf.decode(scores, self.transitions, masks)
        return {
            self.intents[intent]: slots_of(tags[row], surety[row], said, self.slots, self.multiple)
            for row, intent in enumerate(asked)
        }

    def pack(self, settings: Mapping[str, Any]) -> Packed:
        """The heads with an engine's own settings."""
        tensors = {
            **self.intent_map.pack("intent"),
            **self.slot_map.pack("slot"),
            "transitions": self.transitions.astype(np.float16),
            "prototypes": np.rint(self.prototypes * _PROTOTYPE_SCALE).astype(np.int8),
            "counts": self.counts.astype(np.float16),
        }
        names = {
            "intents": list(self.intents),
            "slots": list(self.slots),
            "known": [list(slots) for slots in self.known],
            "multiple": sorted(self.multiple),
            "typical": self.typical,
        }
        return Packed(tensors, {**names, "settings": dict(settings)})

    @classmethod
    def unpack(cls, packed: Packed) -> Heads:
        """The counterpart of `pack`."""
        names = packed.settings
        return cls(
            tuple(names["intents"]),
            tuple(names["slots"]),
            tuple(tuple(slots) for slots in names["known"]),
            frozenset(names["multiple"]),
            Linear.unpack(packed.tensors, "intent"),
            Linear.unpack(packed.tensors, "slot"),
            packed.tensors["transitions"].astype(np.float32),
            packed.tensors["prototypes"].astype(np.float32) / _PROTOTYPE_SCALE,
            packed.tensors["counts"].astype(np.float32),
            names.get("typical", TYPICAL),  # earlier bundles have none
        )


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted skill: heads over an engine's features. Keeps `SkillModel`.

    settings: the engine's hyperparameters, as the bundle keeps them.
    """

    heads: Heads
    features: Features
    settings: Mapping[str, Any]

    @property
    def intents(self) -> Sequence[str]:
        """Names of the intents it can tell apart."""
        return self.heads.intents

    def scores(self, heard: Heard) -> Mapping[str, float]:
        """The score of every intent."""
        return self.heads.scores(heard, self.features)

    def likely(
        self, heard: Heard, *, among: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Every intent with its probability, best first."""
        scores = self.scores(heard)
        return softmax.ranked({x: scores[x] for x in scores if among is None or x in among})

    def tag(self, heard: Heard, intents: Sequence[str]) -> Mapping[str, Sequence[Tagged]]:
        """Slots of the utterance under each of these intents."""
        return self.heads.tag(heard, self.features, intents)

    def read(
        self, heard: Heard, *, among: Collection[str] | None = None, limit: int = 3
    ) -> list[Reading]:
        """The likeliest intents, best first, each with its slots."""
        likely = self.likely(heard, among=among)[:limit]
        slots = self.tag(heard, [intent for intent, _ in likely])
        return [Reading(intent, chance, slots.get(intent, ())) for intent, chance in likely]

    def pack(self) -> Packed:
        """The model as arrays and JSON."""
        return self.heads.pack(self.settings)
