"""Spoiled texts stay texts."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sayso.training.pretraining.noise import noisy

TEXT = "Wake me at half past six, please"


@given(st.text(min_size=1), st.integers())
def test_a_text_is_never_emptied(text: str, seed: int) -> None:
    assert noisy(text, Random(seed), share=1.0)
    assert bool(noisy(text, Random(seed), share=1.0).strip()) == bool(text.strip())


@given(st.text(), st.integers())
def test_the_same_chance_makes_the_same_noise(text: str, seed: int) -> None:
    assert noisy(text, Random(seed), share=1.0) == noisy(text, Random(seed), share=1.0)


@given(st.text(), st.integers())
def test_without_a_share_nothing_is_spoiled(text: str, seed: int) -> None:
    assert noisy(text, Random(seed), share=0.0) == text


def test_every_kind_of_noise_occurs() -> None:
    made = {noisy(TEXT, Random(seed), share=1.0) for seed in range(200)}
    assert any(x.startswith("um ") for x in made)
    assert any(x.endswith("please please") for x in made)
    assert "wake me at half past six please" in made
    assert any(len(x.split()) == len(TEXT.split()) - 1 for x in made)
    assert any(x.split()[4:5] not in (["past"], ["half"]) for x in made)
    assert len(made) > 30


def test_a_quarter_of_the_texts_is_spoiled_by_default() -> None:
    chance = Random(0)
    spoiled = sum(noisy(TEXT, chance) != TEXT for _ in range(2000))
    assert 0.18 < spoiled / 2000 < 0.3
