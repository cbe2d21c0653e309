"""A linear-chain conditional random field over BIO tags (Lafferty et al. 2001).

The tags are `O`, then `B-x`, `I-x` for each slot: tag 2i+1 begins slot i, tag 2i+2 goes on with it.
Sequences that are no BIO have no probability, in training and in decoding, nor have slots that the
intent does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.crowd import CROWDED, Crowd
from sayso.understanding.features import Hashes
from sayso.understanding.linear import Array, Floats, Linear, Rows, halves, minimise

Mask = NDArray[np.bool_]

_FLOOR = 1e-30
_FEW = 32  # tags that are all looked at; of more only those that some mask allows
_LEVELLED = 8  # words between two rescalings; the floor to this power is still a number


@cache
def valid_steps(slots: int) -> Mask:
    """(1 + tags, tags): whether a tag may follow another; the first row is the start."""
    tags = 2 * slots + 1
    valid = np.ones((1 + tags, tags), bool)
    for slot in range(slots):
        inside = 2 * slot + 2
        valid[:, inside] = False
        valid[inside, inside] = valid[1 + inside, inside] = True
    valid.flags.writeable = False
    return valid


def allowed_tags(slots: int, known: Sequence[int]) -> Mask:
    """(tags,): `O`, and those of the known slots."""
    allowed = np.zeros(2 * slots + 1, bool)
    allowed[0] = True
    for slot in known:
        allowed[2 * slot + 1 : 2 * slot + 3] = True
    return allowed


def fit(
    rows: Rows,
    vocabulary: Hashes,
    lengths: NDArray[np.int64],
    tags: NDArray[np.int64],
    allowed: Mask,
    weights: Floats,
    *,
    l2: float,
    steps: int = 80,
    tolerance: float = 1e-4,
) -> tuple[Linear, NDArray[np.float32]]:
    """Emission map and transition scores with the least log loss plus l2/2 of squared weights.

    rows: all words, sentence after sentence; lengths: (n,), each at least 1; tags: (words,);
    allowed: (n, tags); weights: (n,) positive. Returns also (1 + tags, tags) as `valid_steps`.
    """
    chains = _Chains(lengths, tags, allowed, weights)
    count, width, size = allowed.shape[1], rows.dense.shape[1], len(vocabulary) + 1
    valid = valid_steps((count - 1) // 2)
    crowd = Crowd(rows, size) if len(rows) * count > CROWDED else None

    def loss(flat: Floats) -> tuple[float, Floats]:
        emit, steps_ = np.split(flat, [(width + size) * count])
        table = emit.reshape(width + size, count).astype(np.float32)
        if crowd is None:
            picked = np.einsum("nf,nfk->nk", rows.values, table[width:][rows.columns])
            scores = rows.dense @ table[:width] + picked
        else:
            scores = crowd.scores(table)
        value, residuals, moves = chains.loss(
            scores, np.where(valid, steps_.reshape(valid.shape), -np.inf)
        )
        if crowd is None:
            parts = [rows.dense.T @ residuals, rows.sparse_gradient(residuals, size)]
            gradient = np.concatenate(parts)
        else:
            gradient = crowd.gradient(residuals)
        gradient[-1] = 0.0
        whole = np.concatenate([gradient.ravel(), np.where(valid, moves, 0.0).ravel()])
        return value + 0.5 * l2 * float(flat @ flat), whole + l2 * flat

    flat = minimise(loss, np.zeros((width + size) * count + valid.size), steps, tolerance)
    emit, transitions = np.split(flat, [(width + size) * count])
    table = emit.reshape(width + size, count)
    linear = Linear(vocabulary, halves(table[width:]), halves(table[:width]))
    return linear, halves(transitions.reshape(valid.shape))


class _Chains:
    """Sentences laid out so that one numpy step does the next word of all of them."""

    def __init__(self, lengths: Array, tags: Array, allowed: Mask, weights: Floats) -> None:
        order = np.argsort(-lengths, kind="stable")
        starts = np.concatenate([[0], np.cumsum(lengths)])[:-1][order]
        self._closed = np.where(allowed[order], 0.0, -np.inf)
        self._weights = weights[order][:, None]
        # Longest first: at step t the sentences still going on are the first few.
        self._words = [
            starts[: int((lengths > t).sum())] + t for t in range(int(lengths.max(initial=0)))
        ]
        self._tags = [tags[words] for words in self._words]

    def loss(self, scores: Array, transitions: Array) -> tuple[float, Array, Array]:
        """Weighted log loss; its derivatives by scores (words, k) and by transitions."""
        ahead, logs = self._forward(scores, transitions)
        powers = np.exp(transitions[1:])
        residuals = np.zeros_like(scores)
        moves = np.zeros(transitions.shape)
        behind = np.ones_like(ahead[0])
        value = float((logs * self._weights[:, 0]).sum())
        for t in range(len(self._words) - 1, -1, -1):
            words, gold = self._words[t], self._tags[t]
            here = len(words)
            weights = self._weights[:here]
            chances = ahead[t] * behind[:here]
            chances /= chances.sum(axis=1, keepdims=True)
            at = np.arange(here)
            value -= float((scores[words, gold] * weights[:, 0]).sum())
            residual = chances * weights
            residual[at, gold] -= weights[:, 0]
            residuals[words] = residual
            previous = np.zeros(here, np.int64) if t == 0 else 1 + self._tags[t - 1][:here]
            value -= float((transitions[previous, gold] * weights[:, 0]).sum())
            np.add.at(moves, (previous, gold), -weights[:, 0])
            if t == 0:
                moves[0] += (chances * weights).sum(axis=0)
                break
            onward = self._powers[t][:here] * behind[:here]
            joint = ahead[t - 1][:here]
            total = (joint @ powers * onward).sum(axis=1, keepdims=True)
            moves[1:] += powers * (joint.T @ (onward * (weights / total)))
            older = np.ones_like(ahead[t - 1])
            older[:here] = onward @ powers.T
            behind = older / older.sum(axis=1, keepdims=True)
        return value, residuals, moves

    def _forward(self, scores: Array, transitions: Array) -> tuple[list[Array], Array]:
        """Forward chances at each step (normalised), and log of each sentence's sum of paths."""
        start, powers = np.exp(transitions[0]), np.exp(transitions[1:])
        logs = np.zeros(len(self._words[0]))
        ahead: list[Array] = []
        self._powers: list[Array] = []
        for t, words in enumerate(self._words):
            here = len(words)
            open_scores = scores[words] + self._closed[:here]
            top = open_scores.max(axis=1, keepdims=True)
            emit = np.exp(open_scores - top)
            chances = emit * (start if t == 0 else ahead[t - 1][:here] @ powers)
            sums = chances.sum(axis=1, keepdims=True)
            logs[:here] += (np.log(sums) + top)[:, 0]
            ahead.append(chances / sums)
            self._powers.append(emit)
        return ahead, logs


