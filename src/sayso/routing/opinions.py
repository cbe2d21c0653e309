"""What the skills themselves think of a request (CanFulfillIntentRequest), as evidence.

    P(reading | opinions)  ~  P(reading) x LR(its skill's opinion)

over the readings and "none of these", which nobody has an opinion of: a no takes confidence away
and gives it to nobody in particular. Skills say yes more lightly than no, hence the ratios. They
are set, not fitted: no log has opinions in it so far.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sayso.routing.decide import LEAST
from sayso.types.calls import Opinion
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome

LOG_RATIO: Mapping[Opinion, float] = {Opinion.YES: 1.1, Opinion.MAYBE: 0.0, Opinion.NO: -3.0}
CLAUSE: Mapping[Opinion, str] = {
    Opinion.YES: "opinion: {skill} says that it can do this",
    Opinion.MAYBE: "opinion: {skill} says that it might do this",
    Opinion.NO: "opinion: {skill} says that it cannot do this",
}
MOST = 4  # skills that are asked
Key = tuple[str, str]  # of a reading: skill, intent


def contenders(decision: Decision) -> Sequence[Hypothesis]:
    """The readings that skills are asked about: each skill's best, where several are likely.

    None where the request names a skill, answers a question or leaves no doubt.
    """
    if decision.basis not in (Basis.WORDS, Basis.TRIAL) or not decision.hypotheses:
        return ()
    best: dict[str, Hypothesis] = {}
    for reading in decision.hypotheses:
        if reading.confidence >= LEAST:
            best.setdefault(reading.skill, reading)
    settled = decision.outcome is Outcome.ACT and len(best) < 2
    return () if settled else tuple(best.values())[:MOST]


def weighed(readings: Sequence[Hypothesis], opinions: Mapping[Key, Opinion]) -> list[Hypothesis]:
    """The readings, best first, after what their skills think of them."""
    logs = [LOG_RATIO[opinions.get((x.skill, x.intent), Opinion.MAYBE)] for x in readings]
    none = max(0.0, 1.0 - sum(reading.confidence for reading in readings))
    shares = [x.confidence * math.exp(log) for x, log in zip(readings, logs, strict=True)]
    total = (none + sum(shares)) or 1.0
    told = [
        _told(reading, opinions.get((reading.skill, reading.intent)), share / total)
        for reading, share in zip(readings, shares, strict=True)
    ]
    return sorted(told, key=lambda reading: -reading.confidence)


def _told(reading: Hypothesis, opinion: Opinion | None, confidence: float) -> Hypothesis:
    if opinion is None:
        return replace(reading, confidence=confidence)
    log = LOG_RATIO[opinion]
    situation = {**reading.situation, CLAUSE[opinion].format(skill=reading.skill): log}
    return replace(reading, confidence=confidence, score=reading.score + log, situation=situation)
