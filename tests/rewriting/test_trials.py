from __future__ import annotations

import numpy as np
import pytest

from sayso.rewriting.trials import SURE, Block, judge


def days(applied: float, held: float, count: int, people: int, seed: int) -> list[Block]:
    chance = np.random.default_rng(seed)
    n, m = people, max(people // 9, 1)
    return [
        Block(n, int(chance.binomial(n, applied)), m, int(chance.binomial(m, held)))
        for _ in range(count)
    ]


def ever(blocks: list[Block], side: str) -> bool:
    return any(getattr(judge(blocks[:upto]), side) >= SURE for upto in range(1, len(blocks) + 1))


def test_a_rewrite_that_repairs_is_found_better_within_days() -> None:
    found = [ever(days(0.15, 0.9, 14, 20, seed), "better") for seed in range(40)]
    assert np.mean(found) > 0.95


def test_a_rewrite_that_harms_is_found_worse_within_days() -> None:
    found = [ever(days(0.6, 0.2, 14, 40, seed), "worse") for seed in range(40)]
    assert np.mean(found) > 0.9


@pytest.mark.parametrize("defects", [0.05, 0.3, 0.8])
@pytest.mark.parametrize("side", ["better", "worse"])
def test_one_that_changes_nothing_is_seldom_found_anything_however_often_one_looks(
    defects: float, side: str
) -> None:
    found = [ever(days(defects, defects, 30, 30, seed), side) for seed in range(300)]
    assert np.mean(found) <= 1 / SURE + 0.02


def test_one_stream_alone_says_nothing() -> None:
    outcome = judge([Block(30, 1, 0, 0), Block(0, 0, 4, 4)])
    assert (outcome.better, outcome.worse) == (1.0, 1.0)


def test_no_day_is_no_evidence() -> None:
    outcome = judge([])
    assert (outcome.better, outcome.worse, outcome.likely) == (1.0, 1.0, 0.5)


def test_how_likely_it_is_better_follows_the_counts() -> None:
    assert judge([Block(50, 5, 10, 9)]).likely > 0.99
    assert judge([Block(50, 45, 10, 1)]).likely < 0.01
