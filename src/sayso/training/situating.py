"""Requests in situations of which the right reading is known -> the weights of what goes on around.

List-wise, beside scores that stay as they are; convex, by L-BFGS. Each request is also learnt from
with whole signals left out at random, so that no signal leans on another that may be missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sayso.training.selecting import softmax_by_list
from sayso.understanding.linear import minimise
from sayso.understanding.situation import Relations, Situational
from sayso.understanding.situation.facts import KINDS, SIGNALS
from sayso.understanding.situation.relate import RELATIONS
from sayso.understanding.situation.weights import attended

COPIES = 4  # of each request, with other signals left out
DROPPED = 0.3  # of the signals, in each copy
PULL = 2e-4  # of the weights to zero; by five parts of the training scenarios, held out in turn
COLUMNS = tuple((kind, relation) for kind in KINDS for relation in RELATIONS)
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SituatedRequest:
    """One request: scores (n,) of its readings by their words, relations, place of the right one.

    weight: how many requests it counts as.
    """

    scores: Array
    relations: Relations
    right: int
    weight: float = 1.0


def fit_situational(requests: Sequence[SituatedRequest], seed: int = 0) -> Situational:
    """The weights that find the right readings of these requests; there must be one at least."""
    chance = np.random.default_rng(seed)
    copies = [(each, table) for each in requests for table in _copies(each.relations, chance)]
    rows = np.concatenate([table for _, table in copies])
    scores = np.concatenate([each.scores for each, _ in copies])
    lengths = np.array([len(table) for _, table in copies])
    starts = np.cumsum(lengths) - lengths
    rights = starts + np.array([each.right for each, _ in copies])
    counts = np.array([each.weight for each, _ in copies])
    counts /= counts.sum()

    def loss(weights: Array) -> tuple[float, Array]:
        shares = softmax_by_list(scores + rows @ weights, starts)
        value = -float(counts @ np.log(np.maximum(shares[rights], 1e-12)))
        errors = shares * np.repeat(counts, lengths)
        errors[rights] -= counts
        value += 0.5 * PULL * float(weights @ weights)
        return value, errors @ rows + PULL * weights

    return _named(minimise(loss, np.zeros(len(COLUMNS)), 300, 1e-7))


def _named(weights: Array) -> Situational:
    found: dict[str, dict[str, float]] = {kind: {} for kind in KINDS}
    for (kind, relation), weight in zip(COLUMNS, weights.tolist(), strict=True):
        if weight:
            found[kind][relation] = weight
    return Situational(found)


def _copies(relations: Relations, chance: np.random.Generator) -> Iterator[Array]:
    """(readings, COLUMNS) of a request: with all signals, and with some left out."""
    by_signal = {
        signal: _columns(relations, chosen) for signal, chosen in attended(relations).items()
    }
    for copy in range(COPIES):
        kept = {name for name in SIGNALS if copy == 0 or chance.random() >= DROPPED}
        table = np.zeros((len(relations.table), len(COLUMNS)))
        yield sum((mine for name, mine in by_signal.items() if name in kept), start=table)


def _columns(relations: Relations, chosen: NDArray[np.intp]) -> Array:
    """(readings, COLUMNS) of the fact of one signal that each reading attends to."""
    table = np.zeros((len(relations.table), len(COLUMNS)))
    for at, place in enumerate(chosen.tolist()):
        first = list(KINDS).index(relations.facts[place].kind) * len(RELATIONS)
        table[at, first : first + len(RELATIONS)] = relations.table[at, place]
    return table
