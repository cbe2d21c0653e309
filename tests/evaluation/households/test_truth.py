"""Measures of how it went."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sayso.evaluation.households.truth import Kind, Truth, measure, share_of

ONE = Truth("1", 0, 1, "u", "g", "s", "i", "{}", "{}", Kind.REQUEST, "a", "a", True, True)


def rows(*, wins: int = 0, losses: int = 0, fine: int = 0, wrong: int = 0) -> list[Truth]:
    kinds = (
        [replace(ONE, right=True, plain_right=False, rewritten=True)] * wins
        + [replace(ONE, right=False, plain_right=True, rewritten=True)] * losses
        + [ONE] * fine
        + [replace(ONE, right=False, plain_right=False)] * wrong
    )
    return [replace(one, id=str(at), person=at % 7) for at, one in enumerate(kinds)]


def test_wins_and_losses_are_told_by_what_would_have_been() -> None:
    found = measure(rows(wins=6, losses=2, fine=80, wrong=12))
    assert (found.wins, found.losses, found.requests) == (6, 2, 100)
    assert found.defects.value == pytest.approx(0.14)
    assert found.plain_defects.value == pytest.approx(0.18)
    assert found.false_rewrites.value == pytest.approx(2 / 82)
    assert found.rewritten_defects.value == pytest.approx(2 / 8)


def test_only_requests_count() -> None:
    thanks = replace(ONE, kind=Kind.THANKS, right=None, plain_right=None)
    assert measure([*rows(fine=3, wrong=1), thanks]).requests == 4


def test_intervals_are_over_people() -> None:
    """One person who fails always widens it more than as many failures of many."""
    people = np.repeat(np.arange(20), 20)
    everyone = np.ones(400, bool)
    one = share_of(people == 3, everyone, people)
    many = share_of(np.arange(400) % 20 == 0, everyone, people)
    assert one.value == many.value == pytest.approx(0.05)
    assert one.high - one.low > many.high - many.low


def test_nothing_measured_is_nothing_found() -> None:
    assert measure([]).defects.of == 0
