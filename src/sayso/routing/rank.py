"""Readings of many skills on one scale: a list-wise logit with "none of these" among the choices.

    P(h) = exp(w . f(h)) / (exp(none) + sum over the list of exp(w . f(h')))

A score sees the others through the sum, as in list-wise reranking (Kim et al. 2018,
arXiv:1804.08064), and what is left over is the probability that no installed skill is meant.
The weights are fitted on held-out readings (`sayso.training.calibrate`); those below serve until
then, and were fitted on the example home.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sayso.types.turns import Hypothesis

FEATURES = (
    "cosine",  # of the nearest example of the intent, less 0.5
    "overlap",  # share of the words that the intent's examples hold
    "carrier",  # the same of the words outside the slots
    "probability",  # of the intent among the skill's own
    "strength",  # score of the intent less that of the skill's own examples, at most 0
    "accept",  # log-odds, at most 2, that the sentence is one for the skill rather than for none
    "denied",  # 1 if the sentence says not to do what the intent is for
    "known",  # 1 if the sentence is a sample, word for word
    "unresolved",  # number of catalogue slots whose words are no known value
    "active",  # 1 if the skill holds the conversation open
    "refused",  # log-odds, at most 0, that it loses as it turned nearly the same down before
)
DEFAULT_WEIGHTS: Mapping[str, float] = {
    "cosine": 10.7,
    "overlap": -1.9,
    "carrier": 2.6,
    "probability": 1.2,
    "strength": 0.5,
    "accept": 1.1,
    "denied": -14.0,
    "known": 4.0,
    "unresolved": -0.3,
    "active": 3.0,
    "refused": 1.0,
}
DEFAULT_NONE = 2.0


@dataclass(frozen=True, slots=True)
class Ranker:
    """Weights of the features, and the score of "none of these"."""

    weights: Mapping[str, float] = field(default_factory=lambda: DEFAULT_WEIGHTS)
    none: float = DEFAULT_NONE

    def rank(self, hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
        """The readings with score and confidence, best first; confidences sum to less than 1."""
        scores = personal(
            [self.score(hypothesis.features) for hypothesis in hypotheses], hypotheses
        )
        top = max([self.none, *scores])
        total = math.exp(self.none - top) + sum(math.exp(score - top) for score in scores)
        ranked = [
            replace(hypothesis, score=score, confidence=math.exp(score - top) / total)
            for hypothesis, score in zip(hypotheses, scores, strict=True)
        ]
        return sorted(ranked, key=lambda hypothesis: -hypothesis.score)

    def score(self, features: Mapping[str, float]) -> float:
        """Weighted sum of the features; no unit, comparable within one list."""
        return sum(weight * features.get(name, 0.0) for name, weight in self.weights.items())

    def to_json(self) -> dict[str, Any]:
        """As the bundle's manifest keeps it."""
        return {key: dict(v) if isinstance(v, Mapping) else v for key, v in asdict(self).items()}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Ranker:
        """What `to_json` gave; an empty mapping gives the defaults."""
        return cls(**raw)


def personal(scores: Sequence[float], hypotheses: Sequence[Hypothesis]) -> list[float]:
    """The scores with what is known besides the words: of the person, and of what goes on around.

    It tells which skill is meant, not whether any is: the readings together weigh against "none of
    these" as much as for anybody. Or whoever has a skill could say nothing that it does not take.
    """
    added = [sum(besides(hypothesis).values()) for hypothesis in hypotheses]
    if not any(added):
        return list(scores)
    theirs = [score + more for score, more in zip(scores, added, strict=True)]
    shift = _log_sum(theirs) - _log_sum(scores)
    return [score - shift for score in theirs]


def _log_sum(scores: Sequence[float]) -> float:
    top = max(scores)
    return top + math.log(sum(math.exp(score - top) for score in scores))


def besides(hypothesis: Hypothesis) -> Mapping[str, float]:
    """What is known besides the words and speaks for a reading, by what it is, in log-odds."""
    return {**hypothesis.personal, **hypothesis.situation}


def tipped(ranked: Sequence[Hypothesis]) -> str | None:
    """What besides the words made the first reading the first, if else another skill's were.

    Of several things the one that added most, as `besides` names it; None where there is none.
    """
    others = [other for other in ranked[1:] if other.skill != ranked[0].skill]
    if not others:
        return None
    first, second = besides(ranked[0]), besides(others[0])
    leads = {name: first.get(name, 0.0) - second.get(name, 0.0) for name in {**first, **second}}
    if sum(leads.values()) <= ranked[0].score - others[0].score:
        return None
    return max(leads, key=lambda name: leads[name], default=None)


@dataclass(frozen=True, slots=True)
class Rankers:
    """A ranker for each language: their encoders differ in what they call near.

    main: of the language that most skills speak; it serves languages that have none.
    """

    main: Ranker = field(default_factory=Ranker)
    tongues: Mapping[str, Ranker] = field(default_factory=dict)

    def of(self, locale: str) -> Ranker:
        """The ranker of a locale's language."""
        return self.tongues.get(locale.split("-")[0], self.main)

    def to_json(self) -> dict[str, Any]:
        """The main one as `Ranker.to_json`, the others under `tongues`."""
        others = {tongue: ranker.to_json() for tongue, ranker in self.tongues.items()}
        return {**self.main.to_json(), **({"tongues": others} if others else {})}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Rankers:
        """What `to_json` gave."""
        main = {name: value for name, value in raw.items() if name != "tongues"}
        others = {tongue: Ranker.from_json(one) for tongue, one in raw.get("tongues", {}).items()}
        return cls(Ranker.from_json(main), others)
