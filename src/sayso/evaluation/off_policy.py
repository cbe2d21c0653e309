"""What a candidate would have been worth, from the log of the policy that served.

With pi the candidate, mu the policy that served, w = pi(a|x) / mu(a|x) for the action a taken at x,
r its reward, and q(x, a) a guess of the reward (`reward_model`):

    ips       mean of w r                  unbiased, and wide where w varies
    clipped   mean of min(w, 10) r         less wide, too low
    snips     sum of w r / sum of w        self-normalised
    direct    mean of q(x, pi)             as good as the guess is
    dr        mean of q(x, pi) + w (r - q(x, a))      doubly robust: unbiased, and narrower than ips

Where the candidate would do what was never done there (mu = 0), no weight helps. Such turns are
counted with the least reward there is, so that a candidate is never released on what nobody knows.
After Kachuee et al. 2022, arXiv:2204.07135; Dudik et al. 2011, arXiv:1103.4601.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.errors import EvaluationError
from sayso.evaluation.logged import Action, Logged, Policy
from sayso.evaluation.reward_model import Guess, guesses

CLIP = 10.0  # largest weight of the clipped estimate
FLOOR = 0.9  # share of a domain's turns in which a candidate must do what is usual
# Rows that tell something new on which anything is decided: with fewer, what a candidate changes
# hangs on a handful of turns and the interval is too narrow (benchmarks/off_policy.py).
FEWEST = 30
_SPREAD = 1.96  # standard errors to either side: 95 %
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often a candidate does what is usual in a domain, and how often it must."""

    domain: str
    rows: int
    share: float
    floor: float


@dataclass(frozen=True, slots=True)
class Report:
    """What the log says of a candidate.

    unknown: share of turns in which the candidate would do what was never done there.
    telling: rows in which what the candidate wants was tried in the place of what is usual.
    effective_rows: rows of plain averaging that the weighted ones are worth.
    served: worth of the policy that served, had it not explored; gain: the candidate's above it;
        both doubly robust. (Compared with what was really done, a candidate that changes nothing
        would seem to gain: it does not explore.)
    objections: why the candidate is not to be released, in words; none means that it may be.
    """

    rows: int
    unknown: float
    telling: int
    effective_rows: float
    served: Estimate
    estimates: Mapping[str, Estimate]
    gain: Estimate
    agreements: Sequence[Agreement]
    objections: Sequence[str] = field(default=())

    @property
    def released(self) -> bool:
        """Whether nothing speaks against the candidate."""
        return not self.objections

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {**asdict(self), "released": self.released}


