"""People ask, skills that do not fit refuse, and the log is read: simulated.

A sentence is asked by one to MOST people a round. The first skill of the shortlist gets it. One
that does not fit says so to WRONG of them and pretends to the others; one that fits refuses one in
twenty all the same, for the recogniser's fault.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import numpy as np

from benchmarks.overlapping.figures import share
from benchmarks.overlapping.worlds import LOCALE, World
from sayso.labels.refused import refused
from sayso.types.lessons import Label
from sayso.types.readings import Decision, Hypothesis, Outcome, Utterance
from sayso.types.turns import Interaction, Reply, TurnRequest
from sayso.understanding.doubt import Refused
from sayso.understanding.fold import fold
from sayso.understanding.shortlist import Examples, Index

WRONG, RIGHT = 0.7, 0.05  # share of requests refused by a skill that does not fit, and that fits
MOST, ROUNDS = 10, 3
_START = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Selector:
    """An index whose skills may know what they have turned down."""

    world: World
    index: Index

    def first(self, text: str) -> str:
        """The skill that gets a sentence."""
        return self.index.search(self.world.heard(text), 1).skills[0][0]

    def taught(self, labels: Sequence[Label]) -> Selector:
        """The same, with these counter-examples."""
        against: dict[str, list[Label]] = defaultdict(list)
        for label in labels:
            against[label.skill].append(label)
        skills = [_with(each, against[each.skill], self.world) for each in self.world.skills]
        return Selector(self.world, Index(skills, old=self.index))


def _with(each: Examples, labels: Sequence[Label], world: World) -> Examples:
    if not labels:
        return each
    texts = [label.text for label in labels]
    weights = np.array([label.weight for label in labels], np.float32)
    return replace(
        each, refused=Refused(texts, weights, np.stack([world.vectors[x] for x in texts]))
    )


def simulated(world: World, seed: int = 0) -> dict[str, Any]:
    """How often the first skill fits: sentences that were asked before, and others."""
    chance = Random(seed)
    asked = chance.sample(list(world.unseen), len(world.unseen))
    known, other = asked[: len(asked) // 2], asked[len(asked) // 2 :]
    selector = Selector(world, Index(world.skills))
    log: list[Interaction] = []
    rows = [_row(selector, known, other, 0)]
    for round_ in range(ROUNDS):
        log += _asked(selector, known, round_, chance)
        labels = refused(log)
        selector = selector.taught(labels)
        rows.append(_row(selector, known, other, len(labels)))
    return {"rounds": rows, "sentences": len(known)}


def _row(
    selector: Selector, known: Sequence[str], other: Sequence[str], labels: int
) -> dict[str, Any]:
    def right(texts: Sequence[str]) -> float:
        return share([selector.first(x) in selector.world.fits[fold(x)] for x in texts])

    return {"labels": labels, "asked_before": right(known), "never_asked": right(other)}


def _asked(
    selector: Selector, texts: Sequence[str], round_: int, chance: Random
) -> list[Interaction]:
    turns = []
    for text in texts:
        skill = selector.first(text)
        refuses = RIGHT if skill in selector.world.fits[fold(text)] else WRONG
        for person in range(chance.randint(1, MOST)):
            speech = "Sorry, I don't know that one." if chance.random() < refuses else "Here it is."
            turns.append(_turn(text, skill, speech, f"{round_}/{text}/{person}", round_))
    return turns


def _turn(text: str, skill: str, speech: str, user: str, round_: int) -> Interaction:
    chosen = Hypothesis(skill, "Request", confidence=0.9)
    decision = Decision(Outcome.ACT, chosen, hypotheses=(chosen,))
    return Interaction(
        id=user,
        at=_START + timedelta(days=round_),
        user=user,
        conversation="home",
        turn=1,
        request=TurnRequest(text),
        utterance=Utterance(text, text),
        decision=decision,
        reply=Reply(speech, decision=decision),
        locale=LOCALE,
        time_zone="UTC",
    )
