"""What a person wants: a skill's intent with slots, or something that no skill does."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from random import Random

from sayso.evaluation.households.manners import Manners
from sayso.evaluation.households.people import Person, Tastes
from sayso.evaluation.households.phrasings import Phrasing, Speech, fill, form
from sayso.types.readings import Decision, Hypothesis, Outcome
from sayso.types.skills import Skill
from sayso.understanding import builtin
from sayso.understanding.fold import fold


@dataclass(frozen=True, slots=True)
class Goal:
    """skill, intent: None where no skill does it; `beyond` is then what is said.

    said: slot -> the words for it; slots: slot -> the value meant, as a skill would receive it.
    """

    skill: str | None
    intent: str | None
    said: Mapping[str, str]
    slots: Mapping[str, str]
    beyond: str = ""

    @property
    def key(self) -> str:
        """The slots as a log writes them."""
        return json.dumps(dict(sorted(self.slots.items())))


class World:
    """A home's skills and all that can be said to them; shared by the people."""

    def __init__(
        self,
        speech: Speech,
        skills: Sequence[Skill],
        *,
        beyond: Sequence[str] = (),
        locale: str = "en-US",
        strict: bool = True,
    ) -> None:
        """strict: a slot that the goal has not makes a reading wrong; labels may lack some."""
        self.speech, self.locale, self.beyond = speech, locale, beyond
        self.strict = strict
        self.skills = {skill.id: skill for skill in skills}
        self._kinds: dict[tuple[str, str, str], str] = {}
        self._required: dict[tuple[str, str], frozenset[str]] = {}
        for skill in skills:
            language = skill.language(locale)
            for intent in language.intents if language else ():
                needed = (slot.name for slot in intent.slots if slot.required)
                self._required[skill.id, intent.name] = frozenset(needed)
                for slot in intent.slots:
                    self._kinds[skill.id, intent.name, slot.name] = slot.type
        self._ways: dict[tuple[str, str], list[Phrasing]] = defaultdict(list)
        for one in speech.phrasings:
            self._ways[one.skill, one.intent].append(one)
        self._fitting: dict[tuple[str, str, frozenset[str]], tuple[list[Phrasing], list[int]]] = {}

    def wish(
        self,
        person: Person,
        tastes: Tastes,
        hour: float,
        now: datetime,
        manners: Manners,
        chance: Random,
        *,
        like: Goal | None = None,
    ) -> Goal:
        """A goal of this person at this hour; like: of the same intent, with other slots."""
        if like is None and self.beyond and chance.random() < manners.beyond:
            return Goal(None, None, {}, {}, chance.choice(self.beyond))
        keys = list(person.liked)
        weights = [
            weight * self._timely(skill, hour - person.early_h)
            for (skill, _), weight in person.liked.items()
        ]
        key = chance.choices(keys, weights)[0]
        if like is not None and like.skill and like.intent:
            key = like.skill, like.intent
        ways = self._ways[key]
        phrasing = tastes.wording(ways, range(len(ways)), person, chance)
        names = sorted(phrasing.slots | self._required[key])
        known = [name for name in names if (*key, name) in self.speech.words]
        words = {name: tastes.value((*key, name), person, chance) for name in known}
        said = {name: form(word, chance) for name, word in words.items()}
        slots = {
            name: word.value
            if word.value is not None
            else self._meant((*key, name), said[name], now)
            for name, word in words.items()
        }
        return Goal(*key, said, slots)

    def ways(self, goal: Goal) -> tuple[Sequence[Phrasing], Sequence[int]]:
        """Phrasings that say the goal, what may be asked for left out or not; and their ranks."""
        assert goal.skill is not None
        assert goal.intent is not None
        key = (goal.skill, goal.intent)
        known = (*key, frozenset(goal.slots))
        if known not in self._fitting:
            required = self._required[key]
            fitting = [
                (one, rank)
                for rank, one in enumerate(self._ways[key])
                if one.slots <= known[2] and known[2] - one.slots <= required
            ]
            self._fitting[known] = [x for x, _ in fitting], [x for _, x in fitting]
        return self._fitting[known]

    def put(self, goal: Goal, phrasing: Phrasing) -> str:
        """The goal in these words."""
        return fill(phrasing, goal.said)

    def serves(self, decision: Decision, goal: Goal) -> bool:
        """Whether a decision does what is wanted, or asks a question that leads there."""
        if goal.skill is None:
            return decision.outcome is Outcome.ABSTAIN
        if decision.outcome is Outcome.ASK:
            return any(self.fits(option, goal) for option in decision.options)
        return decision.chosen is not None and self.fits(decision.chosen, goal)

    def fits(self, reading: Hypothesis, goal: Goal) -> bool:
        """Same skill, intent and slots; a required slot that is missing will be asked for."""
        if (reading.skill, reading.intent) != (goal.skill, goal.intent):
            return False
        found = {slot.name: fold(slot.normalised or slot.value) for slot in reading.slots}
        missing = set(goal.slots) - set(found)
        if missing - self._required.get((reading.skill, reading.intent), frozenset()):
            return False
        if not self.strict:
            found = {name: value for name, value in found.items() if name in goal.slots}
        return all(fold(goal.slots.get(name, "")) == value for name, value in found.items())

    def _meant(self, key: tuple[str, str, str], said: str, now: datetime) -> str:
        """The value of a built-in type, as Sayso reads it from these words alone."""
        return _valued(self._kinds[key], said, now, self.locale)

    def _timely(self, skill: str, hour: float) -> float:
        peak = self.speech.hours.get(skill)
        return 1.0 if peak is None else math.exp(math.cos(2 * math.pi * (hour - peak) / 24))


@lru_cache(maxsize=16_384)
def _valued(kind: str, said: str, now: datetime, locale: str) -> str:
    if not builtin.is_builtin(kind):
        return said
    return builtin.value(kind, said, now=now, locale=locale) or said
