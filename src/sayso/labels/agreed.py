"""Pseudo-labels: many skills fit "tell me a joke", and each sentence has one label.

After Kim and Kim 2020 (arXiv:2003.03728): what stays among the highest confidences becomes a
further label. One model would teach us its own mistakes, so that models which have learnt from
different halves must agree; popular skills would be found everywhere, so that each sentence and
each skill gets few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sayso.types.lessons import Label, LabelSource


@dataclass(frozen=True, slots=True)
class Guess:
    """A skill, its likeliest intent, and how sure a model is of it, in [0, 1]."""

    skill: str
    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """When models agree enough.

    models: at least so many, all of them; rank: a skill is among so many first of each model.
    confidence: the least, of each model, a share of its first ten.
    most: labels of a sentence; of_a_skill: labels of a skill, as many times its own.
    """

    models: int = 2
    rank: int = 5
    confidence: float = 0.5
    most: int = 3
    of_a_skill: float = 1.0


def agreed(
    labels: Sequence[Label],
    opinions: Sequence[Sequence[Sequence[Guess]]],
    agreement: Agreement = Agreement(),
) -> list[Label]:
    """Labels for the other skills that fit the sentences of these, surest first.

    opinions: of each model, for each label, its guesses, best first; the model must not have seen
        the sentence. The weight of a new label is the least confidence. It has no spans: it says
        who is meant, not what the words are. Raises ValueError for too few models, as one alone
        agrees with itself.
    """
    if len(opinions) < agreement.models:
        raise ValueError(f"{len(opinions)} models cannot agree; {agreement.models} are needed")
    found = [
        new
        for at, label in enumerate(labels)
        for new in _of_sentence(label, [model[at] for model in opinions], agreement)
    ]
    own = Counter((label.skill, label.locale) for label in labels)
    kept: list[Label] = []
    given: Counter[tuple[str, str]] = Counter()
    for new in sorted(found, key=lambda new: -new.weight):
        key = (new.skill, new.locale)
        if given[key] < agreement.of_a_skill * max(own[key], 1):
            given[key] += 1
            kept.append(new)
    return kept


def _of_sentence(
    label: Label, opinions: Sequence[Sequence[Guess]], agreement: Agreement
) -> list[Label]:
    """The skills on which all models agree, at most so many as one sentence may have."""
    firsts = [{guess.skill: guess for guess in model[: agreement.rank]} for model in opinions]
    shared = set.intersection(*map(set, firsts)) - {label.skill}
    least = {skill: min(first[skill].confidence for first in firsts) for skill in shared}
    sure = sorted((s for s in shared if least[s] >= agreement.confidence), key=lambda s: -least[s])
    return [
        replace(
            label,
            skill=skill,
            intent=max((first[skill] for first in firsts), key=lambda x: x.confidence).intent,
            spans=(),
            template=None,
            source=LabelSource.AGREED,
            weight=least[skill],
        )
        for skill in sure[: agreement.most]
    ]
