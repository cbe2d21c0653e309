"""Shortlisted skills -> the readings that may win, before it is known what their slots hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log1p

from sayso.types.context import Context
from sayso.understanding import familiarity
from sayso.understanding.contract import Heard
from sayso.understanding.grammars import Accepted
from sayso.understanding.installed import Installed
from sayso.understanding.shortlist import NO_MATCH, Evidence, Examples, Match, Shortlist
from sayso.understanding.situation import Around, Reading, relations, shipped_situational
from sayso.understanding.view import View

READINGS = 3  # intents of each skill that are looked at
CONTENDERS = 8  # readings whose slots are looked for, which costs most of the time
BEHIND = 6.0  # log-odds of `_promise` behind the best: too far to be looked at further


@dataclass(frozen=True, slots=True)
class Breadth:
    """How many readings are looked at: of each skill, in all, and how far behind the best."""

    readings: int = READINGS
    contenders: int = CONTENDERS
    behind: float = BEHIND


USUAL = Breadth()
ACTIVE = 10.0  # the same, for the skill that holds the conversation open
# What can be known of a reading without its slots, as `routing.rank` weighs all of it; fitted on
# the same requests (`benchmarks.reranking`).
PROMISE: Mapping[str, float] = {
    "cosine": 2.54,
    "overlap": 0.13,
    "probability": 1.31,
    "strength": 0.76,
    "accept": 1.36,
    "behind": -0.35,
    "size": -1.02,
}
# How much what is known of the person counts between readings, beside what it does where a skill
# is sought among all. Having a skill says more, as words no longer tell how rare it is; how lately
# it was used says nothing more.
SHARES: Mapping[str, float] = {
    "enabled": 2.53,
    "attention": 1.0,
    "attended": 0.65,
    "uses": 2.72,
    "hour": 0.55,
}


@dataclass(frozen=True, slots=True)
class Addressed:
    """A skill that is read, and what speaks for it.

    selection: its score by words alone, in log-odds; behind: that of the best, less this.
    personal: what is known of the person and speaks for the skill, in log-odds.
    refused: log-odds that it loses as it has turned nearly the same down before, at most 0.
    """

    held: Installed
    evidence: Evidence
    selection: float
    behind: float
    personal: Mapping[str, float]
    refused: float


@dataclass(frozen=True, slots=True)
class Likely:
    """An intent of a skill that may be meant.

    probability: calibrated, among the skill's own.
    strength: score of the intent beside what the skill's examples have, at most 0. A probability
        does not tell it: of a sentence far from all intents, one may still be the likeliest by far.
    accepted: how the skill's own grammar has it; None where that does not, or there is none.
    """

    addressed: Addressed
    intent: str
    probability: float
    strength: float
    accepted: Accepted | None = None


@dataclass(frozen=True, slots=True)
class Contender:
    """An intent of a skill before its slots are known.

    examples, members: what the intent's examples are among; evidence: what speaks for these.
    accept: log-odds that the sentence is one for this skill at all.
    situation: what goes on around and speaks for the reading, in log-odds.
    """

    likely: Likely
    accept: float
    evidence: Evidence
    examples: Examples
    members: Sequence[int]
    match: Match
    situation: Mapping[str, float]

    @property
    def held(self) -> Installed:
        """The skill itself."""
        return self.likely.addressed.held

    @property
    def intent(self) -> str:
        """The intent's name."""
        return self.likely.intent

    @property
    def size(self) -> float:
        """Logarithm of the number of the skill's examples: of many, one is near by chance."""
        return log1p(len(self.held.examples.texts))

    @property
    def nearest(self) -> str:
        """The example that lies nearest."""
        return self.examples.texts[self.match.nearest]


def contenders(
    heard: Heard,
    shortlist: Shortlist,
    view: View,
    context: Context,
    around: Around,
    breadth: Breadth = USUAL,
    known_sentences: bool = True,
) -> list[Contender]:
    """Those not too far behind the best, best first; the others could not win with any slots.

    known_sentences: whether a skill's grammar is asked.
    """
    likely = [
        one
        for addressed in _addressed(heard, shortlist, view, context)
        for one in _likely(heard, addressed, context, breadth.readings, known_sentences)
    ]
    sketch = familiarity.sketch(heard)
    helds = {one.addressed.held.skill.id: one.addressed.held for one in likely}
    accepts = {skill: held.familiarity.accept(sketch) for skill, held in helds.items()}
    found = [
        _contender(heard, one, accepts[one.addressed.held.skill.id], view, situation)
        for one, situation in zip(likely, _situations(likely, around, context), strict=True)
    ]
    promises = [(_promise(each, context), each) for each in found]
    promises.sort(key=lambda pair: -pair[0])
    least = promises[0][0] - breadth.behind if promises else 0.0
    return [each for promise, each in promises[: breadth.contenders] if promise > least]


