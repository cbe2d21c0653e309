"""The two heads of a skill's model: which intent, and which words fill its slots.

An engine is these heads over features of its own (`Features`): what it looks at in an utterance
for the intent, and in each word for the slots.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sayso.bundle import Packed
from sayso.types.lessons import Label, LabelSource
from sayso.types.skills import Language
from sayso.understanding import crf, softmax
from sayso.understanding.contract import Heard, Reading, Tagged
from sayso.understanding.features import Hashes
from sayso.understanding.linear import Array, Linear, Rows, find, halves, vocabulary
from sayso.understanding.spans import slots_of, tags_of

_LONGEST = 128  # words that are searched for slots; nobody speaks a longer request


@dataclass(frozen=True, slots=True)
class Sketch:
    """Features of n things: dense (n, d); hashes (n, f), and their values (n, f)."""

    dense: Array
    hashes: Hashes
    values: Array


class Features(Protocol):
    """What an engine looks at."""

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
    slot_words: int = 10_000
    slot_steps: int = 30


@dataclass(frozen=True, slots=True)
class Heads:
    """Fitted heads.

    known: for each intent, the slots it knows, as indices into `slots`.
    multiple: slots that may be filled more than once in an utterance.
    """

    intents: tuple[str, ...]
    slots: tuple[str, ...]
    known: tuple[tuple[int, ...], ...]
    multiple: frozenset[str]
    intent_map: Linear
    slot_map: Linear
    transitions: NDArray[np.float32]

    def read(
        self, heard: Heard, features: Features, among: Collection[str] | None, limit: int
    ) -> list[Reading]:
        """As `SkillModel.read`."""
        likely = self._likely(features.utterance(heard), among)[:limit]
        slots = self._slots(heard, features, [intent for intent, _ in likely])
        return [
            Reading(self.intents[intent], chance, slots.get(intent, ()))
            for intent, chance in likely
        ]

    def _likely(self, sketch: Sketch, among: Collection[str] | None) -> list[tuple[int, float]]:
        """Intents and their probability, best first."""
        open_ = [i for i, name in enumerate(self.intents) if among is None or name in among]
        if not open_:
            return []
        scores = self.intent_map.scores(sketch.dense, sketch.hashes, sketch.values)[0, open_]
        chances = softmax.probabilities(scores.astype(np.float64))
        order = np.argsort(-chances, kind="stable")
        return [(open_[i], float(chances[i])) for i in order]

    def _slots(
        self, heard: Heard, features: Features, intents: Sequence[int]
    ) -> Mapping[int, Sequence[Tagged]]:
        """Slots of the utterance under each intent that knows any."""
        asked = [intent for intent in intents if self.known[intent]]
        said = heard.words[:_LONGEST]
        if not asked or not said:
            return {}
        sketch = features.words(heard)
        scores = self.slot_map.scores(sketch.dense, sketch.hashes, sketch.values)[:_LONGEST]
        masks = np.stack([crf.allowed_tags(len(self.slots), self.known[i]) for i in asked])
        tags, surety = crf.decode(scores, self.transitions, masks)
        return {
            intent: slots_of(tags[row], surety[row], said, self.slots, self.multiple)
            for row, intent in enumerate(asked)
        }

    def pack(self, settings: Mapping[str, Any]) -> Packed:
        """The heads with an engine's own settings."""
        tensors = {
            **self.intent_map.pack("intent"),
            **self.slot_map.pack("slot"),
            "transitions": self.transitions.astype(np.float16),
        }
        names = {
            "intents": list(self.intents),
            "slots": list(self.slots),
            "known": [list(slots) for slots in self.known],
            "multiple": sorted(self.multiple),
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
        )