def decode(
    scores: Array, transitions: Array, allowed: Mask
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The best tags of one sentence under each of m masks, and the probability of each tag.

    scores: (words, tags), at least one word; allowed: (m, tags).
    Returns (m, words) tags and (m, words) marginal probabilities.
    """
    scores = scores - scores.max(axis=1, keepdims=True)
    if scores.shape[1] <= _FEW:
        valid = valid_steps((scores.shape[1] - 1) // 2)
        return _decode(scores, np.where(valid, np.exp(transitions), 0.0), allowed)
    # A skill of sixty slots has intents of three: what no mask allows is left out.
    kept = np.flatnonzero(allowed.any(axis=0))
    places = np.ix_(np.append(0, kept + 1), kept)
    valid = valid_steps((scores.shape[1] - 1) // 2)[places]
    steps = np.where(valid, np.exp(transitions[places]), 0.0)
    tags, chances = _decode(scores[:, kept], steps, allowed[:, kept])
    return kept[tags], chances


def _decode(
    scores: Array, steps: Array, allowed: Mask
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """`decode` of scores that are at most 0, with steps as they are multiplied."""
    emit = np.exp(scores).astype(np.float64)
    # The floor keeps a path open where a mask forbids all that is likely.
    open_ = (emit + _FLOOR)[:, None, :] * allowed
    ahead, behind = np.empty_like(open_), np.ones_like(open_)
    pointers = np.zeros(open_.shape, np.int64)
    ahead[0] = best = open_[0] * steps[0]
    onward = steps[1:]
    for t in range(1, len(scores)):
        reached = best[:, :, None] * onward
        pointers[t] = reached.argmax(axis=1)
        best = np.maximum.reduce(reached, axis=1) * open_[t]
        ahead[t] = (ahead[t - 1] @ onward) * open_[t]
        if t % _LEVELLED == 0:
            best, ahead[t] = _level(best), _level(ahead[t])
    for t in range(len(scores) - 2, -1, -1):
        behind[t] = (open_[t + 1] * behind[t + 1]) @ onward.T
        if t % _LEVELLED == 0:
            behind[t] = _level(behind[t])
    chances = _level(ahead) * _level(behind)
    tags = _trace(best, pointers)
    chosen = np.take_along_axis(chances, tags.T[:, :, None], axis=2)[:, :, 0]
    return tags, (chosen / chances.sum(axis=2)).T


def _level(table: Array) -> Array:
    """Each row scaled so that its largest number is 1."""
    level: Array = table / table.max(axis=-1, keepdims=True)
    return level


def _trace(best: Array, pointers: Array) -> NDArray[np.int64]:
    """(m, words): the best last tags, and back along the pointers (words, m, tags)."""
    masks = np.arange(len(best))
    tags = np.empty((len(best), len(pointers)), np.int64)
    tags[:, -1] = best.argmax(axis=1)
    for t in range(len(pointers) - 1, 0, -1):
        tags[:, t - 1] = pointers[t][masks, tags[:, t]]
    return tags
