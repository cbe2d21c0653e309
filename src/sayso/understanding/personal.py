"""What is known of a person, added to the scores that skills have for anybody.

    flags      is a skill enabled; how likely is it for anybody, if it is
    attention  what the enabled skills that fit the utterance are like: the mean of their vectors,
               by softmax (Kim et al. 2018, arXiv:1804.08065) and by sigmoid, where the weights need
               not sum to 1 (arXiv:1812.07546), times the vector of each candidate
    habits     share of uses, how recent, the hour and the device at which a skill is used

All are linear in log-odds, so that what each adds can be named. Any of the three can be switched
off, in which case its weights count for nothing; `Person.neutral` switches off all, and of a person
of whom nothing is known the scores stay as they were. Unlike a score for anybody, one for a person
depends on which skills that person has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from sayso.types.people import Person, Use
from sayso.understanding.fusion import Floats

FLAGS = (
    "enabled",  # 1 if it is
    "enabled_likely",  # if it is: log of its share for anybody, at least -12
)
ATTENTION = (
    "attention",  # likeness to the enabled skills, each as likely as it is among them
    "attended",  # likeness to those of them that fit at all, each by how well
)
HABITS = (
    "uses",  # log of its share of uses, beside that of the average skill of this person
    "recency",  # log of a month over the days since its last use, counted from 1; at least 0
    "hour",  # log of how much more often than others it is used around this hour
    "device",  # log of how much more often than others it is used on this type of device
)
PERSONAL = (*FLAGS, *ATTENTION, *HABITS)
UNLIKELY = -12.0
FITS = -5.0  # log of the share for anybody at which half of a skill is attended to
HABIT = 4.0  # uses that what is not known counts as
MONTH = 30.0
HOURS = 24
_NEAR_HOURS = 2.0  # concentration of the von Mises kernel around the hour


@dataclass(frozen=True, slots=True)
class Candidates:
    """n skills with their scores for anybody; all enabled ones that are installed are among them.

    vectors: (n, d) unit vectors of the skills (mean of their rows), zeros where there is none.
    """

    skills: Sequence[str]
    scores: Floats
    vectors: Floats


@dataclass(frozen=True, slots=True)
class Moment:
    """When and on what a person speaks. now: aware, in that person's zone; device: its type."""

    now: datetime | None = None
    device: str = ""


SOMETIME = Moment()


def personal_features(
    candidates: Candidates,
    person: Person,
    moment: Moment = SOMETIME,
    common: Mapping[str, float] | None = None,
) -> Floats:
    """(n, len(PERSONAL)) figures, in the order of `PERSONAL`; zeros for who is not known.

    common: skill -> how often everybody uses it, which counts until a person has habits.
    """
    table = np.zeros((len(candidates.skills), len(PERSONAL)), np.float32)
    if person.neutral:
        return table
    places = {skill: at for at, skill in enumerate(candidates.skills)}
    enabled = np.array(sorted({places[x] for x in person.enabled if x in places}), np.intp)
    if len(enabled):
        table[:, : len(FLAGS) + len(ATTENTION)] = _by_enabled(candidates, enabled)
    used = {x: use for x, use in person.uses.items() if x in places and use.count > 0}
    own = dict.fromkeys([*(candidates.skills[at] for at in enabled), *used])
    if used or (own and common):
        rows = _by_habit(list(own), used, moment, common or {})
        table[[places[x] for x in own], -len(HABITS) :] = rows
    return table


def _by_enabled(candidates: Candidates, enabled: Any) -> Floats:
    """(n, FLAGS + ATTENTION) of candidates, of which some are enabled."""
    scores = candidates.scores.astype(np.float64)
    top = scores.max()
    likely = scores - top - np.log(np.exp(scores - top).sum())
    flags = np.zeros((len(scores), len(FLAGS)))
    flags[enabled, 0] = 1.0
    flags[enabled, 1] = np.maximum(likely[enabled], UNLIKELY)
    among = np.exp(scores[enabled] - scores[enabled].max())
    weights = np.stack([among / among.sum(), 1 / (1 + np.exp(FITS - likely[enabled]))])
    summaries = weights @ candidates.vectors[enabled]
    return np.concatenate([flags, candidates.vectors @ summaries.T], axis=1).astype(np.float32)


