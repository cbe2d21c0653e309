"""Readings of many skills on one scale: whether any is meant, and which.

    P(any) = sum of exp(w . f(h) + a p(h)) / (exp(none + b) + the same sum)    over the list
    P(h)   = P(any) x softmax(sharpness x (v . f(h) + p(h) + what goes on around))

Both are list-wise: a score sees the others through the sum (Kim et al. 2018, arXiv:1804.08064).
`p` is what is known of the person; b is 0 and the sharpness the home's for who has enabled nothing.
`w`, `none` and the sharpness are fitted on the home's own held-out readings, which know no person
(`sayso.training.calibrate`); the `w` below serve until then, and were fitted on the example home.
`v`, `a` and `b` ship with the package: it takes many skills that are near each other, and people
who have some of them, to learn which is meant. They were fitted on other people and, three in
five, other skills than are reported (`benchmarks.reranking`), and on held-out readings of the
example home.
Three of `v` were set, as nothing that was asked shows them: denied, active, refused; `framed` was
chosen on samples of 164 real skills, filled with other skills' values, against samples held out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sayso.types.readings import Hypothesis

FEATURES = (
    "cosine",  # of the nearest example of the intent, less 0.5
    "overlap",  # share of the words that the intent's examples hold
    "carrier",  # the same of the words outside the slots
    "probability",  # of the intent among the skill's own
    "strength",  # score of the intent less that of the skill's own examples, at most 0
    "accept",  # log-odds, at most 2, that the sentence is one for the skill rather than for none
    "denied",  # 1 if the sentence says not to do what the intent is for
    "known",  # 1 if the sentence is a sample, word for word, or the skill's grammar accepts it
    "framed",  # share of it that a sample explains, which has slots for the rest
    "unresolved",  # number of catalogue slots whose words are no known value
    "active",  # 1 if the skill holds the conversation open
    "refused",  # log-odds, at most 0, that it loses as it turned nearly the same down before
    "selection",  # the shortlist's score of the skill for anybody, in log-odds
    "size",  # logarithm of the number of the skill's examples: of many, one is near by chance
    "matched",  # number of slots whose words are a known value
    "doubt",  # 1 less the confidence of the least certain slot, 0 without slots
    "taken",  # share of the sentence's letters that slots have taken
    "free",  # the same of slots that take any words
)
DEFAULT_WEIGHTS: Mapping[str, float] = {
    **dict.fromkeys(FEATURES, 0.0),
    "cosine": 10.7,
    "overlap": -1.9,
    "carrier": 2.6,
    "probability": 1.2,
    "strength": 0.5,
    "accept": 1.1,
    "denied": -14.0,
    "known": 4.0,
    "framed": 3.0,
    "unresolved": -0.3,
    "active": 3.0,
    "refused": 1.0,
}
DEFAULT_NONE = 2.0
WHICH: Mapping[str, float] = {
    "cosine": 4.42,
    "overlap": -3.25,  # what it has in common with the others; the selection counts words, too
    "carrier": 3.36,
    "probability": 1.09,
    "strength": 0.63,
    "accept": 1.25,
    "denied": -14.0,
    "known": 0.48,  # the selection counts the very sentence, too
    "framed": 4.0,
    "unresolved": 0.51,
    "active": 5.0,
    "refused": 1.0,
    "selection": 0.3,
    "size": -1.14,
    "matched": 1.47,
    "doubt": -2.54,
    "taken": 1.03,
    "free": -3.71,
}
# Whoever has a skill enabled more likely means one of those that they have, and less likely
# anything else: so much of what is known of the person counts against "none of these", which
# counts so much more for that person.
PERSON_SHARE, PERSON_NONE = 0.5, 1.5
ENABLING = ("enabled", "attention", "attended")  # known of who has enabled anything


@dataclass(frozen=True, slots=True)
class Ranker:
    """Weights of the features, and the score of "none of these".

    weights, none: whether any reading is meant. which: weights that say which one is, None for the
    same; sharpness: how much their differences count at home.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: DEFAULT_WEIGHTS)
    none: float = DEFAULT_NONE
    which: Mapping[str, float] | None = None
    sharpness: float = 1.0

    def rank(self, hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
        """The readings with score and confidence, best first; confidences sum to less than 1."""
        if not hypotheses:
            return []
        scores = [self.score(x.features) + sum(besides(x).values()) for x in hypotheses]
        some = self.some(hypotheses)
        top = max(scores)
        sharpness = 1.0 if told(hypotheses) else self.sharpness
        shares = [math.exp(sharpness * (score - top)) for score in scores]
        ranked = [
            replace(hypothesis, score=score, confidence=some * share / sum(shares))
            for hypothesis, score, share in zip(hypotheses, scores, shares, strict=True)
        ]
        return sorted(ranked, key=lambda hypothesis: -hypothesis.score)

    def score(self, features: Mapping[str, float]) -> float:
        """Weighted sum of the features, for which of the readings; comparable within one list."""
        return _weighed(self.ordering, features)

    @property
    def ordering(self) -> Mapping[str, float]:
        """The weights that say which reading is meant."""
        return self.weights if self.which is None else self.which

    def some(self, readings: Sequence[Hypothesis]) -> float:
        """Probability that one of these readings is meant.

        What goes on around does not count, and what is known of the person counts in part and
        against a higher bar: or whoever has a skill could say nothing that it does not take.
        """
        scores = [
            _weighed(self.weights, x.features) + PERSON_SHARE * sum(x.personal.values())
            for x in readings
        ]
        none = self.none + PERSON_NONE * told(readings)
        top = max([none, *scores])
        total = sum(math.exp(score - top) for score in scores)
        return total / (math.exp(none - top) + total)

    def to_json(self) -> dict[str, Any]:
        """As the bundle's manifest keeps it."""
        return {key: dict(v) if isinstance(v, Mapping) else v for key, v in asdict(self).items()}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Ranker:
        """What `to_json` gave; what is missing, as in an older bundle, is the shipped one's."""
        return cls(**{"which": WHICH, **raw})


def shipped() -> Ranker:
    """The ranker of a home that was never calibrated."""
    return Ranker(which=WHICH)


def _weighed(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    return sum(weight * features.get(name, 0.0) for name, weight in weights.items())


def told(readings: Sequence[Hypothesis]) -> bool:
    """Whether it is known what the person has enabled."""
    return any(reading.personal.get(name) for reading in readings for name in ENABLING)


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

    main: Ranker = field(default_factory=shipped)
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
