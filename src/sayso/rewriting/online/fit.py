"""Examples -> a ranker, its thresholds, and whether it is better than the one that serves.

People are kept apart: a ranker is fitted on some, its thresholds are chosen on others, and it is
judged by a third part, on which it has to do better than the one that serves, beyond chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sayso.feedback import boosting
from sayso.feedback.boosting import Shape
from sayso.rewriting.online.examples import Examples
from sayso.understanding.online.differences import Crossing
from sayso.understanding.online.figures import KEEP, MEANT
from sayso.understanding.online.projection import Projection
from sayso.understanding.online.ranker import Ranker, Thresholds
from sayso.understanding.online.suggest import likeliest

FALSE_RATE = 0.001  # of turns that were fine, rewritten: half of what is promised
LEAST = 200  # examples of each kind without which a home has nothing to fit
_LOSS = 10.0  # wins that a fine turn spoiled is worth
_SAMPLES = 400
# More that is alike, more often asked for, less sure of what was heard: only ever for, or against.
_MEANT = Shape(
    trees=90,
    leaves=12,
    least=40,
    shrink=5.0,
    rising=(
        *("cosine", "gram_dice", "sound_likeness", "start_likeness", "apart_sound"),
        *("apart_letters", "own_turns", "own_share", "people_behind", "ahead_cosine"),
        *("ahead_sound", "ahead_own"),
    ),
    falling=("defects", "confidence", "said_own_turns"),
)
_KEEP = Shape(trees=60, leaves=8, least=60, shrink=5.0, rising=("confidence", "said_own_turns"))


@dataclass(frozen=True, slots=True)
class Figures:
    """How a ranker does on n turns.

    wins: rewritten rightly where what was heard was wrong; losses: rewritten wrongly where it was
    right; idle: rewritten where it was wrong, to what was wrong as well. asked: not rewritten, but
    asked about; asked_rightly: of these. fine: turns that were right.
    """

    turns: int
    fine: int
    wins: int
    losses: int
    idle: int
    asked: int
    asked_rightly: int

    @property
    def false_rate(self) -> float:
        """Share of fine turns that were spoiled."""
        return self.losses / max(1, self.fine)

    @property
    def repaired(self) -> float:
        """Share of the turns that went wrong which were rewritten rightly."""
        return self.wins / max(1, self.turns - self.fine)


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """Of each turn the request that may be read instead. at: (n,) its row, -1 where there is none.

    meant, kept: (n,) probabilities; crossing: (n,).
    """

    at: NDArray[np.int64]
    meant: NDArray[np.float32]
    kept: NDArray[np.float32]
    crossing: NDArray[np.int64]


def fit(examples: Examples, projection: Projection, *, seed: int = 0) -> Ranker:
    """A ranker with thresholds that are yet to be chosen. Raises ValueError without both kinds."""
    keep = boosting.fit(
        KEEP, examples.keep, examples.right, groups=examples.person, shape=_KEEP, seed=seed
    )
    whose = examples.person[examples.turn]
    meant = boosting.fit(
        MEANT, examples.meant, examples.correct, groups=whose, shape=_MEANT, seed=seed
    )
    return Ranker(keep, meant, projection)


def pick(examples: Examples, ranker: Ranker) -> Picked:
    """As `Online.suggest` picks, before thresholds."""
    n = len(examples)
    found = Picked(
        np.full(n, -1), np.zeros(n, np.float32), np.ones(n, np.float32), np.zeros(n, np.int64)
    )
    if not n:
        return found
    found.kept[:] = ranker.keep.predict(examples.keep)
    meant = ranker.meant_by(examples.meant)
    edges = np.searchsorted(examples.turn, np.arange(n + 1))
    for turn, (first, end) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
        for at in likeliest(meant[first:end], ranker.thresholds):
            row = first + at
            if examples.idle[row]:
                break
            if examples.crossing[row] != Crossing.NEVER:
                found.at[turn], found.meant[turn] = row, meant[row]
                found.crossing[turn] = examples.crossing[row]
                break
    return found


def figures(examples: Examples, picked: Picked, limits: Thresholds) -> Figures:
    """What these thresholds come to."""
    applied, asked = _what(picked, limits)
    return Figures(
        len(examples), int(examples.right.sum()), *_counted(examples, picked, applied, asked)
    )


def tuned(examples: Examples, ranker: Ranker, *, false_rate: float = FALSE_RATE) -> Ranker:
    """The ranker with the thresholds that are worth most on these turns, people it has not met."""
    low = replace(ranker, thresholds=Thresholds(better=0.3, asks_better=0.3))
    picked = pick(examples, low)
    best, most = Thresholds(defect=0.99, better=0.99, margin=0.99), 0.0
    for defect, better, margin in product(
        (0.05, 0.1, 0.2, 0.3, 0.5, 0.7), (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95), (0.0, 0.2, 0.4, 0.6)
    ):
        limits = Thresholds(defect, better, margin, better, 1.0)
        found = figures(examples, picked, limits)
        if found.false_rate <= false_rate and worth(found) > most:
            best, most = limits, worth(found)
    asking = replace(best, asks_better=max(0.4, best.better - 0.35), asks_margin=0.1)
    return replace(ranker, thresholds=asking)


def worth(found: Figures) -> float:
    """Turns saved, less turns spoiled, which count more."""
    return found.wins - _LOSS * found.losses - 0.2 * found.idle


def better(examples: Examples, new: Ranker, old: Ranker, *, seed: int = 0) -> tuple[bool, str]:
    """Whether a ranker may take another's place, and why; examples: of people neither has met.

    Bootstrap over people: of the difference in worth, the lower end of 95 % is above nothing.
    """
    gains = _by_turn(examples, new) - _by_turn(examples, old)
    people, which = np.unique(examples.person, return_inverse=True)
    by_person = np.bincount(which, weights=gains, minlength=len(people))
    chance = np.random.default_rng(seed)
    draws = chance.integers(0, max(1, len(people)), (_SAMPLES, len(people)))
    low = float(np.quantile(by_person[draws].sum(axis=1), 0.025)) if len(people) else 0.0
    found = figures(examples, pick(examples, new), new.thresholds)
    if found.false_rate > 2 * FALSE_RATE:
        return False, f"it spoils {found.false_rate:.2%} of fine turns"
    if low <= 0:
        return False, f"what it saves is within chance ({by_person.sum():+.0f} turns)"
    return True, f"it saves {by_person.sum():+.0f} of {len(examples)} turns"


def refit(
    fitting: Examples, tuning: Examples, judging: Examples, serving: Ranker
) -> tuple[Ranker, bool, str]:
    """The ranker that is to serve, whether it is new, and why; three parts of different people."""
    enough = _enough(fitting)
    if enough:
        return serving, False, enough
    new = tuned(tuning, fit(fitting, serving.projection))
    taken, why = better(judging, new, serving)
    return (new if taken else serving), taken, why


def _enough(examples: Examples) -> str:
    """What a home lacks to fit anything, in words; empty if nothing."""
    right = int(examples.right.sum())
    return too_few(right, len(examples) - right, int(examples.there.sum()))


def too_few(right: int, wrong: int, there: int = LEAST) -> str:
    """What there are too few turns of, in words; "" if nothing. there: see `Examples`."""
    kinds: Sequence[tuple[str, int]] = (
        ("turns that went well", right),
        ("turns that went wrong", wrong),
        ("turns with the right request found", there),
    )
    few = [f"{count} {what}" for what, count in kinds if count < LEAST]
    return f"only {', '.join(few)}; {LEAST} are wanted" if few else ""


def _what(picked: Picked, limits: Thresholds) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(n,) rewritten, (n,) asked about."""
    there = picked.at >= 0
    sure = there & limits.sure(picked.meant, picked.kept)
    applied = sure & (picked.crossing == Crossing.NONE)
    return applied, there & ~applied & limits.asks(picked.meant, picked.kept)


def _counted(
    examples: Examples, picked: Picked, applied: NDArray[np.bool_], asked: NDArray[np.bool_]
) -> tuple[int, int, int, int, int]:
    correct = np.zeros(len(examples), np.bool_)
    there = picked.at >= 0
    correct[there] = examples.correct[picked.at[there]]
    return (
        int((applied & correct & ~examples.right).sum()),
        int((applied & ~correct & examples.right).sum()),
        int((applied & ~correct & ~examples.right).sum()),
        int(asked.sum()),
        int((asked & correct & ~examples.right).sum()),
    )


def _by_turn(examples: Examples, ranker: Ranker) -> NDArray[np.float64]:
    """(n,) what each turn gained by a ranker."""
    picked = pick(examples, ranker)
    applied, _ = _what(picked, ranker.thresholds)
    correct = np.zeros(len(examples), np.bool_)
    there = picked.at >= 0
    correct[there] = examples.correct[picked.at[there]]
    gains = np.where(correct & ~examples.right, 1.0, 0.0)
    gains += np.where(~correct & examples.right, -_LOSS, 0.0)
    gains += np.where(~correct & ~examples.right, -0.2, 0.0)
    return np.where(applied, gains, 0.0)
