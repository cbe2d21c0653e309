"""A turn of a skill, looked at once: what all figures of its pairs are taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.contract import Heard
from sayso.understanding.described.acts import Acts
from sayso.understanding.described.kinds import SHARP, Kinds, fits
from sayso.understanding.described.mentions import mentions
from sayso.understanding.described.past import Past
from sayso.understanding.described.sketch import Sketched, look
from sayso.understanding.described.slots import DescribedSkill, Listed, stem

Floats = NDArray[np.float32]
Span = tuple[int, int, float]  # words [first, last), and the chance that they are a value
_TURNS = 8  # utterances that are kept: all skills that are read hear the same


@dataclass(frozen=True, slots=True, eq=False)
class Sensed:
    """An utterance as no skill in particular sees it.

    acts: (ACTS,) chances. about: (kinds,), aims: (intents learnt from), see `Kinds`. spans:
    candidates, within: (spans, kinds + 1). unit: (words, d), of length 1 each.
    """

    seen: Sketched
    acts: Floats
    about: Floats
    aims: Floats
    spans: Sequence[Span]
    within: Floats
    unit: Floats
    stems: frozenset[str]


@lru_cache(maxsize=_TURNS)
def sense(heard: Heard, kinds: Kinds, acts: Acts, did: tuple[str, ...], locale: str) -> Sensed:
    """What is seen of an utterance after the system did that. `heard` has words and vectors."""
    seen = look(heard, kinds.lens, locale)
    figures = acts.figures(seen, did)
    spans = kinds.candidates(seen)
    states = heard.states
    unit = np.zeros((0, len(kinds.lens.down)), np.float32)
    if states is not None:
        size = np.linalg.norm(states, axis=1, keepdims=True)
        unit = (states / np.maximum(size, 1e-6)).astype(np.float32)
    return Sensed(
        seen,
        acts.chances(figures),
        kinds.about(figures[0]),
        kinds.aims(figures[0]),
        tuple(spans),
        kinds.of(seen, [(first, last) for first, last, _ in spans]),
        unit,
        frozenset(map(stem, seen.plain)),
    )


@dataclass(frozen=True, eq=False)
class Looked:
    """A turn of one skill.

    spans: candidates, with values of catalogues among them; within: (spans, kinds + 1); fit:
    (2, spans, slots), rivals: the best fit of another slot. likeness: (slots, kinds).
    listed: (slot, value, where it is mentioned) of every value of a catalogue.
    topics: (2, 1, slots); goals: (2, 1, intents). others: (known, slots) likeness of kinds.
    near: (2, words, slots) cosines of words with descriptions, and with names.
    best: (slots,) how well the best span fits each.
    """

    sensed: Sensed
    skill: DescribedSkill
    past: Past
    spans: Sequence[Span]
    within: Floats
    fit: Floats
    rivals: Floats
    likeness: Floats
    listed: Sequence[tuple[int, Listed, Sequence[tuple[int, int]]]]
    topics: Floats
    goals: Floats
    others: Floats
    near: Floats
    best: Floats
    intent: str | None

    @property
    def seen(self) -> Sketched:
        """The utterance."""
        return self.sensed.seen


def looked(sensed: Sensed, skill: DescribedSkill, past: Past, kinds: Kinds) -> Looked:
    """All of a turn that does not hang on the intent, which is that of before."""
    seen = sensed.seen
    mentioned = [
        (place, value, mentions(seen, value))
        for place, slot in enumerate(skill.slots)
        for value in slot.values
    ]
    known = {(first, last) for first, last, _ in sensed.spans}
    named = dict.fromkeys(where for *_, places in mentioned for where in places)
    more = [where for where in named if where not in known]
    spans, within = list(sensed.spans), sensed.within
    if more:
        spans += [(*where, 0.0) for where in more]
        within = np.concatenate([within, kinds.of(seen, more)])
    likeness, goals_like = _likeness(skill, kinds)
    fit = fits(within, likeness)
    near = np.zeros((2, 1, len(skill.slots)), np.float32)
    if len(sensed.unit):
        near = np.stack([sensed.unit @ skill.told.T, sensed.unit @ skill.names.T])
    best = np.zeros(len(skill.slots), np.float32)
    if spans:
        best = (fit[1] * (1.0 - within[:, -1:])).max(axis=0)
    return Looked(
        sensed,
        skill,
        past,
        spans,
        within,
        fit,
        rivals(fit),
        likeness,
        mentioned,
        fits(sensed.about[None], likeness),
        fits(sensed.aims[None], goals_like),
        _kinds_near(kinds.likeness([each.slot for each in past.known]), likeness),
        near,
        best,
        past.intent,
    )


@lru_cache(maxsize=512)
def _likeness(skill: DescribedSkill, kinds: Kinds) -> tuple[Floats, Floats]:
    """(slots, kinds) and (intents, aims): how alike they are described."""
    return kinds.likeness(skill.slots), kinds.goals_like(skill.intents)


def rivals(table: Floats) -> Floats:
    """(..., n): of each place the highest value at another one, 0 where there is none."""
    if table.shape[-1] < 2:
        return np.zeros_like(table)
    ordered = np.sort(table, axis=-1)
    top, second = ordered[..., -1:], ordered[..., -2:-1]
    return np.asarray(np.maximum(np.where(table >= top, second, top), 0.0), np.float32)


def _kinds_near(first: Floats, second: Floats) -> Floats:
    """(n, m) cosines of what slots are described like, sharpened."""
    a, b = first ** SHARP[1], second ** SHARP[1]
    a = a / np.maximum(np.linalg.norm(a, axis=1, keepdims=True), 1e-6)
    b = b / np.maximum(np.linalg.norm(b, axis=1, keepdims=True), 1e-6)
    return np.asarray(a @ b.T, np.float32)


def text_of(seen: Sketched, first: int, last: int) -> str:
    """The words [first, last) as they were written."""
    words = seen.heard.words
    return seen.heard.utterance.text[words[first].start : words[last - 1].end]
