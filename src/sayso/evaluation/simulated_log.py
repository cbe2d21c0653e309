"""A log whose truth is known, to see whether off-policy estimates keep their word.

A turn has two to five readings with features; one of them, or none, is meant, by a list-wise logit
with the weights of `meant`. The serving ranker has other weights and decides as an engine does,
with exploration. Acting on what is meant is worth 1, a question that names it usually too, and
saying that one does not know, where nothing is meant, a little. `truth` reckons what a policy is
worth without drawing any reward.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from sayso.evaluation.logged import Action, Logged, Policy, action_of, logged
from sayso.routing.decide import Costs
from sayso.routing.explore import Exploration, explore
from sayso.routing.ground import Ground, settle
from sayso.routing.rank import Ranker
from sayso.types.context import Context
from sayso.types.readings import Decision, Hypothesis, Outcome

ASKED = 0.7  # worth of a question that names what is meant
SHRUG = 0.3  # worth of saying that one does not know where nothing is meant
SKILLS = 8
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class World:
    """Parameters; the defaults are those that results are given for.

    meant, serves: weights by which a reading is meant, and by which it is ranked.
    share: how often the runner-up is tried where it may be; caution: as in settings.
    """

    meant: Ranker = field(
        default_factory=lambda: Ranker({"cosine": 3.0, "accept": 1.5, "carrier": 1.0}, 0.0)
    )
    serves: Ranker = field(
        default_factory=lambda: Ranker({"cosine": 3.5, "accept": 0.5, "carrier": 1.5}, 0.0)
    )
    share: float = 0.2
    caution: float = 0.6

    @property
    def costs(self) -> Costs:
        """What a wrong action and a question cost in the eyes of the policy that serves."""
        return Costs.of_caution(self.caution)


@dataclass(frozen=True, slots=True)
class Situation:
    """What was said, as it were: readings as the serving ranker has them, and the usual decision.

    chances: (skill, intent) -> probability that this is meant; the rest is that of none.
    """

    readings: Sequence[Hypothesis]
    usual: Decision
    chances: Mapping[tuple[str, str], float]

    def worth(self, action: Action) -> float:
        """The expected reward of an action, in [0, 1]."""
        if action[0] == Outcome.ABSTAIN:
            return SHRUG * (1.0 - sum(self.chances.values()))
        pairs = zip(action[1::2], action[2::2], strict=True)
        found = sum(self.chances.get(pair, 0.0) for pair in pairs)
        return found if action[0] == Outcome.ACT else ASKED * found


def situations(world: World, count: int, seed: int) -> list[Situation]:
    """So many situations, the same for the same seed."""
    chance = np.random.default_rng(seed)
    return [_situation(world, chance) for _ in range(count)]


def _situation(world: World, chance: np.random.Generator) -> Situation:
    skills = chance.permutation(SKILLS)[: chance.integers(2, 6)]
    readings = [
        Hypothesis(
            f"skill{skill}",
            "Do",
            features={name: float(chance.normal()) for name in world.meant.weights},
        )
        for skill in skills
    ]
    meant = {(x.skill, x.intent): x.confidence for x in world.meant.rank(readings)}
    context = Context(conversation="simulated", now=_NOW)
    ranked = world.serves.rank(readings)
    return Situation(ranked, settle(ranked, (), context, world.costs, Ground()), meant)


def draw_log(
    world: World, pool: Sequence[Situation], count: int, seed: int
) -> tuple[list[Logged], list[Situation]]:
    """A log of so many turns, each in a situation drawn from the pool, and these situations."""
    chance = np.random.default_rng(seed)
    drawn = [pool[at] for at in chance.integers(0, len(pool), count)]
    rows = [
        _turn(world, situation, f"person-{number}", chance)
        for number, situation in enumerate(drawn)
    ]
    return rows, drawn


def _turn(world: World, situation: Situation, person: str, chance: np.random.Generator) -> Logged:
    context = Context(conversation="simulated", now=_NOW)
    share = Exploration(world.share)
    decision = explore(situation.usual, context, share, world.costs, float(chance.random()))
    rewarded = chance.random() < situation.worth(action_of(decision))
    row = logged(decision, float(rewarded), person)
    assert row is not None
    return row


def truth(world: World, pool: Sequence[Situation], policy: Policy) -> float:
    """What a policy is worth on average over a pool of situations; nothing is drawn."""
    return float(np.mean([_worth(world, situation, policy) for situation in pool]))


def _worth(world: World, situation: Situation, policy: Policy) -> float:
    context = Context(conversation="simulated", now=_NOW)
    # What is drawn does not matter here: the row only says what might be done.
    decision = explore(situation.usual, context, Exploration(world.share), world.costs, 1.0)
    row = logged(decision, 0.0, "")
    assert row is not None
    return sum(p * situation.worth(action) for action, p in policy(row).items())
