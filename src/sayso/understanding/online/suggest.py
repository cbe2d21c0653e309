"""Was something else meant? Asked once what was heard has been read as it stands.

    usual     what this person always means by just this, if anything (`longer.py`)
    known     the very words, among everyone's requests and this person's
    found     requests that sound or mean alike: everyone's, and this person's
    judged    P(what was heard is right), P(this request is meant)
    guarded   what may not change does not, whatever was judged
    chosen    to read it instead, to ask, or to go on: whichever is worth most

Every request out of the blue is looked at; where it is understood well, its first reading stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from sayso.trees import Trees
from sayso.types.locales import language_of
from sayso.understanding.online.choose import choose
from sayso.understanding.online.differences import Crossing
from sayso.understanding.online.entries import NOTHING, Asked, Kept, Undone, Vector
from sayso.understanding.online.figures import (
    Floats,
    Found,
    Known,
    keep_figures,
    meant_figures,
)
from sayso.understanding.online.guard import Guard, guard, reads_the_same
from sayso.understanding.online.habits import NOBODY, Habits
from sayso.understanding.online.index import Index
from sayso.understanding.online.longer import longer
from sayso.understanding.online.ranker import Ranker, shipped_ranker
from sayso.understanding.online.sounds import alike

LOOKED_AT = 12  # requests; of twice as many, hardly any that is farther off is ever meant
ONLINE = "online-"  # what the policies begin with that turns log


class Layer(StrEnum):
    """Whose requests a suggestion comes from."""

    PERSONAL = "personal"
    GLOBAL = "global"

    @property
    def policy(self) -> str:
        """Under which it is on trial."""
        return f"{ONLINE}{self}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What was probably meant instead.

    said: folded; meant: as it is to be read. probability: that it was meant; defect_probability:
    that what was heard is not right as it stands. applies: it is to be read in place of what was
    heard; else the person is asked whether they mean it. reason: one clause in plain words.
    side_effects: acting on it by mistake costs dearly. other: a second request to ask about, "" for
    none; where what was heard would be acted on, that is the other one.
    """

    said: str
    meant: str
    probability: float
    defect_probability: float
    layer: Layer
    applies: bool
    reason: str
    side_effects: bool = False
    other: str = ""


@dataclass(frozen=True, slots=True)
class Considered:
    """All that was looked at for one turn; what `fit` learns from, and what explains."""

    vector: Vector | None
    known: Known
    found: Sequence[Found]
    meant: Floats
    keep: Floats


class Online:
    """Requests that went well, of all languages, and what judges them. Immutable."""

    def __init__(
        self,
        indexes: Mapping[str, Index] | None = None,
        ranker: Ranker | None = None,
        *,
        personal: bool = True,
    ) -> None:
        """indexes: by tongue, such as `en`; ranker: None for the shipped one.

        personal: whether what each person asked for counts.
        """
        self.personal = personal
        self.indexes = indexes or {}
        self.ranker = ranker or shipped_ranker()

    def suggest(
        self, asked: Asked, habits: Habits = NOBODY, undone: Undone = NOTHING
    ) -> Suggestion | None:
        """What was probably meant instead, if that is likely enough; None to go on as it is.

        habits: of who speaks; undone: what they took back, never to be done to them again.
        """
        if not asked.words:
            return None
        if not self.personal:
            habits = NOBODY
        usual = self._usual(asked, habits, undone)
        if usual is not None:
            return usual
        looked = self.consider(asked, habits)
        if not looked.found:
            return None
        meant = self.ranker.meant_by(looked.meant)
        kept, guarded = self.ranker.kept(looked.keep), Guard(asked, looked.found, undone)
        choice = choose(
            meant,
            kept,
            asked.outcome,
            self.ranker.thresholds,
            idle=lambda at: reads_the_same(asked, looked.found[at]),
            crossing=lambda at: guarded(at).crossing,
            reading=lambda at: looked.found[at].entry.reading,
        )
        if choice is None:
            return None
        one = looked.found[choice.at]
        other = looked.found[choice.other].entry.shown if choice.other is not None else ""
        why, stands_against = _reason(one), guarded(choice.at)
        if not choice.applies and self.ranker.thresholds.sure(float(meant[choice.at]), kept):
            why = f"{why}; asked because {stands_against.what}"
        return Suggestion(
            asked.words,
            one.entry.shown,
            float(meant[choice.at]),
            1 - kept,
            Layer.PERSONAL if one.own is not None else Layer.GLOBAL,
            choice.applies,
            why,
            one.entry.side_effects,
            other,
        )

    def _usual(self, asked: Asked, habits: Habits, undone: Undone) -> Suggestion | None:
        """What this person usually means by less, where it is likely enough."""
        usual = longer(asked, habits)
        if usual is None or usual.probability < self.ranker.thresholds.better:
            return None
        one = Found(Kept(usual.entry, None), usual.entry)
        crossing = guard(asked, one, undone)
        if crossing.crossing is Crossing.NEVER:
            return None
        return Suggestion(
            asked.words,
            usual.entry.shown,
            usual.probability,
            usual.probability,
            Layer.PERSONAL,
            crossing.crossing is Crossing.NONE,
            f"this person asks for that and not for less: {usual.entry.turns} times",
            usual.entry.side_effects,
        )

    def consider(self, asked: Asked, habits: Habits = NOBODY) -> Considered:
        """What there is to choose from, with its figures."""
        index = self.indexes.get(language_of(asked.locale))
        vector = None
        if asked.vector is not None and self.ranker.projection.reads in (None, len(asked.vector)):
            vector = self.ranker.projection(asked.vector)
        same = index.same(asked.words) if index is not None else None
        own = habits.by_words.get(asked.words)
        known = Known(same.entry if same is not None else None, own)
        found = _together(asked, vector, index, habits)
        meant = meant_figures(asked, vector, found, known, habits)
        return Considered(vector, known, found, meant, keep_figures(asked, found, meant, known))


def _together(
    asked: Asked, vector: Vector | None, index: Index | None, habits: Habits
) -> list[Found]:
    """Requests of everyone and of this person, each once; not the very words."""
    found = {
        kept.entry.words: Found(kept, habits.by_words.get(kept.entry.words))
        for kept in (index.near(asked, vector) if index is not None else ())
    }
    for kept in habits.near(asked, vector):
        if kept.entry.words not in found:
            found[kept.entry.words] = Found(kept, kept.entry)
    found.pop(asked.words, None)
    if len(found) <= LOOKED_AT:
        return list(found.values())
    close = sorted(found.values(), key=lambda one: -_close(asked, vector, one))
    return close[:LOOKED_AT]


def _close(asked: Asked, vector: Vector | None, one: Found) -> float:
    """By sense and by sound, before anything else is looked at."""
    near = one.kept.vector
    cosine = float(near @ vector) if near is not None and vector is not None else 0.0
    return cosine + alike(asked.runs, one.kept.runs)


def _reason(one: Found) -> str:
    if one.own is not None:
        times = "once" if one.own.turns == 1 else f"{one.own.turns} times"
        return f"it sounds like what this person asked for {times}"
    return f"it sounds like what {one.entry.people} people asked for"


def always(probability: float, names: Sequence[str]) -> Trees:
    """A model that says the same of everything: for tests, and for a home without a ranker."""
    odds = float(np.log(probability / (1 - probability)))
    none, places = np.zeros(0), np.zeros(0, np.int32)
    return Trees(
        tuple(names), places, none, places, places, np.zeros(0, np.bool_), none, places, odds, 0
    )
