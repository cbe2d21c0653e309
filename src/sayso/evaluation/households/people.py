"""Who lives where: households, their members and devices, and what each member likes."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from sayso.evaluation.households.manners import DEVICES, ROOMS, SIZES, Manners
from sayso.evaluation.households.mishearing import Voice
from sayso.evaluation.households.phrasings import Phrasing, Speech, Word
from sayso.types.context import Device

_SHARED = frozenset({"light", "zone", "door"})  # slots that a household likes alike


@dataclass(slots=True)
class Person:
    """A member of a household, with what they have learnt about talking to it.

    account: who the log says it is; several people may share one. liked: (skill, intent) -> weight.
    patience, barges: factors on everybody's. mood: changes when tastes change.
    worked: phrasing -> factor, from how it went before.
    """

    number: int
    household: int
    account: str
    devices: Sequence[Device]
    voice: Voice
    liked: Mapping[tuple[str, str], float]
    patience: float
    barges: float
    busy: float
    early_h: float
    mood: int = 0
    worked: dict[Phrasing, float] = field(default_factory=dict)

    def remember(self, phrasing: Phrasing, *, right: bool, manners: Manners) -> None:
        """People say again what worked, and avoid what did not."""
        factor = self.worked.get(phrasing, 1.0) * (manners.minds if right else manners.shuns)
        self.worked[phrasing] = min(max(factor, 0.05), 8.0)


def people_of(speech: Speech, count: int, seed: int, manners: Manners) -> list[Person]:
    """So many people, household after household; the same for the same seed."""
    made: list[Person] = []
    household = 0
    while len(made) < count:
        chance = Random(f"{seed}/household/{household}")
        size = chance.choices(list(SIZES), list(SIZES.values()))[0]
        size = min(size, count - len(made))
        devices = _devices(household, chance)
        for _ in range(size):
            made.append(_person(len(made), household, devices, speech, chance, manners))
        household += 1
    return made


def _devices(household: int, chance: Random) -> Sequence[Device]:
    kinds = chance.sample(DEVICES, chance.randint(1, 3))
    return tuple(
        Device(f"{kind}-{household}-{at}", kind, place=chance.choice(ROOMS) if at else "")
        for at, kind in enumerate(kinds)
    )


def _person(
    number: int,
    household: int,
    devices: Sequence[Device],
    speech: Speech,
    chance: Random,
    manners: Manners,
) -> Person:
    own = chance.random() < manners.own_account
    skills = sorted({skill for skill, _ in speech.often})
    used = dict.fromkeys(
        chance.sample(skills, min(len(skills), chance.randint(*manners.skills))), 1.0
    )
    return Person(
        number=number,
        household=household,
        account=f"person-{number}" if own else f"household-{household}",
        devices=devices,
        voice=Voice(number, math.exp(chance.gauss(0, manners.ears.clarity))),
        liked={
            key: often * math.exp(chance.gauss(0, manners.keen))
            for key, often in speech.often.items()
            if key[0] in used
        },
        patience=math.exp(chance.gauss(0, 0.25)),
        barges=math.exp(chance.gauss(0, 0.5)),
        busy=manners.requests * math.exp(chance.gauss(-(manners.busy**2) / 2, manners.busy)),
        early_h=chance.gauss(0, 1.5),
    )


class Tastes:
    """How much each person likes each value of a slot, and each way to put a request."""

    def __init__(self, speech: Speech, seed: int, manners: Manners) -> None:
        self.speech, self.seed, self.manners = speech, seed, manners
        self._values: dict[Hashable, list[float]] = {}
        self._wordings: dict[Hashable, list[float]] = {}

    def value(self, key: tuple[str, str, str], person: Person, chance: Random) -> Word:
        """A value of a slot, drawn by this person's taste."""
        words = self.speech.words[key]
        skill, _, slot = key
        whose = ("home", person.household) if slot in _SHARED else ("person", person.number)
        known = (skill, slot, len(words), whose, person.mood)
        if known not in self._values:
            draw = Random(f"{self.seed}/{skill}/{slot}/{whose}")
            later = Random(f"{self.seed}/{skill}/{slot}/{whose}/{person.mood}")
            fame, taste = self.manners.fame, self.manners.taste
            weights = []
            for at in range(len(words)):
                liking, fickle, now = draw.gauss(0, taste), draw.random(), later.gauss(0, taste)
                liking = now if person.mood and fickle < 0.3 else liking
                weights.append((at + 1) ** -fame * math.exp(liking))
            self._values[known] = weights
        return chance.choices(words, self._values[known])[0]

    def wording(
        self,
        choices: Sequence[Phrasing],
        ranks: Sequence[int],
        person: Person,
        chance: Random,
        *,
        without: Collection[Phrasing] = (),
    ) -> Phrasing:
        """One of the phrasings, as popular as their ranks say, and as this person likes them.

        without: those just tried in vain; one of them all the same where there is no other.
        """
        known = (choices[0], choices[-1], len(choices), person.number)
        if known not in self._wordings:
            draw = Random(f"{self.seed}/{person.number}/{choices[0].text}")
            spread, zipf = self.manners.own_wording, self.manners.wording
            self._wordings[known] = [
                (rank + 1) ** -zipf * math.exp(draw.gauss(0, spread)) for rank in ranks
            ]
        weights = [
            weight * person.worked.get(one, 1.0) * (1e-9 if one in without else 1.0)
            for one, weight in zip(choices, self._wordings[known], strict=True)
        ]
        return chance.choices(choices, weights)[0]
