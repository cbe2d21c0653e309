"""A defect told before anything has followed."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sayso.routing.misgivings import FEATURES, figures, misgiving, packaged
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome


def acted(confidence: float, basis: Basis = Basis.WORDS) -> Decision:
    return Decision(Outcome.ACT, Hypothesis("a", "B", confidence=confidence), basis=basis)


def test_what_is_not_understood_is_doubted() -> None:
    assert misgiving(Decision(Outcome.ABSTAIN), 4) > 0.5 > misgiving(acted(0.99), 4)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 30))
def test_the_surer_the_less_doubted(one: float, other: float, words: int) -> None:
    low, high = sorted((one, other))
    assert misgiving(acted(low), words) >= misgiving(acted(high), words)


def test_what_is_served_is_what_is_fitted_on() -> None:
    known = figures(
        outcome=["act"], confidence=[0.7], words=[4], slots=[0], basis=[str(Basis.WORDS)]
    )
    assert packaged().predict(known)[0] == misgiving(acted(0.7), 4)


def test_an_outcome_or_a_basis_of_a_later_version_is_no_error() -> None:
    known = figures(outcome=["dance"], confidence=[np.nan], words=[4], slots=[0], basis=["gesture"])
    assert 0 < packaged().predict(known)[0] < 1


def test_nobody_is_nobody() -> None:
    rows = figures(outcome=[], confidence=[], words=[], slots=[], basis=[])
    assert packaged().predict(rows).shape == (0,)
    assert packaged().names == FEATURES