def readable(held: Installed, context: Context) -> Sequence[str]:
    """Intents of a skill that may be meant now."""
    if context.active == held.skill.id:
        return held.model.intents
    intents = held.language.intents
    spoken = {intent.name for intent in intents if intent.samples and not intent.in_session}
    return [name for name in held.model.intents if name in spoken]


def heard_by(held: Installed, heard: Heard, context: Context) -> Heard:
    """What a skill hears: the same words, with the values of its own session."""
    if not context.entities or context.active != held.skill.id:
        return heard
    return replace(heard, entities=context.entities)


def _addressed(
    heard: Heard, shortlist: Shortlist, view: View, context: Context
) -> Iterator[Addressed]:
    """The shortlisted skills, and the one in conversation even if its words are far."""
    found, scores = dict(shortlist.evidence), shortlist.by_words()
    if context.active is not None and context.active not in found:
        alone = view.index.search(heard, 1, among={context.active})
        found, scores = {**found, **alone.evidence}, {**scores, **alone.by_words()}
    best = max(scores.values(), default=0.0)
    for name, evidence in found.items():
        held = view.installed.get(name)
        if held is not None:
            doubt = shortlist.doubts.get(name)
            # What was turned down in the hall may be right within the skill's session.
            refused = doubt.lost if doubt is not None and name != context.active else 0.0
            yield Addressed(
                held,
                evidence,
                scores[name],
                best - scores[name],
                _weighed(shortlist.personal.get(name, {})),
                refused,
            )


def _weighed(personal: Mapping[str, float]) -> Mapping[str, float]:
    """What is known of the person, as it counts between the readings of skills that were found."""
    return {name: SHARES[name] * more for name, more in personal.items() if name in SHARES}


def _likely(
    heard: Heard, addressed: Addressed, context: Context, most: int, known_sentences: bool
) -> Iterator[Likely]:
    """The intents of a skill that are looked at: what its grammar says, else the likeliest."""
    held = addressed.held
    mine = heard_by(held, heard, context)
    if known_sentences and held.grammar is not None:
        accepted = held.grammar.accept(mine, context.device.place)
        if accepted is not None and accepted.intent in held.model.intents:
            yield Likely(addressed, accepted.intent, 1.0, 0.0, accepted)
            return
    scores = held.model.scores(mine)
    likely = held.familiarity.tempered({name: scores[name] for name in readable(held, context)})
    for name, chance in likely[:most]:
        yield Likely(addressed, name, chance, min(scores[name], 0.0))


def _situations(
    likely: Sequence[Likely], around: Around, context: Context
) -> Sequence[Mapping[str, float]]:
    """What goes on around and speaks for each of these."""
    readings = [Reading(x.addressed.held, x.intent, x.addressed.evidence) for x in likely]
    related = relations(around, readings, context)
    if related is None:
        return [{}] * len(readings)
    return shipped_situational().contributions(related)


def _contender(
    heard: Heard, likely: Likely, accept: float, view: View, situation: Mapping[str, float]
) -> Contender:
    addressed = likely.addressed
    examples, evidence = addressed.held.examples, addressed.evidence
    members = examples.members(likely.intent)
    standard = not members  # one of Alexa's standard intents, whose phrases belong to no skill
    if standard:
        examples, evidence = view.standard, view.beside_standard(heard)
        members = examples.members(likely.intent)
    match = evidence.match(members) if members else NO_MATCH
    if standard:
        # Nor has it an acceptor: what is said is like the phrases, or it is not.
        accept = familiarity.MOST * max(0.0, 2.0 * match.cosine - 1.0)
    if likely.accepted is not None:
        accept = max(accept, familiarity.MOST * (1.0 - likely.accepted.free))
    return Contender(likely, accept, evidence, examples, members, match, situation)


def _promise(contender: Contender, context: Context) -> float:
    """How much a reading promises before its slots are known, in log-odds."""
    likely, addressed = contender.likely, contender.likely.addressed
    figures = {
        "cosine": contender.match.cosine,
        "overlap": contender.match.overlap,
        "probability": likely.probability,
        "strength": likely.strength,
        "accept": contender.accept,
        "behind": addressed.behind,
        "size": contender.size,
    }
    words = sum(weight * figures[name] for name, weight in PROMISE.items())
    besides = sum(addressed.personal.values()) + sum(contender.situation.values())
    return words + besides + ACTIVE * (addressed.held.skill.id == context.active)
