"""Skills -> every collision, in the locales that are served."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sayso.encoders import Encoders
from sayso.evaluation.collisions.apart import Apart
from sayso.evaluation.collisions.covering import covered
from sayso.evaluation.collisions.names import alike_names, calls, names_of, same_names
from sayso.evaluation.collisions.nouns import Collision, Kind, Severity
from sayso.evaluation.collisions.samples import Sample, samples_of
from sayso.evaluation.collisions.takes import Takes
from sayso.evaluation.collisions.vectors import by_meaning
from sayso.evaluation.collisions.words import same_sentences, same_templates
from sayso.training.train import Progress
from sayso.types.skills import Skill
from sayso.understanding.contract import Matrix
from sayso.understanding.heard import TextEncoder, hear_all

HEARD = 500  # texts whose words' vectors are in memory at a time
CORES = 2

_KINDS, _SEVERITIES = list(Kind), list(Severity)


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
    compares no meanings. A collision that several locales share is told once.
    """
    found: dict[tuple[object, ...], Collision] = {}
    samples = 0
    for locale in _different(skills, locales):
        heard = samples_of(skills, locale)
        samples += len(heard)
        encoder = encoders.of(locale) if encoders is not None else None
        told = Apart(heard)
        for collision in _in(skills, heard, locale, encoder, progress):
            key = (collision.kind, *collision.everyone)
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
    encoder: TextEncoder | None,
    progress: Progress,
) -> Iterator[Collision]:
    names, takes = names_of(skills, locale), Takes(locale)
    yield from same_names(names)
    yield from alike_names(names, locale)
    yield from calls(samples, names, locale)
    yield from same_sentences(samples, locale)
    yield from same_templates(samples, takes)
    yield from covered(samples, takes)
    if encoder is not None and samples:
        vectors = _vectors(samples, encoder, lambda done, total: progress("listening", done, total))
        total = len(samples)
        yield from by_meaning(
            samples, vectors, CORES, lambda done: progress("comparing", done, total)
        )


def _vectors(
    samples: Sequence[Sample], encoder: TextEncoder, tell: Callable[[int, int], None]
) -> Matrix:
    """(n, d) of the samples; each text is heard once."""
    texts = list(dict.fromkeys(sample.vectored for sample in samples))
    numbers = {text: at for at, text in enumerate(texts)}
    blocks = []
    for at in range(0, len(texts), HEARD):
        some = hear_all(texts[at : at + HEARD], encoder)
        blocks.append(np.stack([one.pooled for one in some if one.pooled is not None]))
        tell(at + len(some), len(texts))
    stacked = np.concatenate(blocks).astype(np.float32)
    rows: Matrix = stacked[[numbers[sample.vectored] for sample in samples]]
    return rows
