"""A defect told before anything has followed."""

from __future__ import annotations

import numpy as np

from sayso.routing.misgivings import FEATURES, figures, misgiving, packaged


def doubt(**known: object) -> float:
    told: dict[str, object] = {
        "outcome": "act",
        "confidence": 0.95,
        "words": 4,
        "others": 0,
        "others_defect_bp": 0,
        "in_dialogue": False,
        **known,
    }
    rows = figures(**{name: [value] for name, value in told.items()})  # type: ignore[arg-type]
    return float(misgiving(rows)[0])


def test_what_others_failed_with_is_doubted() -> None:
    failed = doubt(others=50, others_defect_bp=48 * 10_000)
    assert failed > 0.5 > doubt() > doubt(others=50, others_defect_bp=10_000)


def test_what_is_not_understood_is_doubted() -> None:
    assert doubt(outcome="abstain", confidence=np.nan) > 0.5 > doubt()


def test_an_outcome_of_a_later_version_is_no_error() -> None:
    assert 0 < doubt(outcome="dance") < 1


def test_nobody_is_nobody() -> None:
    rows = figures(
        outcome=[], confidence=[], words=[], others=[], others_defect_bp=[], in_dialogue=[]
    )
    assert misgiving(rows).shape == (0,)
    assert packaged().names == FEATURES
