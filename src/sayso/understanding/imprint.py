"""One more example, or one more intent, without fitting a skill again.

After Kumar et al. 2021 (ProtoDA, arXiv 2101.11753) and weight imprinting (Qi et al. 2018, arXiv
1712.07136): a head keeps a prototype of each intent, the mean of what its examples looked like. A
new example moves only its own intent's row of weights, as far as it must to be told from the
prototypes of the others; no other intent's row changes. Milliseconds, and no old text is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sayso.understanding import softmax
from sayso.understanding.contract import Heard
from sayso.understanding.features import Hashes
from sayso.understanding.heads import Heads, Model, Sketch
from sayso.understanding.linear import Array, Floats, Linear, find, halves, minimise

_STEPS, _TOLERANCE = 60, 1e-5
_MOST_WEIGHT = 5.0  # of a prototype, however many examples stand behind it


@dataclass(frozen=True, slots=True)
class Imprint:
    """How far a row may move.

    l2: half the weight of its squared change against the log loss.
    margin: by how much more than enough it stays below on the prototypes of other intents, whose
        examples lie around them.
    """

    l2: float = 0.05
    margin: float = 3.0


def taught(model: Model, intent: str, heard: Sequence[Heard]) -> Model:
    """A skill's model that also knows these utterances as `intent`, an old one or a new one."""
    sketches = [model.features.utterance(one) for one in heard]
    return replace(model, heads=imprinted(model.heads, intent, sketches))


def imprinted(
    heads: Heads, intent: str, sketches: Sequence[Sketch], settings: Imprint = Imprint()
) -> Heads:
    """Heads that also know these examples of `intent`, an old one or a new one.

    A new intent fills no slots until the skill is trained again. Raises ValueError for no sketches.
    """
    if not sketches:
        raise ValueError("there is no example to learn from")
    heads = replace(heads, intent_map=heads.intent_map.whole())
    grown = heads if intent in heads.intents else _with_intent(heads, intent)
    own = grown.intents.index(intent)
    hashes = _joined(sketches)
    head = _widened(grown.intent_map, hashes)
    dense = np.concatenate([sketch.dense for sketch in sketches]).astype(np.float64)
    fitted = _row(head, grown, own, _rows(head, sketches, dense), settings)
    count = grown.counts[own]
    mean = (grown.prototypes[own] * count + dense.sum(axis=0)) / (count + len(dense))
    prototypes, counts = grown.prototypes.copy(), grown.counts.copy()
    prototypes[own], counts[own] = mean, count + len(dense)
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


def _joined(sketches: Sequence[Sketch]) -> Hashes:
    return np.unique(np.concatenate([s.hashes[s.values != 0] for s in sketches]))


def _widened(head: Linear, hashes: Hashes) -> Linear:
    """The same map with rows of zeros for features it did not know."""
    vocabulary = np.union1d(head.vocabulary, hashes)
    sparse = np.zeros((len(vocabulary) + 1, head.sparse.shape[1]), np.float32)
    sparse[np.searchsorted(vocabulary, head.vocabulary)] = head.sparse[:-1]
    return Linear(vocabulary, sparse, head.dense)


def _rows(head: Linear, sketches: Sequence[Sketch], dense: Floats) -> Floats:
    """(n, d + v): dense features, then those of the vocabulary, written out."""
    sparse = np.zeros((len(sketches), len(head.vocabulary) + 1))
    for row, sketch in enumerate(sketches):
        np.add.at(sparse[row], find(head.vocabulary, sketch.hashes[0]), sketch.values[0])
    return np.concatenate([dense, sparse[:, :-1]], axis=1)


def _row(head: Linear, heads: Heads, own: int, rows: Floats, settings: Imprint) -> Linear:
    """The map with one row fitted: new examples for it, the other intents' prototypes against."""
    width = head.dense.shape[0]
    others = np.array([i for i in range(len(heads.intents)) if i != own and heads.counts[i] > 0])
    against = np.zeros((len(others), rows.shape[1]))
    if len(others):
        against[:, :width] = _unit(heads.prototypes[others])
    table = np.concatenate([head.dense, head.sparse[:-1]]).astype(np.float64)
    seen = np.concatenate([rows, against])
    fixed = seen @ table
    fixed[len(rows) :, own] += settings.margin
    classes = np.concatenate([np.full(len(rows), own), others]).astype(np.int64)
    weights = np.concatenate(
        # One example of a new intent must be heard above all that is known of the old ones.
        [
            np.full(len(rows), max(1.0, (_MOST_WEIGHT - heads.counts[own]) / len(rows))),
            np.minimum(heads.counts[others], _MOST_WEIGHT) if len(others) else [],
        ]
    )

    def loss(change: Floats) -> tuple[float, Floats]:
        scores = fixed.copy()
        scores[:, own] += seen @ change
        chances = softmax.probabilities(scores)
        right = np.clip(chances[np.arange(len(classes)), classes], 1e-12, 1.0)
        slope = weights * (chances[:, own] - (classes == own))
        value = -float(weights @ np.log(right)) + 0.5 * settings.l2 * float(change @ change)
        return value, seen.T @ slope + settings.l2 * change

    change = minimise(loss, np.zeros(seen.shape[1]), _STEPS, _TOLERANCE)
    return _moved(head, own, change, width)


def _moved(head: Linear, own: int, change: Floats, width: int) -> Linear:
    dense, sparse = head.dense.copy(), head.sparse.copy()
    dense[:, own] = halves(dense[:, own] + change[:width])
    sparse[:-1, own] = halves(sparse[:-1, own] + change[width:])
    return Linear(head.vocabulary, sparse, dense)


def _unit(prototypes: Array) -> NDArray[np.float64]:
    """Prototypes as long as one example: the mean of unit vectors is shorter. The last column is
    the constant."""
    unit = prototypes.astype(np.float64)
    lengths = np.linalg.norm(unit[:, :-1], axis=1, keepdims=True)
    unit[:, :-1] /= np.maximum(lengths, 1e-6)
    unit[:, -1] = 1.0
    return unit
