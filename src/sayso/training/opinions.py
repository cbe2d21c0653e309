"""What models trained on different halves of all examples think of each example.

A model is an index of one half; it is asked about the other half, of which it has seen nothing.
`labels.agreed` makes labels of what they agree on.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from sayso.labels.agreed import Guess
from sayso.types.turns import Utterance
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.shortlist import Examples, Index, Shortlist

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
    halves = [Index([_half(each, seed, half) for each in skills]) for half in (0, 1)]
    return [
        _guesses(halves[1 - _half_of(text, seed)].search(heard, kept))
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


def _guesses(shortlist: Shortlist) -> list[Guess]:
    """The skills of a shortlist, each with the intent whose example is nearest."""
    nearest: dict[str, tuple[float, str]] = {}
    for (skill, intent), match in shortlist.matches.items():
        if intent:
            nearest[skill] = max(nearest.get(skill, (-1.0, "")), (match.cosine, intent))
    return [
        Guess(skill, nearest.get(skill, (0.0, ""))[1], score) for skill, score in shortlist.skills
    ]
