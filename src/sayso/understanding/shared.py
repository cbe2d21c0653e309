"""The `shared` engine: one frozen encoder for all skills, two light heads for each.

The intent head sees the mean of the words' vectors, which slot types have a value in the utterance,
which standard intent it is a phrase of, and the words themselves: "turn on" and "turn off" have a
cosine of .91. The slot head sees each word's vector in its context, the word's form and its
neighbours', and the types. A language without an encoder is read by the same features without
vectors, with n-grams of characters in their place.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from sayso.bundle import Packed
from sayso.types.lessons import Label
from sayso.types.skills import Language
from sayso.understanding.acts import acts
from sayso.understanding.contract import Heard, Vector
from sayso.understanding.features import (
    Hashes,
    character_grams,
    hashed,
    mix,
    word_contexts,
    word_grams,
)
from sayso.understanding.fitting import fit_heads
from sayso.understanding.gazetteer import Gazetteer, Match
from sayso.understanding.heads import Heads, HeadSettings, Model, Sketch
from sayso.understanding.linear import Array

ENGINE = "shared"
_TURNS = 8  # what was heard lately, of which the vectors are kept: ten skills read the same
_CHARACTERS = (2, 4)  # shortest and longest n-gram of a language without an encoder


@dataclass(frozen=True, slots=True)
class SharedSettings:
    """Hyperparameters; the weights say how much a kind of feature counts beside the vectors.

    type_weight: slot types found in the utterance; act_weight: standard intents that it is a
        phrase of; word_weight: its words (intent head).
    state_weight: a word's vector; catalogue_weight: types found at and beside it (slot head).
    blind_share: of each example's weight, how much is learnt without a look at the types.
    """

    type_weight: float = 0.9
    act_weight: float = 0.9
    word_weight: float = 0.4
    state_weight: float = 6.0
    catalogue_weight: float = 3.0
    blind_share: float = 0.2
    heads: HeadSettings = field(default_factory=HeadSettings)


@dataclass(frozen=True, slots=True)
class SharedFeatures:
    """What this engine looks at."""

    gazetteer: Gazetteer
    settings: SharedSettings
    types: Hashes  # a hash for each of the gazetteer's types
    locale: str

    @classmethod
    def of(cls, language: Language, settings: SharedSettings) -> SharedFeatures:
        """The features for a skill's language."""
        gazetteer = Gazetteer(language)
        return cls(gazetteer, settings, hashed(gazetteer.types), language.locale)

    @property
    def general(self) -> Hashable | None:
        """As `Features` has it: a skill without types sees what all such skills see."""
        return None if self.gazetteer.types else (ENGINE, self.settings, self.locale)

    def utterance(self, heard: Heard) -> Sketch:
        """Sentence vector and a constant; words and types, each kind scaled to its weight."""
        found = [kind for match in self.gazetteer.find(heard) for kind in match.types]
        if not found:
            return _without_types(heard, self.settings, self.locale)
        return _sketch(heard, mix(self.types[found], 9), self.settings, self.locale)

    def words(self, heard: Heard) -> Sketch:
        """Each word's vector and a constant; its form, its neighbours and the types it matches."""
        states = _unit_states(heard)
        scaled = states * self.settings.state_weight
        dense = np.concatenate([scaled, np.ones((len(states), 1), np.float32)], axis=1)
        contexts = word_contexts(heard.utterance.text)
        types, present = self._types_at(len(heard.words), self.gazetteer.find(heard))
        values = np.concatenate(
            [np.ones(contexts.shape), present * self.settings.catalogue_weight], axis=1
        )
        return Sketch(dense, np.concatenate([contexts, types], axis=1), values)

    def _types_at(self, count: int, matches: Sequence[Match]) -> tuple[Hashes, Array]:
        """(count, f): types beginning at, going on at, before and after each word; which count."""
        marks: list[list[Hashes]] = [[] for _ in range(count)]
        for match in matches:
            types = self.types[sorted(match.types)]
            marks[match.first].append(mix(types, 10))
            for at in range(match.first + 1, match.last):
                marks[at].append(mix(types, 11))
            if match.first:
                marks[match.first - 1].append(mix(types, 12))
            if match.last < count:
                marks[match.last].append(mix(types, 13))
        rows = [np.concatenate(mark) if mark else np.zeros(0, np.uint32) for mark in marks]
        width = max(map(len, rows), default=0)
        hashes, present = np.zeros((count, width), np.uint32), np.zeros((count, width))
        for at, row in enumerate(rows):
            hashes[at, : len(row)] = row
            present[at, : len(row)] = 1.0
        return hashes, present


