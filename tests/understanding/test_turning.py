"""Utterances turned before they are compared."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest

from sayso.encoders import Encoder
from sayso.types.readings import Utterance
from sayso.understanding.contract import Heard
from sayso.understanding.fusion import KINDS, NAME, Floats, shipped
from sayso.understanding.shortlist import Examples, Index
from sayso.understanding.shortlist.evidence import compare
from sayso.understanding.shortlist.rows import decode, encode
from sayso.understanding.shortlist.words import Counted, said
from sayso.understanding.turning import WEIGHTS, Scoring, Turning, plain, scoring_for
from tests.understanding.fake_encoder import FakeEncoder

SIZE = 8


def turning(seed: int = 0) -> Turning:
    down, up = np.random.default_rng(seed).normal(size=(2, KINDS, SIZE, 3)).astype(np.float32)
    return Turning(down, up)


def unit(seed: int, count: int = 1) -> Floats:
    found: Floats = np.random.default_rng(seed).normal(size=(count, SIZE)).astype(np.float32)
    lengths: Floats = np.linalg.norm(found, axis=1, keepdims=True)
    return found / lengths


def skill(name: str, seed: int) -> Examples:
    return Examples(name, ["Ask", "Ask", "", ""], ["a b", "c", name, "d e"], unit(seed, 4))


def heard() -> Heard:
    return Heard(Utterance("a c", "a c"), (), unit(99)[0])


def test_turned_vectors_have_length_one_and_stay_where_no_map_leads() -> None:
    assert np.allclose(np.linalg.norm(turning().turned(unit(1)[0]), axis=1), 1)
    still = Turning(np.zeros((KINDS, SIZE, 3), np.float32), turning().up)
    assert np.allclose(still.turned(unit(1)[0]), np.repeat(unit(1), KINDS, axis=0))


def test_what_is_sought_lies_between_the_vector_and_its_turns() -> None:
    vector = unit(1)[0]
    turned = turning().turned(vector)
    sought = turning().between(vector, turned)
    assert np.linalg.norm(sought) == pytest.approx(1, abs=1e-5)
    assert sought @ vector > turned.mean(axis=0) @ vector / np.linalg.norm(turned.mean(axis=0))
    still = np.repeat(vector[None], KINDS, axis=0)
    assert np.allclose(turning().between(vector, still), vector, atol=1e-6)


def test_each_row_is_compared_with_what_was_turned_towards_its_kind() -> None:
    turned = turning().turned(unit(99)[0])
    rows = decode([encode(skill("owls", 1), Counted())], SIZE)
    found = compare(rows, said("a c", Counted()), heard(), turned)
    assert np.allclose(found.cosines, compare(rows, said("a c", Counted()), heard()).cosines)
    name = rows.kinds.tolist().index(NAME)
    expected = (rows.numbers[name] * rows.scales[name]) @ turned[NAME]
    assert found.turned[name] == pytest.approx(expected, abs=1e-5)


def test_no_other_skill_changes_a_turned_score() -> None:
    scoring = Scoring(shipped(), turning())
    alone = Index([skill("owls", 1)], rarity=Counted(), scoring=scoring)
    beside = Index([skill("owls", 1), skill("chess", 2)], old=alone)
    (before,) = alone.search(heard(), 1).skills
    assert before[1] == pytest.approx(dict(beside.search(heard(), 2).skills)["owls"], abs=1e-5)


def test_words_alone_are_compared_as_ever() -> None:
    words = Heard(Utterance("a c", "a c"), ())
    turned = Index([skill("owls", 1)], scoring=Scoring(shipped(), turning()))
    assert turned.search(words, 1).skills == Index([skill("owls", 1)]).search(words, 1).skills


def test_maps_are_for_the_packaged_encoder_and_for_no_other() -> None:
    text = files("sayso.understanding").joinpath(WEIGHTS).read_text(encoding="utf-8")
    encoder = Encoder.load()
    assert json.loads(text)["encoder"] == encoder.fingerprint, "learn the maps again"
    found = scoring_for(encoder).turning
    assert found is not None
    assert found.down.shape[:2] == (KINDS, encoder.dimension)
    assert scoring_for(None) is scoring_for(FakeEncoder()) is plain()
