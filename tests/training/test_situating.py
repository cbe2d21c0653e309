"""Weights of what goes on around learn from requests in situations."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.training.situating import SituatedRequest, fit_situational
from sayso.understanding.situation import Fact, Relations
from sayso.understanding.situation.relate import RELATIONS

OVEN, SCREEN = Fact("on", "oven", "the oven is on"), Fact("has", "screen", "it has a screen")
NEAR = RELATIONS.index("near")


def asked(right: int, *facts: Fact, scores: tuple[float, float] = (0.0, 0.0)) -> SituatedRequest:
    """Two readings, of which the first is near to every fact."""
    table = np.zeros((2, len(facts), len(RELATIONS)), np.float32)
    table[0, :, NEAR] = 1.0
    return SituatedRequest(np.array(scores), Relations(facts, table), right)


def test_a_signal_weighs_as_much_as_it_tells() -> None:
    often = [asked(0, OVEN)] * 30 + [asked(1, OVEN)] * 10
    assert fit_situational(often).weights["on"]["near"] == pytest.approx(np.log(3), abs=0.2)


def test_what_the_words_say_already_needs_no_weight() -> None:
    said = [asked(0, OVEN, scores=(np.log(3), 0.0))] * 30
    said += [asked(1, OVEN, scores=(np.log(3), 0.0))] * 10
    assert fit_situational(said).weights["on"]["near"] == pytest.approx(0.0, abs=0.2)


def test_two_signals_that_come_together_each_stand_alone() -> None:
    weights = fit_situational([asked(0, OVEN, SCREEN)] * 30 + [asked(1, OVEN, SCREEN)] * 10).weights
    assert min(weights["on"]["near"], weights["has"]["near"]) > 0.5 * np.log(3)


def test_the_same_requests_give_the_same_weights() -> None:
    requests = [asked(0, OVEN, SCREEN), asked(1, SCREEN)]
    assert fit_situational(requests) == fit_situational(requests)
