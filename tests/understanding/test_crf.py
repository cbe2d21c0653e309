from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.understanding import crf
from sayso.understanding.linear import Array, Rows

SLOTS = 2
TAGS = 2 * SLOTS + 1


def brute_force(
    scores: Array, transitions: Array, allowed: Array
) -> tuple[tuple[int, ...], list[float], float]:
    """Best path, and the probability of each tag at each word, by looking at every path."""
    valid = crf.valid_steps(SLOTS)
    weights = {}
    for path in product(range(TAGS), repeat=len(scores)):
        steps = list(zip((0, *(tag + 1 for tag in path[:-1])), path, strict=True))
        if all(valid[step] for step in steps) and all(allowed[tag] for tag in path):
            score = sum(transitions[step] for step in steps)
            weights[path] = np.exp(
                score + sum(row[tag] for row, tag in zip(scores, path, strict=True))
            )
    total = sum(weights.values())
    best = max(weights, key=lambda path: weights[path])
    chances = [
        sum(w for path, w in weights.items() if path[at] == tag) / total
        for at, tag in enumerate(best)
    ]
    return best, chances, total


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_decoding_equals_a_look_at_every_path(seed: int, length: int) -> None:
    chance = np.random.default_rng(seed)
    scores = chance.normal(size=(length, TAGS)) * 3
    transitions = chance.normal(size=(TAGS + 1, TAGS))
    masks = np.stack([crf.allowed_tags(SLOTS, known) for known in ((0,), (0, 1), ())])
    tags, surety = crf.decode(scores, transitions, masks)
    for row, mask in enumerate(masks):
        best, chances, _ = brute_force(scores, transitions, mask)
        assert tuple(tags[row]) == best
        assert np.allclose(surety[row], chances, atol=1e-6)


def test_tags_are_always_a_valid_bio_sequence_even_for_absurd_scores() -> None:
    scores = np.full((5, TAGS), -1000.0)
    scores[:, 2] = 1000.0  # I of the first slot, which may not begin
    allowed = crf.allowed_tags(SLOTS, (0, 1))[None]
    tags, surety = crf.decode(scores, np.zeros((TAGS + 1, TAGS)), allowed)
    valid = crf.valid_steps(SLOTS)
    assert valid[0, tags[0, 0]]
    assert all(valid[1 + a, b] for a, b in zip(tags[0], tags[0, 1:], strict=False))
    assert np.isfinite(surety).all()


def test_loss_and_gradient_agree_with_every_path_and_with_small_steps() -> None:
    chance = np.random.default_rng(1)
    lengths, tags = np.array([2, 3, 1]), np.array([1, 2, 0, 3, 4, 0])
    allowed = np.stack([crf.allowed_tags(SLOTS, known) for known in ((0,), (0, 1), (1,))])
    weights = np.array([1.0, 0.5, 2.0])
    scores, steps = chance.normal(size=(6, TAGS)), chance.normal(size=(TAGS + 1, TAGS))
    valid = crf.valid_steps(SLOTS)
    masked = np.where(valid, steps, -np.inf)
    chains = crf._Chains(lengths, tags, allowed, weights)
    value, by_scores, by_steps = chains.loss(scores, masked)

    expected, start = 0.0, 0
    for length, mask, weight in zip(lengths, allowed, weights, strict=True):
        part, gold = scores[start : start + length], tags[start : start + length]
        _, _, total = brute_force(part, steps, mask)
        score = sum(row[tag] for row, tag in zip(part, gold, strict=True))
        score += sum(steps[a, b] for a, b in zip((0, *(gold[:-1] + 1)), gold, strict=True))
        expected += weight * (np.log(total) - score)
        start += length
    assert np.isclose(value, expected)

    for table, gradient, spots in (
        (scores, by_scores, [(0, 1), (3, 3), (5, 0), (4, 2)]),
        (masked, by_steps, [(0, 1), (1, 3), (2, 2), (4, 4)]),
    ):
        for spot in spots:
            table[spot] += 1e-5
            higher = chains.loss(scores, masked)[0]
            table[spot] -= 2e-5
            lower = chains.loss(scores, masked)[0]
            table[spot] += 1e-5
            assert np.isclose(gradient[spot], (higher - lower) / 2e-5, atol=1e-4)


def test_fitting_learns_which_word_begins_a_slot() -> None:
    # Column 0 is a word before the slot, 1 begins it, 2 goes on.
    words = np.array([0, 1, 2, 0, 0, 1])
    rows = Rows(np.ones((6, 1), np.float32), words[:, None], np.ones((6, 1)))
    allowed = np.ones((2, 3), bool)
    linear, transitions = crf.fit(
        rows,
        np.arange(3, dtype=np.uint32),
        np.array([3, 3]),
        np.array([0, 1, 2, 0, 0, 1]),
        allowed,
        np.ones(2),
        l2=0.01,
    )
    scores = linear.scores(np.ones((3, 1)), words[:3, None].astype(np.uint32), np.ones((3, 1)))
    tags, _ = crf.decode(scores, transitions, allowed[:1])
    assert list(tags[0]) == [0, 1, 2]


def test_slots_that_no_intent_knows_change_nothing() -> None:
    chance = np.random.default_rng(4)
    few, many = [0, 1, 2, 7, 8], 2 * 30 + 1  # O and two slots, of thirty
    scores, transitions = chance.normal(size=(9, many)), chance.normal(size=(1 + many, many))
    allowed = np.stack([crf.allowed_tags(30, known) for known in ([0], [0, 3])])
    alone = np.stack([crf.allowed_tags(2, known) for known in ([0], [0, 1])])
    rows = [0, *(1 + tag for tag in few)]
    tags, surety = crf.decode(scores, transitions, allowed)
    same, sure = crf.decode(scores[:, few], transitions[np.ix_(rows, few)], alone)
    assert np.array_equal(tags, np.array(few)[same])
    assert np.allclose(surety, sure)
