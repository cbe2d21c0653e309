"""What the log says against a skill, kept beside its examples."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sayso.types.lessons import Label, LabelSource
from sayso.understanding.doubt import Refused
from sayso.understanding.fold import fold
from sayso.understanding.heard import TextEncoder, hear_all
from sayso.understanding.vectors import from_bytes, to_bytes

MOST = 50  # counter-examples of a skill, those that most people met


def skills_in(labels: Iterable[Label]) -> set[str]:
    """The skills that some label speaks against."""
    return {label.skill for label in labels if _is_against(label)}


def refused(
    labels: Iterable[Label], locale: str, own: Iterable[str], encoder: TextEncoder | None
) -> Refused | None:
    """What a skill has turned down in a locale, None for nothing.

    labels: those of the skill; own: its own samples, which are no counter-examples: its developer
    says that they are for it.
    """
    mine = against(labels, locale, own)
    if not mine:
        return None
    heard = hear_all([label.text for label in mine], encoder)
    vectors = [words.pooled for words in heard if words.pooled is not None]
    return Refused(
        [words.utterance.text for words in heard],
        np.array([label.weight for label in mine], np.float32),
        from_bytes(*to_bytes(np.stack(vectors))) if vectors else None,
    )


def against(labels: Iterable[Label], locale: str, own: Iterable[str]) -> list[Label]:
    """The labels that speak against a skill in a locale, the weightiest first, at most MOST."""
    mine = [label for label in labels if label.locale == locale and _is_against(label)]
    samples = {fold(text) for text in own} if mine else set()
    others = (label for label in mine if fold(label.text) not in samples)
    return sorted(others, key=lambda label: label.weight)[:MOST]


def _is_against(label: Label) -> bool:
    return label.source is LabelSource.LOG and label.weight < 0
