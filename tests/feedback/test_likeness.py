"""Two requests that sound alike, say the same, or ask for something else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sayso.feedback.likeness import NAMES, by_encoder, likeness, numbers_in
from sayso.understanding.fold import fold

TEXTS = st.text(max_size=30).map(fold)


class Counting:
    """Vectors by the first letter; tells how many texts it read."""

    read = 0

    def pooled(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        self.read += len(texts)
        return np.array([[1, 0] if text[0] == "a" else [0.6, 0.8] for text in texts], np.float32)


def of(earlier: str, later: str) -> dict[str, float]:
    return dict(zip(NAMES, likeness([earlier], [later])[0].tolist(), strict=True))


def test_what_was_misheard_sounds_alike_in_what_differs() -> None:
    misheard, other = of("play jess", "play jazz"), of("play blues", "play jazz")
    assert misheard["left_sounds"] == 1.0
    assert other["left_sounds"] < 0.5
    assert misheard["kept"] == 0.5


def test_words_in_another_order_are_the_same_words() -> None:
    found = of("lamp on", "on lamp")
    assert found["words_sorted"] == 1.0
    assert (found["new"], found["dropped"]) == (0.0, 0.0)
    assert np.isnan(found["left_letters"])


def test_a_number_in_words_is_the_number_in_digits() -> None:
    assert of("wake me at 7", "wake me at seven")["number_changed"] == 0.0
    assert of("wake me at fifteen", "wake me at fifty")["number_changed"] == 1.0
    assert of("wake me", "wake me at six")["number_new"] == 1.0
    assert numbers_in(["seven", "am", "30"]) == {"7", "30"}


def test_a_denial_is_seen() -> None:
    assert of("turn it on", "dont turn it on")["denial_changed"] == 1.0


def test_nothing_is_like_nothing_and_no_pairs_are_no_rows() -> None:
    assert likeness([], []).shape == (0, len(NAMES))
    assert of("", "")["new"] == 0.0


def test_cosines_are_of_the_encoders_vectors_and_texts_are_read_once() -> None:
    encoder = Counting()
    cosine = by_encoder(encoder)
    found = cosine(["a lamp", "a lamp"], ["a lamp", "the sea"])
    assert np.allclose(found, [1.0, 0.6], atol=2e-3)
    assert np.allclose(cosine(["the sea"], ["a lamp"]), found[1:])
    assert encoder.read == 2


@given(TEXTS, TEXTS)
def test_likeness_of_any_texts_is_bounded_and_does_not_depend_on_neighbours(
    one: str, other: str
) -> None:
    alone, beside = likeness([one], [other]), likeness(["hello", one], ["hullo", other])
    assert np.array_equal(alone[0], beside[1], equal_nan=True)
    found = dict(zip(NAMES, alone[0].tolist(), strict=True))
    for name in ("letters", "sounds", "words_set", "kept", "known"):
        assert 0.0 <= found[name] <= 1.0
