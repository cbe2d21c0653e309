"""What pseudo-labels find, and what is found with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.overlapping.worlds import World
from sayso.labels.agreed import Agreement, Guess, agreed
from sayso.skills.catalogue import REQUEST
from sayso.types.lessons import Label
from sayso.understanding.fold import fold
from sayso.understanding.shortlist import Examples, Index

BINS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 1.01)
KS = (1, 5, 10, 20)


def judged(
    world: World, opinions: Sequence[Sequence[Sequence[Guess]]], agreement: Agreement
) -> dict[str, Any]:
    """Precision and recall of the labels that the models agree on, of sentences that are shared."""
    labels = world.labels
    found = [x for x in agreed(labels, opinions, agreement) if fold(x.text) in world.shared]
    taught = {(fold(x.text), x.skill) for x in labels}
    hidden = {
        text: [x for x in world.fits[text] if (text, x) not in taught]
        for text in {fold(x.text) for x in labels} & world.shared
    }
    right = [x.skill in world.fits[fold(x.text)] for x in found]
    return {
        "labels": len(found),
        "precision": share(right),
        "recall": round(sum(right) / max(sum(map(len, hidden.values())), 1), 3),
        "recall_of_most": round(
            sum(right) / max(sum(min(agreement.most, len(x)) for x in hidden.values()), 1), 3
        ),
        "sentences": len(hidden),
    }


def by_confidence(
    world: World, opinions: Sequence[Sequence[Sequence[Guess]]], agreement: Agreement
) -> list[dict[str, Any]]:
    """Precision of the labels of each bin of confidence, of sentences that are shared."""
    every = agreed(world.labels, opinions, replace(agreement, confidence=0.0))
    found = [x for x in every if fold(x.text) in world.shared]
    rows = []
    for low, high in pairwise(BINS):
        right = [x.skill in world.fits[fold(x.text)] for x in found if low <= x.weight < high]
        if right:
            rows.append({"from": low, "labels": len(right), "precision": share(right)})
    return rows


def grown(world: World, labels: Iterable[Label], weight: float | None) -> Index:
    """The index in which labels are further examples of their skills.

    weight: their cosines count that much and their words not at all; None: as any example.
    """
    more: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        more[label.skill].append(label)
    return Index([_with(each, more[each.skill], world.vectors, weight) for each in world.skills])


def _with(
    each: Examples, labels: Sequence[Label], vectors: Mapping[str, Any], weight: float | None
) -> Examples:
    if not labels or each.vectors is None:
        return each
    factor = 1.0 if weight is None else weight
    return Examples(
        each.skill,
        # A skill that nobody gave an example has no intent yet, and gets the one that all have.
        [*(x.intent or REQUEST for x in labels), *each.intents],
        [*(x.text if weight is None else "" for x in labels), *each.texts],
        np.concatenate([factor * np.stack([vectors[x.text] for x in labels]), each.vectors]),
    )


def recalls(world: World, index: Index, asked: Sequence[str]) -> dict[str, float]:
    """Of these sentences, how many have any of their skills, and all, among the first k.

    all: k of them where there are more.
    """
    counts: dict[str, list[float]] = defaultdict(list)
    for text in asked:
        names = [name for name, _ in index.search(world.heard(text), max(KS)).skills]
        fits = world.fits[fold(text)]
        for k in KS:
            found = len(fits.intersection(names[:k]))
            counts[f"any@{k}"].append(found > 0)
            counts[f"all@{k}"].append(found == min(k, len(fits)))
            counts[f"share@{k}"].append(found / min(k, len(fits)))
    return {name: share(values) for name, values in counts.items()}


def share(values: Sequence[float]) -> float:
    """Mean, to three places; 0 of nothing."""
    return round(float(np.mean(values)), 3) if values else 0.0