def evaluate_policy(
    rows: Sequence[Logged],
    policy: Policy,
    *,
    floors: Mapping[str, float] | None = None,
    floor: float = FLOOR,
    least: float = 0.0,
) -> Report:
    """Estimate a candidate's worth and say whether it may be released.

    floors: domain -> least agreement, where it is not `floor`.
    least: the lowest reward there is; counted where the log cannot tell.
    Raises EvaluationError without rows, or for a reward that is below `least` or no number.
    """
    if not rows:
        raise EvaluationError("there are no rows to learn from; see what was left out of the log")
    if not all(row.reward >= least for row in rows):
        raise EvaluationError(f"a reward is not {least:g} or more; give the least that there is")
    models = guesses(rows)
    seen, usual = _weighed(rows, policy, models), _weighed(rows, _usual, models)
    adds, served = _influences(seen, least), _influences(usual, least)["dr"]
    gain = seen.interval(adds["dr"] - served)
    telling = int(((seen.weights > 0) & (usual.weights == 0)).sum())
    agreements = _agreements(rows, seen.agrees, floors or {}, floor)
    return Report(
        rows=len(rows),
        unknown=float(seen.unknown.mean()),
        telling=telling,
        effective_rows=_effective(seen.weights),
        served=seen.interval(served),
        estimates={name: seen.interval(added) for name, added in adds.items()},
        gain=gain,
        agreements=agreements,
        objections=_objections(telling, gain, agreements),
    )


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Rows beside a candidate; all (rows,).

    weights: pi / mu of what was taken; unknown: pi of what was never done there; agrees: pi of
    what is usual; guessed: q of what was taken; expected: q under pi, over what might be done.
    groups: numbers from 0 on.
    """

    rewards: Floats
    weights: Floats
    unknown: Floats
    agrees: Floats
    guessed: Floats
    expected: Floats
    groups: NDArray[np.int64]

    def interval(self, influence: Floats) -> Estimate:
        """The mean of what each row adds; rows of a group vary together."""
        mean = float(influence.mean())
        sums = np.bincount(self.groups, influence - mean)
        count = len(sums)
        # One group says nothing of how groups vary.
        correction = count / (count - 1) if count > 1 else np.inf
        error = _SPREAD * float(np.sqrt(correction * (sums**2).sum())) / len(influence)
        error = error if np.isfinite(error) else float("inf")
        return Estimate(mean, mean - error, mean + error)


def _weighed(rows: Sequence[Logged], policy: Policy, models: Sequence[Guess]) -> _Weighed:
    pairs = zip(rows, models, strict=True)
    columns = np.array([_beside(row, policy(row), guess) for row, guess in pairs]).T
    weights, unknown, agrees, guessed, expected = columns
    _, groups = np.unique([row.group for row in rows], return_inverse=True)
    rewards = np.array([row.reward for row in rows])
    return _Weighed(rewards, weights, unknown, agrees, guessed, expected, groups.astype(np.int64))


def _beside(row: Logged, wanted: Mapping[Action, float], guess: Guess) -> list[float]:
    """One row beside a candidate that wants these actions, in the order of `_Weighed`."""
    known = {action: p for action, p in wanted.items() if action in row.support}
    return [
        known.get(row.taken, 0.0) / row.support[row.taken],
        1.0 - min(1.0, sum(known.values())),
        known.get(row.usual, 0.0),
        guess[row.taken],
        sum(p * guess[action] for action, p in known.items()),
    ]


def _usual(row: Logged) -> Mapping[Action, float]:
    """The policy that served, without its exploration."""
    return {row.usual: 1.0}


def _influences(seen: _Weighed, least: float) -> dict[str, Floats]:
    """What each row adds to each estimate: the estimate is the mean."""
    worst = least * seen.unknown
    corrected = seen.expected + seen.weights * (seen.rewards - seen.guessed)
    return {
        "ips": seen.weights * seen.rewards + worst,
        "clipped": np.minimum(seen.weights, CLIP) * seen.rewards + worst,
        "snips": _self_normalised(seen, least),
        "direct": seen.expected + worst,
        "dr": corrected + worst,
    }


def _self_normalised(seen: _Weighed, least: float) -> Floats:
    """The linear part of sum(w r) / sum(w), taken for the share of turns that is known."""
    known = 1.0 - seen.unknown
    mass, share = float(seen.weights.mean()), float(known.mean())
    if mass == 0.0:
        return np.full_like(seen.rewards, least)
    ratio = float((seen.weights * seen.rewards).mean()) / mass
    value = share * ratio + (1.0 - share) * least
    around = share / mass * seen.weights * (seen.rewards - ratio) + (ratio - least) * (
        known - share
    )
    influence: Floats = value + around
    return influence


def _effective(weights: Floats) -> float:
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def _agreements(
    rows: Sequence[Logged], agrees: Floats, floors: Mapping[str, float], floor: float
) -> list[Agreement]:
    of_domain: dict[str, list[float]] = defaultdict(list)
    for row, share in zip(rows, agrees, strict=True):
        of_domain[row.domain].append(float(share))
    return [
        Agreement(domain, len(shares), float(np.mean(shares)), floors.get(domain, floor))
        for domain, shares in sorted(of_domain.items())
    ]


def _objections(telling: int, gain: Estimate, agreements: Sequence[Agreement]) -> list[str]:
    problems = []
    if telling < FEWEST:
        problems.append(
            f"only {telling} turns tried what the candidate would do otherwise; {FEWEST} are needed"
        )
    if gain.low <= 0.0:
        span = f"{gain.value:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}]"
        problems.append(f"the gain is not surely above 0: {span}")
    return problems + [
        f"{each.domain}: agrees in {each.share:.1%} of {each.rows} turns, {each.floor:.1%} needed"
        for each in agreements
        if each.share < each.floor
    ]
