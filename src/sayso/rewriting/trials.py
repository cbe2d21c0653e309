"""How a rewrite does in the open, looked at as often as one likes without fooling oneself.

People for whom it is applied and people for whom it is held out are two streams of successes and
failures. A day is a block; its e-value is the likelihood of the block under what the days before
suggest, over its likelihood if both streams were alike (Turner, Ly and Grünwald 2021,
arXiv:2106.02693). The product of e-values exceeds 1/alpha with probability alpha at most, ever, if
the rewrite makes no difference, so one may stop at any time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from scipy.stats import beta

from sayso.types.lessons import Trial

SURE = 20.0  # an e-value that a rewrite without effect reaches once in twenty, at most
START = 0.5  # defects and as many successes that each stream begins with, before any day
APART = 1e-3  # least difference of the two streams that is looked for


@dataclass(frozen=True, slots=True)
class Block:
    """One day of a rewrite: people for whom it was applied and held out, and those it failed."""

    applied: int
    applied_defects: int
    held_out: int
    held_out_defects: int


def judge(blocks: Iterable[Block]) -> Trial:
    """The outcome of a trial, blocks in the order of days."""
    better = worse = 0.0  # logarithms
    n = k = m = d = 0
    for block in blocks:
        applied, held = (k + START) / (n + 2 * START), (d + START) / (m + 2 * START)
        mean = (applied + held) / 2
        low, high = sorted((applied, held))
        apart = max(high - low, APART)
        low, high = max(mean - apart / 2, APART / 2), min(mean + apart / 2, 1 - APART / 2)
        better += _log_e_value(block, low, high)
        worse += _log_e_value(block, high, low)
        n, k = n + block.applied, k + block.applied_defects
        m, d = m + block.held_out, d + block.held_out_defects
    return Trial(n, k, m, d, _exp(better), _exp(worse), _likely_better(n, k, m, d))


def _log_e_value(block: Block, applied: float, held_out: float) -> float:
    """Of a block, for chances of a defect in either stream against both having the mean of them.

    The mean is weighted by the people in the block: with it, and no other, the expected value is at
    most 1 whatever the chance that both share, and where the order of the two is the other one.
    """
    people = block.applied + block.held_out
    if not block.applied or not block.held_out:
        return 0.0  # one stream alone says nothing
    both = (block.applied * applied + block.held_out * held_out) / people
    return _log_likelihood(block.applied_defects, block.applied, applied, both) + _log_likelihood(
        block.held_out_defects, block.held_out, held_out, both
    )


def _log_likelihood(defects: int, people: int, chance: float, other: float) -> float:
    well = people - defects
    return defects * math.log(chance / other) + well * math.log((1 - chance) / (1 - other))


def _likely_better(n: int, k: int, m: int, d: int) -> float:
    """P(applied fails less often than held out), both with a flat prior, by quadrature."""
    if not n or not m:
        return 0.5
    grid = [(i + 0.5) / 400 for i in range(400)]
    held = beta.ppf(grid, d + 1, m - d + 1)  # equally likely values of the held-out stream
    return float(beta.cdf(held, k + 1, n - k + 1).mean())


def _exp(log: float) -> float:
    return math.exp(min(max(log, -700.0), 700.0))
