"""What models trained on different halves of all examples think of each example.

A model is an index of one half; it is asked about the other half, of which it has seen nothing.
`labels.agreed` makes labels of what they agree on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np

from sayso.labels.agreed import Guess
from sayso.types.readings import Utterance
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.shortlist import Evidence, Examples, Index, Shortlist

KEPT = 10  # guesses of each model


def opinions(
    skills: Sequence[Examples], models: Sequence[int], kept: int = KEPT
) -> list[list[list[Guess]]]:
    """For each model, for each example in the order of the skills, the skills that it guesses.

    models: a seed each, by which the sentences are halved. Equal sentences are of one half,
    whosesoever they are; names and descriptions are of both.
    """
    return [_of_model(skills, seed, kept) for seed in models]


def _of_model(skills: Sequence[Examples], seed: int, kept: int) -> list[list[Guess]]:
    halves = [{x.skill: _half(x, seed, half) for x in skills} for half in (0, 1)]
    models = [Index(half.values()) for half in halves]

    def guessed(other: int, heard: Heard) -> list[Guess]:
        return _guesses(models[other].search(heard, kept), halves[other])

    return [
        guessed(1 - _half_of(text, seed), heard)
        for each in skills
        for text, intent, heard in _heard(each)
        if intent
    ]


def _half(examples: Examples, seed: int, half: int) -> Examples:
    """A skill with what is said of it and those of its examples that are of a half."""
    pairs = zip(examples.intents, examples.texts, strict=True)
    rows = [i for i, (intent, x) in enumerate(pairs) if not intent or _half_of(x, seed) == half]
    return Examples(
        examples.skill,
        [examples.intents[i] for i in rows],
        [examples.texts[i] for i in rows],
        None if examples.vectors is None else examples.vectors[rows],
    )


def _half_of(text: str, seed: int) -> int:
    return crc32(f"{seed}/{fold(text)}".encode()) % 2


def _heard(examples: Examples) -> list[tuple[str, str, Heard]]:
    """Text and intent of each row, and the row as if somebody had said it."""
    vectors = examples.vectors
    return [
        (text, intent, Heard(Utterance(text, text), (), pooled=None if vectors is None else row))
        for text, intent, row in zip(
            examples.texts,
            examples.intents,
            [None] * len(examples.texts) if vectors is None else vectors.astype(np.float32),
            strict=True,
        )
    ]


def _guesses(shortlist: Shortlist, known: Mapping[str, Examples]) -> list[Guess]:
    """The skills of a shortlist, each with its share and the intent whose example is nearest."""
    odds = np.exp([score - shortlist.skills[0][1] for _, score in shortlist.skills])
    return [
        Guess(skill, _nearest(known[skill], shortlist.evidence[skill]), share)
        for (skill, _), share in zip(shortlist.skills, (odds / odds.sum()).tolist(), strict=True)
    ]


def _nearest(examples: Examples, evidence: Evidence) -> str:
    """The intent of the nearest example, "" if there is none."""
    at = evidence.nearest
    return examples.intents[at] if at is not None else ""
