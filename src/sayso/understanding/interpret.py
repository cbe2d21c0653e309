"""Shortlisted skills -> Hypotheses: each skill's own model reads the words, slots are resolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log1p

from sayso.types.turns import Context, Hypothesis, ResolutionStatus, SlotValue
from sayso.understanding import familiarity
from sayso.understanding.contract import Heard, Tagged
from sayso.understanding.filled import filled
from sayso.understanding.fold import fold
from sayso.understanding.installed import Installed
from sayso.understanding.negation import denied
from sayso.understanding.personal import HABITS
from sayso.understanding.shortlist import NO_MATCH, Evidence, Examples, Match, Shortlist
from sayso.understanding.values.live import Live, live, with_live
from sayso.understanding.view import View

READINGS = 3  # intents of each skill that are looked at
CONTENDERS = 8  # readings whose slots are looked for, which costs most of the time
BEHIND = 0.6  # in `_promise`, behind the best: too far to be looked at further
LIKELY = 0.5  # probability from which an intent's nearest example tells what a denial means
CHANCE_SHARE = 0.2  # of the probability beside the closeness, when contenders are picked
SELECTION_SHARE = 0.03  # of the log-odds by which the skill is behind the best of the shortlist
PERSONAL_SHARE = 0.05  # of the log-odds that what is known of the person adds
KNOWN_SHARE = 1.2  # of the same, beside the ranker's weights (`benchmarks.reranking`)

Likely = tuple[str, float, float]  # an intent, its calibrated probability, its `strength`


@dataclass(frozen=True, slots=True)
class Addressed:
    """A skill that is read, and what speaks for it.

    selection: its score for anybody, in log-odds; behind: that of the best, less this.
    personal: what is known of the person and speaks for the skill, in log-odds.
    """

    held: Installed
    evidence: Evidence
    selection: float
    behind: float
    personal: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Contender:
    """An intent of a skill before its slots are known.

    examples, members: what the intent's examples are among; evidence: what speaks for these.
    accept: log-odds that the sentence is one for this skill at all.
    strength: score of the intent beside what the skill's examples have, at most 0. A probability
        does not tell it: of a sentence far from all intents, one may still be the likeliest by far.
    """

    addressed: Addressed
    intent: str
    probability: float
    strength: float
    accept: float
    evidence: Evidence
    examples: Examples
    members: Sequence[int]
    match: Match

    @property
    def held(self) -> Installed:
        """The skill itself."""
        return self.addressed.held


def interpret(
    heard: Heard,
    shortlist: Shortlist,
    view: View,
    context: Context,
    *,
    known_sentences: bool = True,
) -> list[Hypothesis]:
    """The most promising readings, with the features that the ranker weighs.

    Standard intents (stop, help, yes, ...) are read only for the skill that holds the
    conversation open: to everybody else they are not addressed.
    """
    sketch = familiarity.sketch(heard)
    contenders = [
        _contender(heard, each, likely, each.held.familiarity.accept(sketch), view)
        for each in _addressed(heard, shortlist, view, context)
        for likely in _likely(heard, each.held, context)
    ]
    chosen = _promising(contenders, context)
    tags = _tags(heard, chosen, context)
    said = fold(heard.utterance.text) if known_sentences else ""
    return [_hypothesis(heard, each, tags, context, said) for each in chosen]


def _likely(heard: Heard, held: Installed, context: Context) -> Sequence[Likely]:
    """The intents of a skill that are looked at."""
    scores = held.model.scores(heard_by(held, heard, context))
    likely = held.familiarity.tempered({name: scores[name] for name in readable(held, context)})
    return [(name, chance, min(scores[name], 0.0)) for name, chance in likely[:READINGS]]


def _promising(contenders: Sequence[Contender], context: Context) -> list[Contender]:
    """Those not too far behind the best, best first; the others could not win with any slots."""
    promises = [(_promise(each, context), each) for each in contenders]
    promises.sort(key=lambda pair: -pair[0])
    return [each for promise, each in promises[:CONTENDERS] if promise > promises[0][0] - BEHIND]


def _promise(contender: Contender, context: Context) -> float:
    """How much a reading promises before its slots are known; the open session comes first."""
    active = contender.held.skill.id == context.active
    personal = PERSONAL_SHARE * sum(contender.addressed.personal.values())
    words = contender.match.cosine - SELECTION_SHARE * contender.addressed.behind
    return words + CHANCE_SHARE * contender.probability + personal + active


def _contender(
    heard: Heard, addressed: Addressed, likely: Likely, accept: float, view: View
) -> Contender:
    intent, probability, strength = likely
    examples, evidence = addressed.held.examples, addressed.evidence
    members = examples.members(intent)
    standard = not members  # one of Alexa's standard intents, whose phrases belong to no skill
    if standard:
        examples, evidence = view.standard, view.beside_standard(heard)
        members = examples.members(intent)
    match = evidence.match(members) if members else NO_MATCH
    if standard:
        # Nor has it an acceptor: what is said is like the phrases, or it is not.
        accept = familiarity.MOST * max(0.0, 2.0 * match.cosine - 1.0)
    return Contender(
        addressed, intent, probability, strength, accept, evidence, examples, members, match
    )


def _weighed(personal: Mapping[str, float]) -> Mapping[str, float]:
    """What is known of the person, as it counts between the readings of skills that were found."""
    # Habits find a skill among very many; between readings they would outweigh the words.
    return {name: KNOWN_SHARE * more for name, more in personal.items() if name not in HABITS}


def _tags(
    heard: Heard, contenders: Sequence[Contender], context: Context
) -> Mapping[tuple[str, str], Sequence[Tagged]]:
    """Slots of each contender; the intents of one skill are tagged in one go."""
    intents: dict[str, list[str]] = {}
    held = {each.held.skill.id: each.held for each in contenders}
    for each in contenders:
        intents.setdefault(each.held.skill.id, []).append(each.intent)
    return {
        (skill, intent): tags
        for skill, names in intents.items()
        for intent, tags in held[skill]
        .model.tag(heard_by(held[skill], heard, context), names)
        .items()
    }


def _addressed(
    heard: Heard, shortlist: Shortlist, view: View, context: Context
) -> Iterable[Addressed]:
    """The shortlisted skills, and the one in conversation even if its words are far."""
    found, scores = dict(shortlist.evidence), shortlist.for_anybody()
    if context.active is not None and context.active not in found:
        alone = view.index.search(heard, 1, among={context.active})
        found, scores = {**found, **alone.evidence}, {**scores, **alone.for_anybody()}
    best = max(scores.values(), default=0.0)
    for name, one in found.items():
        if name in view.installed:
            personal = _weighed(shortlist.personal.get(name, {}))
            score = scores[name]
            yield Addressed(view.installed[name], one, score, best - score, personal)


def readable(held: Installed, context: Context) -> Sequence[str]:
    """Intents of a skill that may be meant now."""
    if context.active == held.skill.id:
        return held.model.intents
    spoken = {intent.name for intent in held.language.intents if intent.samples}
    return [name for name in held.model.intents if name in spoken]


def _hypothesis(
    heard: Heard,
    contender: Contender,
    tags: Mapping[tuple[str, str], Sequence[Tagged]],
    context: Context,
    said: str,
) -> Hypothesis:
    held, match = contender.held, contender.match
    found = tags.get((held.skill.id, contender.intent), ())
    slots = resolved(heard, held, contender.intent, found, context)
    outside = _outside(heard.utterance.text, found)
    return Hypothesis(
        skill=held.skill.id,
        intent=contender.intent,
        slots=slots,
        features={
            "cosine": match.cosine - 0.5 if heard.pooled is not None else 0.0,
            "overlap": match.overlap,
            "carrier": contender.evidence.cover(contender.members, outside),
            "probability": contender.probability,
            "strength": contender.strength,
            "accept": contender.accept,
            "denied": float(_is_denied(heard.utterance.text, contender)),
            "known": float(_is_known(said, contender)),
            "unresolved": float(_unresolved(held, slots)),
            "active": float(context.active == held.skill.id),
            "selection": _selection(contender),
            "size": log1p(len(held.examples.texts)),
            **filled(heard.utterance.text, slots),
        },
        personal=contender.addressed.personal,
        side_effects=held.skill.has_side_effects(contender.intent),
    )


def _selection(contender: Contender) -> float:
    """The shortlist's score; a standard phrase is no skill's own, so the best score is no rival."""
    addressed = contender.addressed
    own = contender.examples is addressed.held.examples
    return addressed.selection if own else addressed.selection + addressed.behind


def _is_known(said: str, contender: Contender) -> bool:
    """Whether a folded sentence is a sample of the intent, or a phrase of the standard intent."""
    if not said:
        return False
    if contender.examples is contender.held.examples:
        return contender.held.known.get(said) == contender.intent
    return bool(contender.members) and fold(_nearest(contender)) == said


def _nearest(contender: Contender) -> str:
    """The example that lies nearest."""
    return contender.examples.texts[contender.match.nearest]


def _is_denied(text: str, contender: Contender) -> bool:
    """Whether the sentence says not to do what this intent is for."""
    # "Don't make it brighter" is no request for darkness, though that may be asked for by a denial.
    likely = contender.members and contender.probability >= LIKELY
    texts = (contender.examples.texts[at] for at in contender.members)
    return denied(text, _nearest(contender) if likely else "", texts, contender.held.locale)


def _outside(text: str, tags: Sequence[Tagged]) -> str:
    """The words of a sentence that no slot has taken."""
    for tag in sorted(tags, key=lambda tag: -tag.start):
        text = f"{text[: tag.start]} | {text[tag.end :]}"
    return text


def resolved(
    heard: Heard, held: Installed, name: str, tags: Sequence[Tagged], context: Context
) -> tuple[SlotValue, ...]:
    """The slots found for the intent of that name, with their values looked up."""
    intent = held.language.intent(name)
    if intent is None:
        return ()
    text, values = heard.utterance.text, live_of(held, context)
    if values is not None:
        tags = with_live(tags, heard, intent, values)
    return tuple(
        value
        for tag in tags
        if (slot := intent.slot(tag.name)) is not None
        for value in held.resolver.resolve_all(
            text[tag.start : tag.end],
            slot,
            now=context.now,
            locale=context.locale,
            start=tag.start,
            end=tag.end,
            confidence=tag.confidence,
            live=values,
        )
    )


def live_of(held: Installed, context: Context) -> Live | None:
    """The values that this conversation has for a skill: those of its own session, or None."""
    mine = context.entities if context.active == held.skill.id else ()
    return live(mine, held.locale.split("-")[0])


def heard_by(held: Installed, heard: Heard, context: Context) -> Heard:
    """What a skill hears: the same words, with the values of its own session."""
    if not context.entities or context.active != held.skill.id:
        return heard
    return replace(heard, entities=context.entities)


def _unresolved(held: Installed, slots: Sequence[SlotValue]) -> int:
    """Slots of a closed catalogue whose words are none of its values."""
    return sum(
        slot.status is ResolutionStatus.NOT_MATCHED and held.language.type(slot.type) is not None
        for slot in slots
    )