def _by_habit(
    own: Sequence[str], used: Mapping[str, Use], moment: Moment, common: Mapping[str, float]
) -> Floats:
    """(own, HABITS) of a person's own skills, enabled or used."""
    uses = [used.get(skill, Use()) for skill in own]
    counts = np.array([use.count for use in uses], np.float64)
    usual = np.array([common.get(skill, 0.0) for skill in own]) + 1e-9
    usual /= usual.sum()
    shares = (counts + HABIT * usual) / (counts.sum() + HABIT)
    columns = (
        np.log(np.maximum(shares * len(own), 1e-3)),
        np.array([np.log(MONTH / _days(use, moment)) for use in uses]),
        more_often(np.array([_around(use.hours, moment.now) for use in uses]), counts),
        more_often(np.array([_on(use.devices, moment.device) for use in uses]), counts),
    )
    return np.stack(columns, axis=1).astype(np.float32)


def _days(use: Use, moment: Moment) -> float:
    """Days since the last use, counted from 1; a month where there is none that is known."""
    if use.last is None or moment.now is None:
        return MONTH
    return min(1.0 + max((moment.now - use.last).total_seconds(), 0.0) / 86400, MONTH)


def _around(hours: Mapping[int, float], now: datetime | None) -> float:
    """Uses around this hour, those at it counting most; nan where the hour is not known."""
    if now is None:
        return np.nan
    return sum(n * _kernel()[(hour - now.hour) % HOURS] for hour, n in hours.items())


@lru_cache(maxsize=1)
def _kernel() -> tuple[float, ...]:
    """How much a use counts so many hours away; 1 on the average."""
    powers = np.exp(_NEAR_HOURS * np.cos(2 * np.pi * np.arange(HOURS) / HOURS))
    return tuple((powers / powers.mean()).tolist())


def _on(devices: Mapping[str, float], device: str) -> float:
    """Uses on a device of this type; nan where the type is not known."""
    return float(devices.get(device, 0)) if device else np.nan


def more_often(here: Any, counts: Any) -> Any:
    """(own,) log of the share of a skill's uses that are here, over that of all skills' uses."""
    total = counts.sum()
    if not total or np.isnan(here).any():
        return np.zeros(len(counts))
    usual = (here.sum() + 1.0) / (total + 1.0)
    return np.log((here + HABIT * usual) / (counts + HABIT) / usual)


@dataclass(frozen=True, slots=True)
class Personal:
    """Weights of the features, in log-odds each; and of the score for anybody.

    weights: feature -> weight. flags, attention, habits: whether they count.
    """

    weights: Mapping[str, float]
    flags: bool = True
    attention: bool = True
    habits: bool = True

    def added(self, scores: Floats, features: Floats) -> Floats:
        """(n,) scores for the person: those for anybody, and what the features (n, P) add."""
        personal: Floats = scores + features @ self._counting()
        return personal

    def contributions(self, features: Floats) -> Mapping[str, float]:
        """What each feature (P,) of one candidate adds to its score; nothing else does."""
        return dict(zip(PERSONAL, (features * self._counting()).tolist(), strict=True))

    def _counting(self) -> Floats:
        off = {
            *(() if self.flags else FLAGS),
            *(() if self.attention else ATTENTION),
            *(() if self.habits else HABITS),
        }
        weights = [0.0 if name in off else self.weights.get(name, 0.0) for name in PERSONAL]
        return np.array(weights, np.float32)

    def to_json(self) -> dict[str, Any]:
        """As the bundle keeps it."""
        switches = {name: getattr(self, name) for name in ("flags", "attention", "habits")}
        return {"weights": dict(self.weights), **switches}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Personal:
        """What `to_json` gave."""
        return cls(**raw)


@lru_cache(maxsize=1)
def shipped_personal() -> Personal:
    """The weights that serve until a home has fitted its own."""
    text = files("sayso.understanding").joinpath("personal.json").read_text(encoding="utf-8")
    return Personal.from_json(json.loads(text))
