"""What speaks for a skill, row by row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from sayso.types.readings import Utterance
from sayso.understanding.contract import Heard
from sayso.understanding.heard import words
from sayso.understanding.shortlist.evidence import Evidence, compare
from sayso.understanding.shortlist.rows import decode, encode
from sayso.understanding.shortlist.words import counted, said, terms_of
from tests.understanding.shortlist.test_rows import SIZE, examples

TEXT = "do owls eat"


def evidence() -> Evidence:
    """That of the second of two skills, so that its rows are not the first ones."""
    rows = decode([encode(examples(each), counted([])) for each in ("finches", "owls")], SIZE)
    heard = Heard(Utterance(TEXT, TEXT), words(TEXT), np.ones(SIZE, np.float32))
    return compare(rows, said(TEXT, counted([])), heard).of(1)


@pytest.mark.parametrize("members", [[0, 1, 2], [0, 2], [0, 2, 3], [4], []])
def test_examples_together_hold_what_one_of_them_holds(members: Sequence[int]) -> None:
    wanted = np.concatenate(terms_of("some eat of the north"))
    one_by_one = [evidence().has([at], wanted) for at in members]
    together = np.any(one_by_one, axis=0) if members else np.zeros(len(wanted), np.bool_)
    assert evidence().has(members, wanted).tolist() == together.tolist()


def test_words_that_no_row_holds_are_told_from_those_that_one_does() -> None:
    assert evidence().has_any(terms_of("north")[0])
    assert not evidence().has_any(terms_of("finches south")[0])


def test_other_vectors_are_compared_with_the_same_examples() -> None:
    found, vectors = evidence(), examples("owls").vectors
    assert vectors is not None
    near = found.near([1, 3], vectors)
    assert np.allclose(near, vectors[[1, 3]] @ vectors.T, atol=0.02)
    assert found.near([1, 3], np.ones((2, SIZE + 1), np.float32)).tolist() == [[0, 0], [0, 0]]


def test_the_best_example_is_found_whether_or_not_they_lie_side_by_side() -> None:
    for members in ([0, 1, 2], [0, 2], [1]):
        match = evidence().match(members)
        cosines = evidence().cosines[members]
        assert (match.nearest, match.cosine) == (members[int(cosines.argmax())], cosines.max())
