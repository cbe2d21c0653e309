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
from sayso.types.readings import Outcome
from sayso.understanding.online.choose import choose
from sayso.understanding.online.differences import Crossing
from sayso.understanding.online.figures import KEEP, MEANT, Floats
from sayso.understanding.online.projection import Projection
from sayso.understanding.online.ranker import Ranker, Thresholds

FALSE_RATE = 0.001  # of turns that were fine, rewritten: half of what is promised
LEAST = 200  # examples of each kind without which a home has nothing to fit
_LOSS = 10.0  # wins that a fine turn spoiled is worth
_IDLE, _ASKED = 0.2, 0.2  # those of a wrong turn that stays wrong, and of any question
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
    asked about; asked_rightly: of these, where it was wrong and what was meant is offered;
    asked_fine: where it was right; asked_in_vain: of these, where that is not offered. fine: turns
    that were right.
    """

    turns: float
    fine: float
    wins: float
    losses: float
    idle: float
    asked: float
    asked_rightly: float
    asked_fine: float
    asked_in_vain: float

    @property
    def false_rate(self) -> float:
        """Share of fine turns that were spoiled."""
        return self.losses / max(1.0, self.fine)

    @property
    def repaired(self) -> float:
        """Share of the turns that went wrong which were rewritten rightly."""
        return self.wins / max(1.0, self.turns - self.fine)


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """What is done about each turn. at: (n,) the row of the request, -1 where nothing is done.

    applies: (n,) it is read instead, else asked about; helps: (n,) what was meant is done then, or
    offered; meant, kept: (n,) probabilities.
    """

    at: NDArray[np.int64]
    applies: NDArray[np.bool_]
    helps: NDArray[np.bool_]
    meant: NDArray[np.float32]
    kept: NDArray[np.float32]


def fit(examples: Examples, projection: Projection, *, seed: int = 0) -> Ranker:
    """A ranker with thresholds that are yet to be chosen. Raises ValueError without both kinds."""
    keep = boosting.fit(
        KEEP,
        examples.keep,
        examples.right,
        weight=examples.weight,
        groups=examples.person,
        shape=_KEEP,
        seed=seed,
    )
    whose = examples.person[examples.turn]
    meant = boosting.fit(
        MEANT,
        examples.meant,
        examples.correct,
        weight=examples.weight[examples.turn],
        groups=whose,
        shape=_MEANT,
        seed=seed,
    )
    return Ranker(keep, meant, projection)


def pick(examples: Examples, ranker: Ranker, limits: Thresholds | None = None) -> Picked:
    """As `Online.suggest` picks; limits: in the place of the ranker's own."""
    return _picked(examples, *_judged(examples, ranker), limits or ranker.thresholds)


def _judged(examples: Examples, ranker: Ranker) -> tuple[Floats, Floats]:
    """(m,) that each request is meant, (n,) that what was heard is right."""
    if not len(examples):
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    return ranker.meant_by(examples.meant), ranker.keep.predict(examples.keep).astype(np.float32)


def _picked(examples: Examples, meant: Floats, kept: Floats, limits: Thresholds) -> Picked:
    n = len(examples)
    nothing = np.zeros(n, np.bool_)
    found = Picked(np.full(n, -1), nothing, nothing.copy(), np.zeros(n, np.float32), kept)
    best = np.zeros(n, np.float32)
    np.maximum.at(best, examples.turn, meant)
    crossings = [Crossing(each) for each in examples.crossing.tolist()]
    edges = np.searchsorted(examples.turn, np.arange(n + 1))
    outcomes = examples.keep[:, [KEEP.index("acts"), KEEP.index("asks")]]
    # Nothing is done below these, and most turns are.
    for turn in np.flatnonzero(best > min(limits.better, limits.least)).tolist():
        first, end = int(edges[turn]), int(edges[turn + 1])
        acts, asks = outcomes[turn].tolist()
        outcome = Outcome.ACT if acts else Outcome.ASK if asks else Outcome.ABSTAIN
        choice = choose(
            meant[first:end],
            float(kept[turn]),
            outcome,
            limits,
            idle=examples.idle[first:end].__getitem__,
            crossing=crossings[first:end].__getitem__,
            reading=examples.reading[first:end].__getitem__,
        )
        if choice is None:
            continue
        helps = bool(examples.correct[first + choice.at])
        if not choice.applies:
            helps |= outcome is Outcome.ACT and bool(examples.right[turn])
            helps |= choice.other is not None and bool(examples.correct[first + choice.other])
        found.at[turn], found.meant[turn] = first + choice.at, meant[first + choice.at]
        found.applies[turn], found.helps[turn] = choice.applies, helps
    return found


def figures(examples: Examples, picked: Picked) -> Figures:
    """What a ranker with its thresholds comes to."""
    right, helps, weight = examples.right, picked.helps, examples.weight

    def count(which: NDArray[np.bool_]) -> float:
        return float(weight[which].sum())

    asked = (picked.at >= 0) & ~picked.applies
    return Figures(
        count(np.ones(len(examples), np.bool_)),
        count(right),
        count(picked.applies & helps & ~right),
        count(picked.applies & ~helps & right),
        count(picked.applies & ~helps & ~right),
        count(asked),
        count(asked & helps & ~right),
        count(asked & right),
        count(asked & right & ~helps),
    )


def tuned(examples: Examples, ranker: Ranker) -> Ranker:
    """The ranker with the thresholds that are worth most on these turns, people it has not met."""
    meant, kept = _judged(examples, ranker)
    best, most = Thresholds(defect=0.99, better=0.99, margin=0.99), -np.inf
    for defect, better, margin in product(
        (0.1, 0.3, 0.5, 0.7), (0.6, 0.7, 0.8, 0.85, 0.9, 0.95), (0.2, 0.4, 0.6)
    ):
        limits = replace(ranker.thresholds, defect=defect, better=better, margin=margin)
        picked = _picked(examples, meant, kept, limits)
        worth = float(gains(examples, picked).sum())
        if figures(examples, picked).false_rate <= FALSE_RATE and worth > most:
            best, most = limits, worth
    return replace(ranker, thresholds=best)


def gains(examples: Examples, picked: Picked) -> NDArray[np.float64]:
    """(n,) turns saved, less turns spoiled, which count more where nobody was asked."""
    right, helps, applies = examples.right, picked.helps, picked.applies
    gained = np.where(helps & ~right, 1.0, 0.0)
    gained += np.where(~helps & right, np.where(applies, -_LOSS, -1.0), 0.0)
    gained += np.where(~helps & ~right, -_IDLE, 0.0)
    gained -= np.where(applies, 0.0, _ASKED)
    return np.where(picked.at >= 0, gained, 0.0) * examples.weight


def better(examples: Examples, new: Ranker, old: Ranker, *, seed: int = 0) -> tuple[bool, str]:
    """Whether a ranker may take another's place, and why; examples: of people neither has met.

    Bootstrap over people: of the difference in worth, the lower end of 95 % is above nothing.
    """
    mine = pick(examples, new)
    gained = gains(examples, mine) - gains(examples, pick(examples, old))
    people, which = np.unique(examples.person, return_inverse=True)
    by_person = np.bincount(which, weights=gained, minlength=len(people))
    chance = np.random.default_rng(seed)
    draws = chance.integers(0, max(1, len(people)), (_SAMPLES, len(people)))
    low = float(np.quantile(by_person[draws].sum(axis=1), 0.025)) if len(people) else 0.0
    found = figures(examples, mine)
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