def fit(
    labels: Sequence[Label],
    heard: Sequence[Heard],
    language: Language,
    features: Features,
    settings: HeadSettings,
) -> Heads:
    """Heads of a skill; labels and heard go in pairs, each label of an intent of the skill.

    A label of negative weight, or from an intent's name, teaches the intent head only.
    """
    intents = tuple(sorted({label.intent for label in labels}))
    slots = tuple(sorted({span.name for label in labels for span in label.spans}))
    known = tuple(_known(name, slots, labels, language) for name in intents)
    multiple = {slot.name for intent in language.intents for slot in intent.slots if slot.multiple}
    slot_map, transitions = _fit_slots(labels, heard, features, (intents, slots, known), settings)
    return Heads(
        intents,
        slots,
        known,
        frozenset(multiple),
        _fit_intents(labels, heard, features, intents, settings),
        slot_map,
        transitions,
    )


def _known(
    intent: str, slots: Sequence[str], labels: Sequence[Label], language: Language
) -> tuple[int, ...]:
    declared = language.intent(intent)
    names = {slot.name for slot in declared.slots} if declared else set()
    names |= {span.name for label in labels if label.intent == intent for span in label.spans}
    return tuple(index for index, name in enumerate(slots) if name in names)


def _fit_intents(
    labels: Sequence[Label],
    heard: Sequence[Heard],
    features: Features,
    intents: Sequence[str],
    settings: HeadSettings,
) -> Linear:
    if not labels:
        return _nothing(0)
    rows, known = _rows([features.utterance(one) for one in heard], settings.intent_features)
    return softmax.fit(
        rows,
        known,
        np.array([intents.index(label.intent) for label in labels]),
        np.array([label.weight for label in labels]),
        len(intents),
        l2=settings.intent_l2,
        steps=settings.intent_steps,
    )


def _fit_slots(
    labels: Sequence[Label],
    heard: Sequence[Heard],
    features: Features,
    names: tuple[Sequence[str], Sequence[str], Sequence[Sequence[int]]],
    settings: HeadSettings,
) -> tuple[Linear, NDArray[np.float32]]:
    intents, slots, known = names
    pairs = [
        (label, one)
        for label, one in zip(labels, heard, strict=True)
        if _teaches_slots(label) and one.words and known[intents.index(label.intent)]
    ]
    if not pairs:
        return _nothing(1), halves(np.zeros((2, 1)))
    pairs = _thinned(pairs, settings.slot_words)
    rows, vocabulary_ = _rows([features.words(one) for _, one in pairs], settings.slot_features)
    masks = [crf.allowed_tags(len(slots), known[intents.index(x.intent)]) for x, _ in pairs]
    return crf.fit(
        rows,
        vocabulary_,
        np.array([len(one.words) for _, one in pairs]),
        np.concatenate([tags_of(label.spans, one.words, slots) for label, one in pairs]),
        np.stack(masks),
        np.array([label.weight for label, _ in pairs]),
        l2=settings.slot_l2,
        steps=settings.slot_steps,
    )


def _teaches_slots(label: Label) -> bool:
    return label.weight > 0 and label.source is not LabelSource.NAME


def _thinned(pairs: list[tuple[Label, Heard]], most: int) -> list[tuple[Label, Heard]]:
    """Every second or n-th sentence, so that there are at most about `most` words."""
    total = sum(len(one.words) for _, one in pairs)
    return pairs[:: max(1, -(-total // most))]


def _rows(sketches: Sequence[Sketch], most: int) -> tuple[Rows, Hashes]:
    """All sketches below one another, and the vocabulary they make."""
    known = vocabulary([sketch.hashes[sketch.values != 0] for sketch in sketches], most)
    width = max(sketch.hashes.shape[1] for sketch in sketches)
    columns, values = [], []
    for sketch in sketches:
        missing = ((0, 0), (0, width - sketch.hashes.shape[1]))
        found = find(known, sketch.hashes)
        columns.append(np.pad(found, missing, constant_values=len(known)))
        weights = np.where(found == len(known), 0.0, sketch.values)
        values.append(np.pad(weights, missing).astype(np.float32))
    dense = np.concatenate([sketch.dense for sketch in sketches])
    return Rows(dense, np.concatenate(columns), np.concatenate(values)), known


def _nothing(count: int) -> Linear:
    """A map that has seen nothing. Its width does not matter: nobody asks it."""
    empty = np.zeros((0, count), np.float32)
    return Linear(np.zeros(0, np.uint32), np.zeros((1, count), np.float32), empty)
