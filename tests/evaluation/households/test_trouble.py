"""Bad people and bad data."""

from __future__ import annotations

from collections import Counter

from sayso.evaluation.households.simulate import simulate
from sayso.evaluation.households.trouble import POISON, Ring, Trouble
from sayso.evaluation.households.truth import Kind
from tests.evaluation.households.town import by_heart, small_town


def test_nothing_bad_happens_unless_asked_for() -> None:
    _, truth = next(simulate(small_town(), by_heart(), 1, 1))
    assert not any(one.kind is Kind.ATTACK for one in truth)


def test_a_ring_teaches_from_many_accounts_seconds_apart() -> None:
    trouble = Trouble(rings=(Ring(50, "stop", "buy it", times=1),))
    rows, _ = next(simulate(small_town(), by_heart(), 1, 1, trouble))
    ring = [row for row in rows if row.user.startswith("ring-")]
    assert len({row.user for row in ring}) == 50
    assert Counter(row.said for row in ring) == {"stop": 50, "buy it": 50}


def test_one_insistent_person_and_poisoned_texts() -> None:
    rows, _ = next(simulate(small_town(), by_heart(), 1, 1, Trouble(insistent=300, poison=1)))
    assert sum(row.user == "insistent" for row in rows) == 600
    assert {row.said for row in rows} >= set(POISON)


def test_damaged_rows_come_twice_late_and_with_a_clock_that_is_off() -> None:
    quiet, _ = next(simulate(small_town(), by_heart(), 1, 1))
    bad = Trouble(doubled=0.2, late=0.2, skewed=0.1).damaged(quiet, 1)
    assert len(bad) > len(quiet)
    assert {row.id for row in bad} == {row.id for row in quiet}
    assert [row.at for row in bad] != sorted(row.at for row in bad)
