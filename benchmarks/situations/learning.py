"""Training scenarios: sentences that fit several skills, in situations that speak for one of them.

Situations are tendencies, not laws: the skill that one speaks for is meant HOLDS of the time. There
are also sentences that mean one skill whatever goes on, and situations that mean nothing. Chance
decides what else is going on; the seed is fixed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from benchmarks.situations.world import NOW, Situation, context_of
from sayso.runtime.engine import Engine
from sayso.training.situating import SituatedRequest
from sayso.types.context import Context
from sayso.understanding.heard import encoder_of, hear
from sayso.understanding.interpret import interpret
from sayso.understanding.situation import Reading, look_around, relations

HOLDS = 0.85  # of the time the skill is meant that a situation speaks for; assumed, not measured
BESIDES = 3  # other skills that compete
NOISE = 0.5  # share of the situations in which something goes on that has to do with nobody


@dataclass(frozen=True, slots=True)
class Scenario:
    """A sentence in a situation. shares: skill -> how often it is meant; among: who competes."""

    say: str
    situation: Situation
    shares: Mapping[str, float]
    among: Sequence[str]


def scenarios(world: Mapping[str, Any], seed: int = 0) -> list[Scenario]:
    """All scenarios of the file."""
    chance = np.random.default_rng(seed)
    found = [*_unclear(world), *_clear(world), *_unmoved(world), *_habits(world, chance)]
    return [_with_noise(one, world, chance) for one in found]


def _unclear(world: Mapping[str, Any]) -> Iterator[Scenario]:
    for one in world["unclear"]:
        for skill in one["means"]:
            told = [*world["around"].get(skill, ()), *_from_skill(skill, world)]
            for situation in told:
                yield Scenario(one["say"], situation, _mostly(skill, one["means"]), one["means"])


def _from_skill(skill: str, world: Mapping[str, Any]) -> Iterator[Situation]:
    """The skill has rung, or was used."""
    if skill in world["ring"]:
        yield {"happened": [{"skill": skill}]}
    if skill in world["used"]:
        for minutes in (1, 8):
            at = NOW - timedelta(minutes=minutes)
            yield {"happened": [{"skill": skill, "used": True, "at": at}]}


def _mostly(skill: str, means: Sequence[str]) -> dict[str, float]:
    others = (1 - HOLDS) / (len(means) - 1)
    return {each: HOLDS if each == skill else others for each in means}


def _clear(world: Mapping[str, Any]) -> Iterator[Scenario]:
    """What goes on speaks for a rival, and the sentence for the skill."""
    for one in world["clear"]:
        rivals = {
            x for each in world["unclear"] if one["skill"] in each["means"] for x in each["means"]
        }
        for rival in sorted(rivals - {one["skill"]}):
            for situation in [*world["around"].get(rival, ()), *_from_skill(rival, world)]:
                yield Scenario(one["say"], situation, {one["skill"]: 1.0}, [one["skill"], rival])


def _unmoved(world: Mapping[str, Any]) -> Iterator[Scenario]:
    """What goes on has to do with nobody."""
    for one in world["unclear"]:
        even = dict.fromkeys(one["means"], 1 / len(one["means"]))
        for situation in world["nothing"]:
            yield Scenario(one["say"], situation, even, one["means"])


def _habits(world: Mapping[str, Any], chance: np.random.Generator) -> Iterator[Scenario]:
    """A skill that a person uses after a certain thing, just after it, and after another one."""
    for one in world["unclear"]:
        for skill in set(one["means"]) & set(world["habits"]):
            before, other = chance.choice(world["before"], 2, replace=False).tolist()
            uses = {
                each: [int(chance.integers(5, 30)), 0, before] for each in [*one["means"], "radio"]
            }
            count = uses[skill][0]
            uses[skill] = [count, int(count * chance.uniform(0.5, 1.0)), before]
            told = {"uses": uses, "happened": [_told(before, world)]}
            yield Scenario(one["say"], told, _mostly(skill, one["means"]), one["means"])
            even = dict.fromkeys(one["means"], 1 / len(one["means"]))
            yield Scenario(
                one["say"], told | {"happened": [_told(other, world)]}, even, one["means"]
            )


def _told(name: str, world: Mapping[str, Any]) -> dict[str, str]:
    return {"skill": name} if name in world["skills"] else {"text": name}


def _with_noise(one: Scenario, world: Mapping[str, Any], chance: np.random.Generator) -> Scenario:
    """The same among some other skills, perhaps with something that has to do with nobody."""
    others = sorted(set(world["skills"]) - set(one.among))
    more = chance.choice(others, BESIDES, replace=False).tolist()
    situation = dict(one.situation)
    if chance.random() < NOISE:
        extra = world["nothing"][chance.integers(len(world["nothing"]))]
        state = {**extra.get("state", {}), **situation.get("state", {})}
        situation = {**extra, **situation} | ({"state": state} if state else {})
    return Scenario(one.say, situation, one.shares, [*one.among, *more])


def requests(engine: Engine, one: Scenario) -> Iterator[SituatedRequest]:
    """The scenario as the weights learn from it: one request for each skill that is meant."""
    context = context_of(one.situation)
    encoder = encoder_of(engine.encoder, context.locale)
    view, heard = engine.view(context.locale), hear(one.say, encoder)
    shortlist = view.index.search(heard, len(one.among), among=frozenset(one.among))
    plain = Context("c", NOW, locale=context.locale)
    found = interpret(heard, shortlist, view, plain)
    scores = [engine.rankers.of(context.locale).score(each.features) for each in found]
    readings = [
        Reading(view.installed[each.skill], each.intent, shortlist.evidence[each.skill])
        for each in found
    ]
    related = relations(look_around(context, encoder), readings, context)
    for skill, share in one.shares.items():
        own = [at for at, each in enumerate(found) if each.skill == skill]
        if own and related is not None:
            right = max(own, key=lambda at: scores[at])
            yield SituatedRequest(np.array(scores), related, right, share)
