"""How probably a turn went wrong, from what is known of it and what followed.

Some signals say it outright: an answer to "did I help?", something taken back, a back-end that
failed, a request turned down; a song that played on, a thank-you. Where people are rich in them, a
home's own model is learnt from these weak labels, the signal itself hidden half of the time, so
that the model learns what goes with it. The packaged model is learnt on simulated people, whose
truth is known, of many manners; a home's own one is taken only where it foretells answers to
"did I help?" better. These are asked where the engine is in doubt, by lot among those turns: they
compare two models where it matters, and tell nothing of how many turns go well in all.

Weak labels after Ratner et al. 2016, arXiv:1605.07723; implicit feedback on an assistant after
Ponnusamy et al. 2020, arXiv:1911.02557.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from sayso import trees
from sayso.feedback.boosting import Shape, fit, isotonic
from sayso.feedback.evidence import FIELDS, NAMES, Bins, place, step
from sayso.trees import Doubles, Trees
from sayso.types.lessons import CERTAIN

SHIPPED = "defects.npz"  # made by: python -m scripts.make_defects
SHAPE = Shape(
    trees=80,
    leaves=12,
    rate=0.1,
    least=5,
    rising=tuple(field.name for field in FIELDS if field.rises),
)
LEAST_LABELS = 300  # of each kind, before a home's own model is learnt
LEAST_ANSWERS = 300  # to "did I help?", before it may be taken
MARGIN = 0.01  # of log-loss, by which it must be better
NAMED = 0.25  # log-odds that a fact must add to be named as evidence
MOST_NAMED = 4

# What says outright how it went: field, value -> probability of a defect; the first that holds
# counts. None of them is beyond doubt: people answer at random, and leave a wrong song on.
SIGNALS: tuple[tuple[str, str, float], ...] = (
    ("helpful", "no", 0.95),
    ("helpful", "yes", 0.05),
    ("undone", "yes", 0.95),
    ("broken", "failed", 0.97),
    ("broken", "refused", 0.80),  # some ask for what no skill does, and are rightly told so
    ("next", "wrong", 0.90),
    ("next", "thanks", 0.06),
    ("dwell", "long", 0.05),
)


def weak_labels(bins: Bins) -> tuple[Doubles, NDArray[np.int64]]:
    """What the signals say: (n,) probability of a defect, NaN where none does, and its field.

    bins: (n, FIELDS). What was not understood at all and then said again failed, too.
    """
    told = np.full(len(bins), np.nan)
    field = np.full(len(bins), -1)
    again = bins[:, place("rephrased")] >= step("rephrased", "likely")
    idle = bins[:, place("outcome")] == step("outcome", "abstained")
    told[again & idle] = 0.95
    field[again & idle] = place("rephrased")
    for name, value, probability in reversed(SIGNALS):
        holds = bins[:, place(name)] == step(name, value)
        told[holds] = probability
        field[holds] = place(name)
    return told, field


def learnt(bins: Bins, counts: NDArray[np.int64]) -> Trees | None:
    """A home's own model from its weak labels; None if they are too few.

    bins: (n, FIELDS), distinct; counts: (n,) turns of each.
    """
    told, field = weak_labels(bins)
    known = ~np.isnan(told)
    bins, told, field, counts = bins[known], told[known], field[known], counts[known]
    bad, good = counts[told > 0.5].sum(), counts[told < 0.5].sum()
    if min(bad, good) < LEAST_LABELS:
        return None
    hidden = bins.copy()
    neutral = np.array([each.neutral for each in FIELDS])
    hidden[np.arange(len(bins)), field] = neutral[field]
    rows = np.concatenate([bins, hidden])
    return _fitted(rows, np.tile(told, 2), np.tile(counts / 2, 2))


def _fitted(bins: Bins, chance: Doubles, weight: Doubles, *, calibrated: bool = False) -> Trees:
    """Trees on rows that are defects with some probability each."""
    rows = np.concatenate([bins, bins]).astype(np.float32)
    target = np.repeat([1, 0], len(bins))
    weights = np.concatenate([weight * chance, weight * (1 - chance)])
    some = weights > 0
    return fit(
        NAMES,
        rows[some],
        target[some],
        weight=weights[some],
        shape=SHAPE,
        folds=5 if calibrated else 0,
    )


def from_truth(bins: Bins, wrong: NDArray[np.bool_], groups: NDArray[np.int64]) -> Trees:
    """The model for homes that cannot have their own: fitted where the truth is known.

    bins: (n, FIELDS), a row a turn; wrong: (n,); groups: (n,), such as people, kept together when
    it is found out how sure the model may be.
    """
    rows = bins.astype(np.float32)
    return fit(NAMES, rows, wrong.astype(np.int64), groups=groups, shape=SHAPE)


@lru_cache(maxsize=1)
def packaged() -> Trees:
    """The model that comes with Sayso."""
    return trees.load(files("sayso.feedback").joinpath(SHIPPED).read_bytes(), NAMES)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which model judges a home's turns, and why."""

    model: Trees
    own: bool
    reason: str


