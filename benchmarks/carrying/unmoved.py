"""Full requests after another one: whether what was said before changes how they are read.

Each pair of requests is two of the labels that the skills of the example home are trained on, half
of the pairs of one skill. The second says all that it wants, so nothing should be read otherwise
than it is out of the blue, but for what a skill goes on from (find, then book) or words point to.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sayso.runtime.engine import Engine
from sayso.runtime.explain import said_before
from sayso.skills.labels import labels
from sayso.types.context import Context
from sayso.types.readings import Decision

HERE = Context("here", datetime(2026, 11, 20, 17, 40, tzinfo=UTC), user="ana", turn=1)


@dataclass(frozen=True, slots=True)
class Pair:
    """A request after another, as it is read alone and as it is read then."""

    before: str
    text: str
    alone: Decision
    then: Decision

    @property
    def is_moved(self) -> bool:
        """Whether something else is done."""
        return _done(self.alone) != _done(self.then)

    @property
    def is_moved_elsewhere(self) -> bool:
        """Whether it goes to another intent, or no longer to one."""
        return _done(self.alone)[:3] != _done(self.then)[:3]


def pairs(engine: Engine, count: int, seed: int = 0) -> Iterator[Pair]:
    """So many pairs whose first request has left something to carry."""
    chance = random.Random(seed)
    said = {
        skill.id: [each.text for each in labels(skill, "en-US", per_sample=1)]
        for skill in engine.skills.values()
    }
    skills: Sequence[str] = sorted(said)
    while count > 0:
        first = chance.choice(skills)
        second = first if chance.random() < 0.5 else chance.choice(skills)
        before, text = chance.choice(said[first]), chance.choice(said[second])
        context = said_before(engine, [before], HERE)
        if context.awaiting is not None or not context.spoken:
            continue
        count -= 1
        blank = replace(context, spoken=(), done=None)
        yield Pair(before, text, engine.decide(text, blank), engine.decide(text, context))


def counted(found: Sequence[Pair]) -> dict[str, int]:
    """How many pairs there are, and how many of them are read otherwise."""
    return {
        "pairs": len(found),
        "moved": sum(x.is_moved for x in found),
        "moved_elsewhere": sum(x.is_moved_elsewhere for x in found),
    }


def _done(decision: Decision) -> tuple[object, ...]:
    chosen = decision.chosen
    if chosen is None:
        return decision.outcome, None, None, ()
    values = tuple((x.name, x.normalised or x.value) for x in chosen.slots)
    return decision.outcome, chosen.skill, chosen.intent, values
