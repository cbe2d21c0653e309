"""What was fixed before any learner was tuned stays as it is."""

from __future__ import annotations

from hashlib import sha256

from sayso.evaluation.households.fixed import FIXED, SPOKEN, fixed_hash
from sayso.evaluation.households.simulate import simulate
from tests.evaluation.households.town import by_heart, small_town


def test_parameters_phrasings_and_noise_are_those_that_were_fixed() -> None:
    assert fixed_hash() == FIXED, "see fixed.py: results before and after do not compare"


def test_people_do_what_they_did_when_it_was_fixed() -> None:
    """What code does is fixed, too: two days of a small town, to the letter."""
    hashed = sha256()
    for rows, truth in simulate(small_town(30), by_heart(), 2, seed=7):
        for row, true in zip(rows, truth, strict=True):
            hashed.update(repr((row.id, row.at, row.said, row.outcome, true.goal)).encode())
    assert hashed.hexdigest() == SPOKEN, "see fixed.py: results before and after do not compare"