def chosen(bins: Bins, counts: NDArray[np.int64], base: Trees | None = None) -> Choice:
    """The packaged model, or the home's own where it is better on answers to "did I help?".

    The answer is hidden from both. The own one learns from the other signals alone for that, and
    its probabilities are brought to the share of answers that were no, by halves: no answer
    corrects the model it is judged by.
    """
    base = base or packaged()
    untold = step("helpful", "untold")
    answered = bins[:, place("helpful")] != untold
    if counts[answered].sum() < LEAST_ANSWERS:
        return Choice(base, False, f"fewer than {LEAST_ANSWERS} answers to 'did I help?'")
    own = learnt(bins[~answered], counts[~answered])
    if own is None:
        return Choice(base, False, f"fewer than {LEAST_LABELS} clear signals of either kind")
    asked = bins[answered].copy()
    said_no = (asked[:, place("helpful")] == step("helpful", "no")).astype(np.int64)
    asked[:, place("helpful")] = untold
    weight = counts[answered].astype(np.float64)
    rows = asked.astype(np.float32)
    half = np.random.default_rng(0).integers(0, 2, len(rows))
    odds = own.log_odds(rows)
    told = np.zeros(len(rows))
    for side in (0, 1):
        knots, levels = isotonic(odds[half == side], said_no[half == side], weight[half == side])
        told[half != side] = np.interp(odds[half != side], knots, levels)
    before = _log_loss(base.predict(rows), said_no, weight)
    after = _log_loss(told, said_no, weight)
    words = f"log-loss on answers {before:.3f} packaged, {after:.3f} own"
    if after > before - MARGIN:
        return Choice(base, False, words)
    knots, levels = isotonic(odds, said_no, weight)
    return Choice(replace(own, knots=knots, levels=levels), True, words)


def _log_loss(chance: Doubles, target: NDArray[np.int64], weight: Doubles) -> float:
    chance = np.clip(chance, 1e-3, 1 - 1e-3)
    losses = -np.where(target == 1, np.log(chance), np.log(1 - chance))
    return float(np.average(losses, weights=weight))


def estimate(bins: Bins, model: Trees) -> tuple[NDArray[np.int64], list[str]]:
    """For each combination: probability of a defect in basis points, and what speaks for it.

    A fact is named by what the log-odds lose when it is replaced by what says least; the strongest
    come first.
    """
    rows = bins.astype(np.float32)
    chances = np.rint(model.predict(rows) * CERTAIN).astype(np.int64)
    odds = model.log_odds(rows)
    adds = np.zeros(bins.shape)
    for at, field in enumerate(FIELDS):
        without = rows.copy()
        without[:, at] = field.neutral
        adds[:, at] = odds - model.log_odds(without)
    adds[bins == np.array([field.neutral for field in FIELDS])] = 0
    order = np.argsort(-adds, axis=1, kind="stable")[:, :MOST_NAMED]
    named = [
        "+".join(_name(at, bins[row, at]) for at in places if adds[row, at] >= NAMED)
        for row, places in enumerate(order)
    ]
    return chances, named


def _name(at: int, value: int) -> str:
    return f"{FIELDS[at].name}={FIELDS[at].steps[value]}"