def fit(
    labels: Sequence[Label],
    heard: Sequence[Heard],
    language: Language,
    settings: SharedSettings = SharedSettings(),
) -> Model:
    """Fit a skill. heard[i] is what `hear` makes of labels[i].text, with vectors."""
    features = SharedFeatures.of(language, settings)
    views = [(1.0, features)]
    if features.gazetteer.types:
        # Half blind to the catalogue, or the heads would rely on it: people say what is not in it.
        blind = replace(features, gazetteer=Gazetteer(Language(language.locale)))
        views = [(1 - settings.blind_share, features), (settings.blind_share, blind)]
    heads = fit_heads(labels, heard, language, views, settings.heads)
    return Model(heads, features, asdict(settings))


def unpack(packed: Packed, language: Language) -> Model:
    """The model that was packed; language: the one it was fitted for."""
    settings = packed.settings["settings"]
    features = SharedFeatures.of(language, _settings(settings))
    return Model(Heads.unpack(packed), features, settings)


def _settings(written: Mapping[str, Any]) -> SharedSettings:
    return SharedSettings(**{**written, "heads": HeadSettings(**written["heads"])})


@lru_cache(maxsize=_TURNS)
def _without_types(heard: Heard, settings: SharedSettings, locale: str) -> Sketch:
    """What all skills see that find no value of theirs in it, which most of them do not."""
    return _sketch(heard, np.zeros(0, np.uint32), settings, locale)


def _sketch(heard: Heard, types: Hashes, settings: SharedSettings, locale: str) -> Sketch:
    words, weights = _spelling(heard, settings)
    done = acts(heard.utterance.text, locale)
    values = np.concatenate(
        (
            weights,
            _evenly(len(types), settings.type_weight),
            _evenly(len(done), settings.act_weight),
        )
    )
    dense = np.append(_sentence(heard, locale), np.float32(1.0))
    return Sketch(dense[None], np.concatenate([words, types, done])[None], values[None])


def _spelling(heard: Heard, settings: SharedSettings) -> tuple[Hashes, Array]:
    """Its words with their weights; where no vector says what they mean, its characters too."""
    words = word_grams(heard.utterance.text, 1)
    if heard.pooled is not None:
        return words, _evenly(len(words), settings.word_weight)
    characters = character_grams(heard.utterance.text, *_CHARACTERS)
    weights = [_evenly(len(words), 1.0), _evenly(len(characters), 1.0)]
    return np.concatenate([words, characters]), np.concatenate(weights)


@lru_cache(maxsize=_TURNS)
def _sentence(heard: Heard, locale: str) -> Vector:
    """(d,): in English the unit mean of the words' vectors, else the encoder's sentence vector.

    The multilingual encoder was trained for sentences to be alike across languages, not words.
    (0,) without an encoder.
    """
    if heard.pooled is None:
        return np.zeros(0, np.float32)
    if heard.states is not None and locale.split("-")[0] == "en":
        return _mean(_unit_states(heard))
    return heard.pooled


@lru_cache(maxsize=_TURNS)
def _unit_states(heard: Heard) -> Array:
    """(words, d): each word's vector, of length 1; d is 0 where there are none."""
    if heard.states is None:
        return np.zeros((len(heard.words), 0), np.float32)
    lengths = np.linalg.norm(heard.states, axis=1, keepdims=True)
    unit: Array = heard.states / np.maximum(lengths, 1e-6)
    return unit


def _mean(vectors: Array) -> Vector:
    """Unit vector in the mean direction; zeros for no vectors."""
    total = vectors.sum(axis=0)
    mean: Vector = total / max(float(np.linalg.norm(total)), 1e-6)
    return mean


def _evenly(count: int, weight: float) -> Array:
    """Equal values whose squares add up to weight squared."""
    return np.full(count, weight / max(count, 1) ** 0.5)
