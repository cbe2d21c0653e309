"""Words that the shared vocabulary splits badly get a vector of their own."""

from __future__ import annotations

import numpy as np

from sayso.bundle.tensors import pack, unpack
from sayso.understanding.heard import hear_all
from sayso.understanding.own_words import MOST, OwnWords, learn
from tests.understanding.fake_encoder import FakeEncoder


def pieces(word: str) -> int:
    return 4 if word.startswith("zor") else 1


def test_only_words_that_are_split_badly_are_kept() -> None:
    own = learn(hear_all(["play zorblax", "stop zorblax now"], FakeEncoder()), pieces)
    assert own.vectors.shape == (1, 16)
    assert abs(float(np.linalg.norm(own.vectors[0])) - 1) < 0.02


def test_a_word_is_pulled_towards_its_vector_and_the_others_stay() -> None:
    (said,) = hear_all(["play zorblax loud"], FakeEncoder())
    own = learn([said], pieces)
    turned = OwnWords(own.hashes, -np.roll(own.vectors, 1, axis=1))
    mixed = turned.mixed(said)
    assert said.states is not None
    assert mixed.states is not None
    assert np.array_equal(mixed.states[[0, 2]], said.states[[0, 2]])
    before, after = said.states[1] @ turned.vectors[0], mixed.states[1] @ turned.vectors[0]
    assert after > before
    lengths = np.linalg.norm(mixed.states, axis=1), np.linalg.norm(said.states, axis=1)
    assert np.allclose(*lengths, rtol=1e-3)


def test_an_utterance_without_own_words_is_left_alone() -> None:
    first, other = hear_all(["play zorblax", "something else"], FakeEncoder())
    assert learn([first], pieces).mixed(other) is other
    assert learn([], pieces).mixed(first) is first


def test_own_words_survive_packing_and_are_few() -> None:
    texts = [f"play zor{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(MOST + 30)]
    own = learn(hear_all(texts, FakeEncoder()), pieces)
    again = OwnWords.unpack(unpack(pack(own.pack())))
    assert len(own.hashes) == MOST
    assert np.array_equal(again.hashes, own.hashes)
    assert np.array_equal(again.vectors, own.vectors)
