"""What the log says against a skill, kept beside its examples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from sayso.types.lessons import Label, LabelSource
from sayso.understanding.doubt import Refused
from sayso.understanding.fold import fold
from sayso.understanding.heard import TextEncoder, hear_all
from sayso.understanding.installed import Installed
from sayso.understanding.vectors import from_bytes, to_bytes

MOST = 50  # counter-examples of a skill, those that most people met


def skills_in(labels: Iterable[Label]) -> set[str]:
    """The skills that some label speaks against."""
    return {label.skill for label in labels if _is_against(label)}


def with_refused(
    held: Installed, labels: Sequence[Label], encoder: TextEncoder | None
) -> Installed:
    """The skill with what it has turned down in its locale; as it is if that is nothing.

    Its own samples are no counter-examples: its developer says that they are for it.
    """
    mine = against(held, labels)
    if not mine:
        return held
    heard = hear_all([label.text for label in mine], encoder)
    vectors = [words.pooled for words in heard if words.pooled is not None]
    refused = Refused(
        [words.utterance.text for words in heard],
        np.array([label.weight for label in mine], np.float32),
        from_bytes(*to_bytes(np.stack(vectors))) if vectors else None,
    )
    return replace(held, examples=replace(held.examples, refused=refused))


def against(held: Installed, labels: Sequence[Label]) -> list[Label]:
    """The labels that speak against a skill in its locale, the weightiest first, at most MOST."""
    mine = [
        label
        for label in labels
        if (label.skill, label.locale) == (held.skill.id, held.locale) and _is_against(label)
    ]
    own = {fold(text) for text in held.examples.texts} if mine else set()
    return sorted((x for x in mine if fold(x.text) not in own), key=lambda x: x.weight)[:MOST]


def _is_against(label: Label) -> bool:
    return label.source is LabelSource.LOG and label.weight < 0
