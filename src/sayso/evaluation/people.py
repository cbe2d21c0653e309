"""Simulated people: which skills they have enabled, and what they ask for, when and on what.

No public log says what people have enabled, so a selector that knows the person is measured on
these. `Population` fixes every parameter; it was written before anything was tuned on it.

    a person      likes a few topics (Dirichlet), has 5 to 30 skills (log-uniform), nine tenths of
                  them of these topics, the better known ones rather (reviews, square root); uses a
                  few of them much (Zipf); owns one to three kinds of device; is up at other hours
                  than the next one
    a topic       has an hour at which it is asked for, and devices that suit it better
    a request     draws the hour, the device, then the skill: habit x hour x device. Every tenth is
                  for a skill that the person has not enabled, of a topic that they like; three of
                  ten such skills are enabled from then on

A request says what was enabled before it: what a person enables in order to ask must not give the
answer away (the leak of Kim et al. 2018, arXiv:1804.08065).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HOURS = 24
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Population:
    """Parameters of the people; the defaults are those that results are given for.

    fewest, most: skills that a person has enabled at first.
    liking: concentration of the Dirichlet over topics, for all topics together: the smaller, the
        fewer topics a person likes.
    off_topic: share of enabled skills of any topic.
    habit: exponent of the Zipf law over a person's skills.
    punctual: how much more often a topic is asked for at its hour (von Mises concentration).
    suited: how much the devices differ in what they suit (standard deviation of the log share).
    explores: share of requests for a skill that is not enabled; keeps: of these skills, those that
        are enabled from then on.
    """

    fewest: int = 5
    most: int = 30
    liking: float = 3.0
    off_topic: float = 0.1
    habit: float = 1.0
    punctual: float = 1.0
    suited: float = 0.7
    explores: float = 0.1
    keeps: float = 0.3
    devices: Sequence[str] = ("speaker", "screen", "phone", "car")


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for. day: from 0; hour: of the day; enabled: before this request."""

    person: str
    day: int
    hour: int
    device: str
    skill: str
    enabled: frozenset[str]


def requests(
    topics: Mapping[str, str],
    known: Mapping[str, float],
    *,
    people: int,
    each: int,
    seed: int,
    population: Population = Population(),
) -> Iterator[Request]:
    """What so many people ask for, `each` times each, person after person, in order of time.

    topics: skill -> its topic; known: skill -> how well known it is (reviews), 0 if it is missing.
    Raises ValueError if there are fewer skills than a person has.
    """
    if len(topics) < population.most:
        raise ValueError(f"{len(topics)} skills are too few; people have up to {population.most}")
    world = _World(topics, known, np.random.default_rng(seed), population)
    for number in range(people):
        yield from _asked(f"person-{number}", world, each)


class _World:
    """What all people share: skills by topic, and when and on what a topic is asked for."""

    def __init__(
        self,
        topics: Mapping[str, str],
        known: Mapping[str, float],
        chance: np.random.Generator,
        population: Population,
    ) -> None:
        self.chance, self.population = chance, population
        self.skills = sorted(topics)
        names = sorted(set(topics.values()))
        places = {name: at for at, name in enumerate(names)}
        self.topic = np.array([places[topics[skill]] for skill in self.skills])
        self.weight = np.array([np.sqrt(1.0 + known.get(skill, 0.0)) for skill in self.skills])
        self.peak = chance.uniform(0, HOURS, len(names))
        spread = chance.normal(0, population.suited, (len(names), len(population.devices)))
        self.suits = np.exp(spread)

    def liked(self, likes: Floats) -> Floats:
        """(skills,) chance of each skill to be thought of by someone with these likes of topics."""
        of_topic = np.bincount(self.topic, self.weight)
        chances: Floats = likes[self.topic] * self.weight / of_topic[self.topic]
        chances /= chances.sum()
        return chances


def _asked(person: str, world: _World, each: int) -> Iterator[Request]:
    chance, population = world.chance, world.population
    count = len(world.peak)
    likes = chance.dirichlet(np.full(count, population.liking / count))
    thought_of = world.liked(likes)
    enabled = _enabled(world, thought_of)
    habits = list(1.0 / np.arange(1, len(enabled) + 1) ** population.habit)
    shift = chance.normal(0, 2)
    owned = chance.permutation(len(population.devices))[: chance.integers(1, 4)]
    shares = chance.dirichlet(np.ones(len(owned)))
    times = np.sort(chance.choice(_waking(shift), size=each) + HOURS * chance.integers(0, 30, each))
    for time in times:
        hour = int(time % HOURS)
        device = int(chance.choice(owned, p=shares))
        before = frozenset(world.skills[at] for at in enabled)
        if len(enabled) < len(world.skills) and chance.random() < population.explores:
            skill = _fresh(world, thought_of, enabled)
            if chance.random() < population.keeps:
                enabled.append(skill)
                habits.append(float(np.median(habits)))
        else:
            topics = world.topic[enabled]
            angle = 2 * np.pi * (hour - world.peak[topics] - shift) / HOURS
            timely = np.exp(population.punctual * np.cos(angle))
            weights = np.array(habits) * timely * world.suits[topics, device]
            skill = enabled[int(chance.choice(len(enabled), p=weights / weights.sum()))]
        name = population.devices[device]
        yield Request(person, int(time // HOURS), hour, name, world.skills[skill], before)


def _enabled(world: _World, thought_of: Floats) -> list[int]:
    """The skills that a person has at first, the one used most in front."""
    chance, population = world.chance, world.population
    low, high = np.log(population.fewest), np.log(population.most + 1)
    wanted = int(np.exp(chance.uniform(low, high)))
    enabled: dict[int, None] = {}
    while len(enabled) < wanted:
        any_topic = chance.random() < population.off_topic
        skill = chance.choice(len(world.skills), p=None if any_topic else thought_of)
        if int(skill) in enabled and not any_topic:  # a topic that is liked may be used up
            skill = chance.choice(len(world.skills))
        enabled[int(skill)] = None
    return [int(at) for at in chance.permutation(list(enabled))]


def _fresh(world: _World, thought_of: Floats, enabled: Sequence[int]) -> int:
    """A skill that is not enabled, of a topic that is liked where there is one left."""
    left = thought_of.copy()
    left[list(enabled)] = 0.0
    if not left.sum():
        left[:] = 1.0
        left[list(enabled)] = 0.0
    return int(world.chance.choice(len(left), p=left / left.sum()))


def _waking(shift: float) -> NDArray[np.int64]:
    """Hours at which someone speaks, the likely ones several times: morning and evening."""
    hours = np.arange(HOURS)
    lively = 1.5 * np.exp(np.cos(2 * np.pi * (hours - 8 - shift) / HOURS) * 2) + 2 * np.exp(
        np.cos(2 * np.pi * (hours - 19 - shift) / HOURS) * 2
    )
    return np.repeat(hours, np.rint(10 * lively / lively.max()).astype(int))
