"""The `maxent-crf` engine: the linear baseline that everyone knows, without an encoder.

Intents: maximum entropy over n-grams and utterance length. Slots: a linear-chain CRF over n-grams,
affixes, shape and relative token position. After the conventional models that the deep ones for
Alexa's custom skills are compared with.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from sayso.bundle import Packed
from sayso.types.lessons import Label
from sayso.types.skills import Language
from sayso.understanding.contract import Heard, Reading, Tagged
from sayso.understanding.features import (
    Hashes,
    character_grams,
    mix,
    word_contexts,
    word_grams,
)
from sayso.understanding.fitting import fit_heads
from sayso.understanding.heads import Heads, HeadSettings, Sketch
from sayso.understanding.linear import Array

ENGINE = "maxent-crf"
_LONGEST_COUNTED = 12  # words; longer utterances count as this long


@dataclass(frozen=True, slots=True)
class MaxentCrfSettings:
    """Hyperparameters, chosen by cross-validation on training halves (docs/log.md).

    word_order: longest word n-gram; characters: shortest and longest character n-gram, or None;
    scaled: whether each kind of n-gram is scaled to length 1.
    """

    word_order: int = 1
    characters: tuple[int, int] | None = (2, 4)
    scaled: bool = True
    length_weight: float = 0.1
    heads: HeadSettings = field(
        default_factory=lambda: HeadSettings(intent_l2=0.003, slot_l2=0.03, slot_steps=80)
    )


@dataclass(frozen=True, slots=True)
class MaxentCrfFeatures:
    """What this engine looks at."""

    settings: MaxentCrfSettings

    def utterance(self, heard: Heard) -> Sketch:
        """N-grams and the utterance's length; a constant."""
        text, settings = heard.utterance.text, self.settings
        kinds = [word_grams(text, settings.word_order)]
        if settings.characters is not None:
            kinds.append(character_grams(text, *settings.characters))
        values = [self._values(len(kind)) for kind in kinds]
        length = np.array([min(len(heard.words), _LONGEST_COUNTED)], np.uint32)
        hashes = np.concatenate([*kinds, mix(length, 40)])
        weights = np.concatenate([*values, [settings.length_weight]])
        return Sketch(np.ones((1, 1), np.float32), hashes[None], weights[None])

    def words(self, heard: Heard) -> Sketch:
        """Each word's n-grams, affixes, shape and place; a constant."""
        contexts: Hashes = word_contexts(heard.utterance.text)
        constant = np.ones((len(contexts), 1), np.float32)
        return Sketch(constant, contexts, np.ones(contexts.shape))

    def _values(self, count: int) -> Array:
        return np.full(count, 1.0 / max(count, 1) ** 0.5 if self.settings.scaled else 1.0)


@dataclass(frozen=True, slots=True)
class MaxentCrfModel:
    """A fitted skill; see `SkillModel`."""

    heads: Heads
    features: MaxentCrfFeatures

    @property
    def intents(self) -> Sequence[str]:
        """Names of the intents it can tell apart."""
        return self.heads.intents

    def likely(
        self, heard: Heard, *, among: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Every intent with its probability, best first."""
        return self.heads.likely(heard, self.features, among)

    def tag(self, heard: Heard, intents: Sequence[str]) -> Mapping[str, Sequence[Tagged]]:
        """Slots of the utterance under each of these intents."""
        return self.heads.tag(heard, self.features, intents)

    def read(
        self, heard: Heard, *, among: Collection[str] | None = None, limit: int = 3
    ) -> list[Reading]:
        """The likeliest intents, best first, each with its slots."""
        return self.heads.read(heard, self.features, among, limit)

    def pack(self) -> Packed:
        """The model as arrays and JSON."""
        return self.heads.pack(asdict(self.features.settings))


def fit(
    labels: Sequence[Label],
    heard: Sequence[Heard],
    language: Language,
    settings: MaxentCrfSettings = MaxentCrfSettings(),
) -> MaxentCrfModel:
    """Fit a skill. heard[i] is what `hear` makes of labels[i].text; vectors are not looked at."""
    features = MaxentCrfFeatures(settings)
    return MaxentCrfModel(
        fit_heads(labels, heard, language, [(1.0, features)], settings.heads), features
    )


def unpack(packed: Packed, language: Language) -> MaxentCrfModel:
    """The model that was packed; language: the one it was fitted for."""
    return MaxentCrfModel(
        Heads.unpack(packed), MaxentCrfFeatures(_settings(packed.settings["settings"]))
    )


def _settings(written: Mapping[str, Any]) -> MaxentCrfSettings:
    characters = written["characters"]
    heads = HeadSettings(**written["heads"])
    pair = None if characters is None else (int(characters[0]), int(characters[1]))
    return MaxentCrfSettings(**{**written, "characters": pair, "heads": heads})
