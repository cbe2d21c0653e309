"""Skills -> every collision, in the locales that are served."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sayso.encoders import Encoders
from sayso.evaluation.collisions.apart import Apart
from sayso.evaluation.collisions.covering import covered
from sayso.evaluation.collisions.names import alike_names, calls, names_of, same_names
from sayso.evaluation.collisions.nouns import Collision, Kind, Severity
from sayso.evaluation.collisions.prompts import prompts
from sayso.evaluation.collisions.samples import Sample, samples_of
from sayso.evaluation.collisions.takes import Takes
from sayso.evaluation.collisions.undone import undone
from sayso.evaluation.collisions.vectors import by_meaning
from sayso.evaluation.collisions.words import same_sentences, same_templates
from sayso.training.progress import Progress
from sayso.types.skills import Skill
from sayso.understanding.contract import Matrix, Vector
from sayso.understanding.heard import TextEncoder, hear_all

HEARD = 500  # texts whose words' vectors are in memory at a time
CORES = 2

_KINDS, _SEVERITIES = list(Kind), list(Severity)


class Vectors:
    """Vectors of the texts of one tongue; each text is heard once, in however many locales."""

    def __init__(self, encoder: TextEncoder | None, progress: Progress) -> None:
        self.encoder = encoder
        self._progress = progress
        self._known: dict[str, Vector] = {}

    def of(self, texts: Sequence[str]) -> Matrix:
        """(n, d), a row a text."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        for at in range(0, len(fresh), HEARD):
            some = fresh[at : at + HEARD]
            for text, heard in zip(some, hear_all(some, self.encoder), strict=True):
                if heard.pooled is not None:
                    self._known[text] = heard.pooled.astype(np.float32)
            self._progress("listening", at + len(some), len(fresh))
        return np.stack([self._known[text] for text in texts])


@dataclass(frozen=True, slots=True)
class Found:
    """The collisions, worst first, and how much was looked at."""

    collisions: Sequence[Collision]
    skills: int
    samples: int


def find(
    skills: Sequence[Skill],
    locales: Sequence[str],
    encoders: Encoders | None,
    progress: Progress,
) -> Found:
    """Every collision of the skills in these locales.

    Of a skill the language counts that a request in the locale would be heard by. encoders: None
    compares no meanings. A collision that several locales share is told of the first of them.
    """
    found: dict[tuple[object, ...], Collision] = {}
    known: dict[str, Vectors] = {}
    samples = 0
    for locale in _different(skills, locales):
        heard = samples_of(skills, locale)
        samples += len(heard)
        told = Apart(heard)
        vectors = None
        if encoders is not None:
            tongue = locale.split("-")[0]
            vectors = known.setdefault(tongue, Vectors(encoders.of(locale), progress))
        for collision in _in(skills, heard, locale, vectors, progress):
            key = (collision.kind, *((*one.owner, one.sample) for one in collision.everyone))
            found.setdefault(key, replace(collision, apart=told.words(collision.skills)))
    worst = sorted(found.values(), key=_worst_first)
    return Found(worst, len(skills), samples)


def _worst_first(collision: Collision) -> tuple[object, ...]:
    severity, kind = _SEVERITIES.index(collision.severity), _KINDS.index(collision.kind)
    return severity, kind, -len(collision.sites), collision.said, collision.everyone


def _different(skills: Sequence[Skill], locales: Sequence[str]) -> Iterator[str]:
    """The locales, without those in which every skill is heard as in one before."""
    seen = set()
    for locale in locales:
        languages = [skill.language(locale) for skill in skills]
        heard = tuple(language.locale if language else "" for language in languages)
        if heard not in seen:
            seen.add(heard)
            yield locale


def _in(
    skills: Sequence[Skill],
    samples: Sequence[Sample],
    locale: str,
    vectors: Vectors | None,
    progress: Progress,
) -> Iterator[Collision]:
    names, takes, total = names_of(skills, locale), Takes(locale), len(samples)
    yield from prompts(skills, locale)
    yield from undone(skills, locale)
    yield from same_names(names)
    yield from alike_names(names, locale)
    yield from calls(samples, names, locale)
    yield from same_sentences(samples, locale)
    yield from same_templates(samples, takes)
    yield from covered(samples, takes, lambda done: progress("matching", done, total))
    if vectors is not None and vectors.encoder is not None and samples:
        rows = vectors.of([sample.vectored for sample in samples])
        yield from by_meaning(samples, rows, CORES, lambda done: progress("comparing", done, total))
