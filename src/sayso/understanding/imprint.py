"""One more example, or one more intent, without fitting a skill again.

After Kumar et al. 2021 (ProtoDA, arXiv 2101.11753) and weight imprinting (Qi et al. 2018, arXiv
1712.07136): a head keeps a prototype of each intent, the mean of what its examples looked like. A
new example moves only its own intent's row of weights, as far as it must to be told from the
prototypes of the others; no other intent's row changes. Milliseconds, and no old text is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sayso.understanding import softmax
from sayso.understanding.contract import Heard
from sayso.understanding.heads import Heads, Model, Sketch, rows_of
from sayso.understanding.linear import Floats, Linear, Rows, halves, minimise

_STEPS, _TOLERANCE = 60, 1e-5
_L2 = 0.05  # half the weight of a row's squared change against the log loss
# By how much more than enough a row stays below on the prototypes of the other intents, whose
# examples lie around them.
_MARGIN = 3.0
_MOST_WEIGHT = 5.0  # of a prototype, however many examples stand behind it


def taught(model: Model, intent: str, heard: Sequence[Heard]) -> Model:
    """A skill's model that also knows these utterances as `intent`, an old one or a new one."""
    sketches = [model.features.utterance(one) for one in heard]
    return replace(model, heads=imprinted(model.heads, intent, sketches))


def imprinted(heads: Heads, intent: str, sketches: Sequence[Sketch]) -> Heads:
    """Heads that also know these examples of `intent`, an old one or a new one.

    A new intent fills no slots until the skill is trained again. Raises ValueError for no sketches.
    """
    if not sketches:
        raise ValueError("there is no example to learn from")
    heads = replace(heads, intent_map=heads.intent_map.whole())
    grown = heads if intent in heads.intents else _with_intent(heads, intent)
    own = grown.intents.index(intent)
    head = _widened(grown.intent_map, sketches)
    rows = rows_of(sketches, head.vocabulary)
    fitted = _row(head, grown, own, rows)
    prototypes, counts = grown.prototypes.copy(), grown.counts.copy()
    counts[own] += len(rows)
    prototypes[own] += (rows.dense - prototypes[own]).sum(axis=0) / counts[own]
    return replace(grown, intent_map=fitted, prototypes=prototypes, counts=counts)


def _with_intent(heads: Heads, intent: str) -> Heads:
    """The same heads with one more intent, in its place in the alphabet, that is never chosen."""
    at = int(np.searchsorted(heads.intents, intent))
    intents = (*heads.intents[:at], intent, *heads.intents[at:])
    known = (*heads.known[:at], (), *heads.known[at:])
    old = heads.intent_map
    dense, sparse = (np.insert(table, at, 0.0, axis=1) for table in (old.dense, old.sparse))
    return replace(
        heads,
        intents=intents,
        known=known,
        intent_map=Linear(old.vocabulary, sparse, dense),
        prototypes=np.insert(heads.prototypes, at, 0.0, axis=0),
        counts=np.insert(heads.counts, at, 0.0),
    )


def _widened(head: Linear, sketches: Sequence[Sketch]) -> Linear:
    """The same map with rows of zeros for features it did not know."""
    fresh = [one.hashes[one.values != 0] for one in sketches]
    known = np.union1d(head.vocabulary, np.concatenate(fresh))
    sparse = np.zeros((len(known) + 1, head.sparse.shape[1]), np.float32)
    sparse[np.searchsorted(known, head.vocabulary)] = head.sparse[:-1]
    return Linear(known, sparse, head.dense)


def _row(head: Linear, heads: Heads, own: int, rows: Rows) -> Linear:
    """The map with one row fitted: new examples for it, the other intents' prototypes against."""
    others = np.flatnonzero((heads.counts > 0) & (np.arange(len(heads.counts)) != own))
    words = len(head.vocabulary)
    seen = np.concatenate([_written_out(rows, words), _prototypes(heads, others, words)])
    fixed = seen @ np.concatenate([head.dense, head.sparse[:-1]]).astype(np.float64)
    fixed[len(rows) :, own] += _MARGIN
    classes = np.append(np.full(len(rows), own), others)
    # One example of a new intent must be heard above all that is known of the old ones.
    mine = max(1.0, (_MOST_WEIGHT - heads.counts[own]) / len(rows))
    against = np.minimum(heads.counts[others], _MOST_WEIGHT)
    weights = np.append(np.full(len(rows), mine), against)

    def loss(change: Floats) -> tuple[float, Floats]:
        scores = fixed.copy()
        scores[:, own] += seen @ change
        chances = softmax.probabilities(scores)
        right = np.clip(chances[np.arange(len(classes)), classes], 1e-12, 1.0)
        slope = weights * (chances[:, own] - (classes == own))
        value = -float(weights @ np.log(right)) + 0.5 * _L2 * float(change @ change)
        return value, seen.T @ slope + _L2 * change

    change = minimise(loss, np.zeros(seen.shape[1]), _STEPS, _TOLERANCE)
    return _moved(head, own, change)


def _moved(head: Linear, own: int, change: Floats) -> Linear:
    width = len(head.dense)
    dense, sparse = head.dense.copy(), head.sparse.copy()
    dense[:, own] = halves(dense[:, own] + change[:width])
    sparse[:-1, own] = halves(sparse[:-1, own] + change[width:])
    return Linear(head.vocabulary, sparse, dense)


def _written_out(rows: Rows, size: int) -> Floats:
    """(n, d + size): dense features, then those of the vocabulary."""
    sparse = np.zeros((len(rows), size + 1))
    np.add.at(sparse, (np.arange(len(rows))[:, None], rows.columns), rows.values)
    return np.concatenate([rows.dense, sparse[:, :-1]], axis=1)


def _prototypes(heads: Heads, intents: NDArray[np.int64], size: int) -> Floats:
    """(intents, d + size), no word said, each as long as one example.

    The mean of unit vectors is shorter. The last dense column is the constant.
    """
    unit = heads.prototypes[intents].astype(np.float64)
    unit[:, :-1] /= np.maximum(np.linalg.norm(unit[:, :-1], axis=1, keepdims=True), 1e-6)
    unit[:, -1] = 1.0
    return np.pad(unit, ((0, 0), (0, size)))
