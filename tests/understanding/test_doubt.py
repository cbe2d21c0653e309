"""What a skill has turned down speaks against it."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.understanding.doubt import NEAR, doubt


def lost(cosine: float, weight: float = -0.8, nearest: float = 0.0) -> float:
    (share,) = doubt(
        np.array([cosine], np.float32),
        np.array([weight], np.float32),
        np.array([nearest], np.float32),
    )
    return float(share)


def test_the_same_sentence_again_costs_as_much_as_the_label_weighs() -> None:
    assert lost(1.0) == pytest.approx(0.8)
    assert lost(1.0, weight=-0.3) == pytest.approx(0.3)


def test_it_costs_less_the_less_a_sentence_is_like_it_and_nothing_from_afar() -> None:
    middle = (1.0 + NEAR) / 2
    assert lost(middle) == pytest.approx(0.4, abs=1e-5)
    assert lost(NEAR - 0.01) == 0.0
    assert lost(-1.0) == 0.0


def test_an_example_that_is_nearer_is_believed() -> None:
    assert lost(0.9, nearest=0.95) == 0.0
    assert lost(0.95, nearest=0.9) > 0.0
