"""The `maxent-crf` engine: the linear baseline that everyone knows, without an encoder.

Intents: maximum entropy over n-grams and utterance length. Slots: a linear-chain CRF over n-grams,
affixes, shape and relative token position. After the conventional models that the deep ones for
Alexa's custom skills are compared with.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from sayso.bundle import Packed
from sayso.types.lessons import Label
from sayso.types.skills import Language
from sayso.understanding.contract import Heard
from sayso.understanding.features import (
    Hashes,
    character_grams,
    mix,
    word_contexts,
    word_grams,
)
from sayso.understanding.fitting import fit_heads
from sayso.understanding.heads import Heads, HeadSettings, Model, Sketch
from sayso.understanding.linear import Array

ENGINE = "maxent-crf"
_LONGEST_COUNTED = 12  # words; longer utterances count as this long


@dataclass(frozen=True, slots=True)
class MaxentCrfSettings:
    """Hyperparameters, chosen on held-out halves of every second real skill (docs/log.md).

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

    @property
    def general(self) -> Hashable | None:
        """As `Features` has it."""
        return (ENGINE, self.settings)

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


def fit(
    labels: Sequence[Label],
    heard: Sequence[Heard],
    language: Language,
    settings: MaxentCrfSettings = MaxentCrfSettings(),
) -> Model:
    """Fit a skill. heard[i] is what `hear` makes of labels[i].text; vectors are not looked at."""
    features = MaxentCrfFeatures(settings)
    heads = fit_heads(labels, heard, language, [(1.0, features)], settings.heads)
    return Model(heads, features, asdict(settings))


def unpack(packed: Packed, language: Language) -> Model:
    """The model that was packed; language: the one it was fitted for."""
    settings = _settings(packed.settings["settings"])
    return Model(Heads.unpack(packed), MaxentCrfFeatures(settings), asdict(settings))


def _settings(written: Mapping[str, Any]) -> MaxentCrfSettings:
    characters = written["characters"]
    heads = HeadSettings(**written["heads"])
    pair = None if characters is None else (int(characters[0]), int(characters[1]))
    return MaxentCrfSettings(**{**written, "characters": pair, "heads": heads})
