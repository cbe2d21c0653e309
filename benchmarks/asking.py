"""Who asks for what: requests of people with skills of their own, as the selector sees them.

ten         somebody with ten skills, the right one among them or not; the others at random, or
            of its topic; no habits
simulated   what the people of `sayso.evaluation.people` ask for, with all that they did before;
            one who asks for a skill without a phrase to ask by adds to the habits only
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.exact import Places, Store
from sayso.evaluation.people import Population, Request, requests
from sayso.types.people import Person, Use
from sayso.understanding.fusion import EXAMPLE, Floats
from sayso.understanding.personal import Candidates, Moment, personal_features

NEAREST = 100  # candidates for anybody; a person's skills come to them
TEN = 10
DROPPED = 0.15  # share of flags that are left out where people are learnt from
EVERYBODY = Population()
_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Heard:
    """A request as it reaches the personal score.

    right: place of what is asked for among the candidates, -1 if it was not found.
    own: whether that person has it enabled; before: what that person asked for before, in all.
    """

    person: str
    scores: Floats
    features: Floats
    right: int
    own: bool
    before: int = 0


@dataclass(slots=True)
class Past:
    """What one person did so far."""

    last: dict[str, datetime] = field(default_factory=dict)
    hours: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    devices: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, request: Request) -> None:
        """Remember a request."""
        self.last[request.skill] = time_of(request)
        self.hours[request.skill][request.hour] += 1
        self.devices[request.skill][request.device] += 1

    def uses(self) -> dict[str, Use]:
        """As the store keeps them."""
        return {
            skill: Use(self.hours[skill].total(), last, self.hours[skill], self.devices[skill])
            for skill, last in self.last.items()
        }


def time_of(request: Request) -> datetime:
    """The hour at which a simulated person spoke."""
    return _START + timedelta(days=request.day, hours=request.hour)


class Listener:
    """Puts requests into figures: by the scores of every phrase that is asked, (asked, skills)."""

    def __init__(self, store: Store, scores: Floats, part: int, *, first_turn: bool = False):
        self.store, self.scores, self.part = store, scores, part
        self.places = {skill: at for at, skill in enumerate(store.skills)}
        self.phrases: dict[int, list[int]] = defaultdict(list)
        for number, asked in enumerate(store.asked):
            if store.part(asked.skill) == part and (asked.turn == 0 or not first_turn):
                self.phrases[asked.skill].append(number)

    def hear(self, phrase: int, person: Person, moment: Moment, name: str) -> Heard:
        """One phrase said by a person."""
        store, scores = self.store, self.scores[phrase]
        own = [self.places[x] for x in (*person.enabled, *person.uses)]
        found = np.union1d(np.argpartition(-scores, NEAREST)[:NEAREST], own).astype(np.intp)
        candidates = Candidates(
            [store.skills[at] for at in found], scores[found], store.means[found]
        )
        right = store.asked[phrase].skill
        place = int(np.searchsorted(found, right))
        hit = place < len(found) and found[place] == right
        return Heard(
            name,
            scores[found],
            personal_features(candidates, person, moment),
            place if hit else -1,
            store.skills[right] in person.enabled,
            round(sum(float(use.count) for use in person.uses.values())),
        )

    def ten(
        self, *, alike: bool, own: bool, with_examples: bool = False, seed: int = 0
    ) -> Iterator[Heard]:
        """Each phrase, said by somebody with ten skills, the right one among them if `own`.

        alike: all are of the right one's topic; with_examples: all have examples, as it has.
        """
        chance = np.random.default_rng(seed)
        fair = self._with_examples() if with_examples else np.arange(len(self.store.skills))
        for right, phrases in self.phrases.items():
            same = fair[self.store.topics[fair] == self.store.topics[right]] if alike else fair
            others = same[same != right]
            for phrase in phrases:
                drawn = chance.choice(others, min(TEN - own, len(others)), replace=False)
                enabled = [self.store.skills[at] for at in (*drawn, *([right] if own else ()))]
                yield self.hear(phrase, Person(enabled), Moment(), f"{phrase}")

    def _with_examples(self) -> Places:
        """Skills that have an example left in the first turn."""
        store = self.store
        return np.unique(store.owners[(store.kinds == EXAMPLE) & ~store.gone[0]])

    def simulated(
        self,
        skills: Sequence[int],
        *,
        people: int,
        each: int,
        seed: int,
        population: Population = EVERYBODY,
        dropped: float = 0.0,
        unknown: float = 0.0,
    ) -> Iterator[Heard]:
        """What people ask for among these skills, person after person.

        dropped: share of flags that are left out; unknown: of requests, those without the habits.
        """
        store, chance = self.store, np.random.default_rng(seed)
        topics = {store.skills[at]: str(store.topics[at]) for at in skills}
        known: Mapping[str, float] = {store.skills[at]: store.reviews[at] for at in skills}
        past, who = Past(), ""
        for request in requests(
            topics, known, people=people, each=each, seed=seed, population=population
        ):
            if request.person != who:
                past, who = Past(), request.person
            phrases = self.phrases.get(self.places[request.skill])
            if phrases:
                enabled = [x for x in sorted(request.enabled) if chance.random() >= dropped]
                moment = Moment(time_of(request), request.device)
                uses = past.uses() if chance.random() >= unknown else {}
                phrase = int(chance.choice(phrases))
                yield self.hear(phrase, Person(enabled, uses), moment, f"{seed} {who}")
            past.add(request)
