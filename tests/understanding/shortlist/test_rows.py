"""Rows of several skills: what they hold, and how near they come."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.understanding.shortlist.rows import (
    ABOUT,
    EXAMPLE,
    NAME,
    Examples,
    Rows,
    decode,
    encode,
    placed,
)
from sayso.understanding.shortlist.words import counted, said, terms_of

TEXTS = ["play some owls", "what do owls eat", "owls of the north", "Owls", "all about owls"]
INTENTS = ["Play", "Ask", "Play", "", ""]
SIZE = 8


def examples(skill: str = "owls") -> Examples:
    vectors = np.random.default_rng(len(skill)).normal(size=(len(TEXTS), SIZE))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return Examples(skill, INTENTS, [f"{text} {skill}" for text in TEXTS], unit.astype(np.float32))


def rows(count: int) -> Rows:
    skills = [examples(f"owls{'s' * at}") for at in range(count)]
    return decode([encode(each, counted([])) for each in skills], SIZE)


def test_an_intent_s_examples_are_told_in_their_order() -> None:
    assert [examples().members(intent) for intent in ("Play", "", "Stop")] == [[0, 2], [3, 4], ()]


@pytest.mark.parametrize("text", ["what do the owls eat", "owlsss", "nothing of it", ""])
def test_rows_that_are_kept_hold_the_same_words(text: str) -> None:
    kept, wanted = rows(3), said(text, counted([])).terms
    assert np.array_equal(placed(kept).holds(wanted), kept.holds(wanted))


def test_a_row_holds_its_words_and_pairs() -> None:
    wanted = np.sort(np.concatenate(terms_of("do owls")))
    held = placed(rows(1)).holds(wanted)
    assert held.sum(axis=1).tolist() == [1, 3, 1, 1, 1]


def test_no_rows_hold_nothing() -> None:
    assert placed(decode([], SIZE)).holds(said("owls", counted([])).terms).shape == (0, 1)


def test_each_kind_of_row_is_compared_with_the_vector_turned_towards_it() -> None:
    kept = rows(70)  # more than are compared at a time
    pooled, *turned = np.random.default_rng(1).normal(size=(4, SIZE)).astype(np.float32)
    cosines, near = kept.both_cosines(pooled, np.stack(turned))
    whole = kept.numbers.astype(np.float32) * kept.scales[:, None]
    assert np.allclose(cosines, whole @ pooled, atol=1e-5)
    for kind in (EXAMPLE, NAME, ABOUT):
        own = kept.kinds == kind
        assert np.allclose(near[own], whole[own] @ turned[kind], atol=1e-5)
