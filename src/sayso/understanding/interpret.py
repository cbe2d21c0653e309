"""Shortlisted skills -> Hypotheses: each skill's own model reads the words, with all evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log1p

from sayso.types.context import Context
from sayso.types.readings import Hypothesis, ResolutionStatus, SlotValue
from sayso.understanding.contenders import USUAL, Breadth, Contender, contenders, heard_by
from sayso.understanding.contract import Heard, Tagged
from sayso.understanding.filled import filled
from sayso.understanding.installed import Installed
from sayso.understanding.known import UNKNOWN, Said, framed, known, said_of
from sayso.understanding.negation import denied
from sayso.understanding.shortlist import Shortlist
from sayso.understanding.situation import NOTHING, Around
from sayso.understanding.slots import resolved, slots_of
from sayso.understanding.view import View

DESCRIBED = 4  # readings, the most promising ones, whose descriptions are read: 1.5 ms each
USUAL_SIZE = log1p(50)  # `size` of a skill of fifty examples
TOLD = 0.95  # from which it tells what denials mean that other intents of the skill have
LIKELY = 0.5  # probability from which an intent's nearest example tells what a denial means


@dataclass(frozen=True, slots=True)
class _Nearness:
    """Cosine of the nearest example, share of the carrier's words that are known, and `size`."""

    cosine: float
    carrier: float
    size: float


def interpret(
    heard: Heard,
    shortlist: Shortlist,
    view: View,
    context: Context,
    *,
    around: Around = NOTHING,
    known_sentences: bool = True,
    breadth: Breadth = USUAL,
) -> list[Hypothesis]:
    """The most promising readings, with the features that the ranker weighs.

    around: what goes on, as `look_around` sees it. breadth: how many are looked at.
    known_sentences: whether a sample word for word, or a sentence of a skill's grammar, is known to
    be one.
    Standard intents (stop, help, yes, ...) are read only for the skill that holds the conversation
    open: to everybody else they are not addressed.
    """
    chosen = contenders(heard, shortlist, view, context, around, breadth, known_sentences)
    tags = _tags(heard, chosen, context)
    said = said_of(heard, view) if known_sentences else UNKNOWN
    return [
        _hypothesis(heard, each, tags, context, said, described=at < DESCRIBED)
        for at, each in enumerate(chosen)
    ]


def _tags(
    heard: Heard, contenders: Sequence[Contender], context: Context
) -> Mapping[tuple[str, str], Sequence[Tagged]]:
    """Slots of each contender; the intents of one skill are tagged in one go."""
    intents: dict[str, list[str]] = {}
    held = {each.held.skill.id: each.held for each in contenders}
    for each in contenders:
        if each.likely.accepted is None:
            intents.setdefault(each.held.skill.id, []).append(each.intent)
    return {
        (skill, intent): tags
        for skill, names in intents.items()
        for intent, tags in held[skill]
        .model.tag(heard_by(held[skill], heard, context), names)
        .items()
    }


def _hypothesis(
    heard: Heard,
    contender: Contender,
    tags: Mapping[tuple[str, str], Sequence[Tagged]],
    context: Context,
    said: Said,
    *,
    described: bool,
) -> Hypothesis:
    likely, held, match = contender.likely, contender.held, contender.match
    found = tags.get((held.skill.id, contender.intent), ())
    if likely.accepted is not None:
        found = likely.accepted.tags
    if described and likely.accepted is None:
        found, slots = slots_of(heard, held, contender.intent, found, context)
    else:
        slots = resolved(heard, held, contender.intent, found, context)
    slots += _placed(contender, context)
    near = _nearness(contender, _outside(heard.utterance.text, found))
    return Hypothesis(
        skill=held.skill.id,
        intent=contender.intent,
        slots=slots,
        features={
            "cosine": near.cosine - 0.5 if heard.pooled is not None else 0.0,
            "overlap": match.overlap,
            "carrier": near.carrier,
            "probability": likely.probability,
            "strength": likely.strength,
            "accept": contender.accept,
            "denied": float(_is_denied(heard.utterance.text, contender)),
            "known": known(said, contender),
            "framed": framed(heard, said, contender, context),
            "unresolved": float(_unresolved(held, slots)),
            "active": float(context.active == held.skill.id),
            "refused": likely.addressed.refused,
            "selection": _selection(contender),
            "size": near.size,
            **filled(heard.utterance.text, slots, found),
        },
        personal=likely.addressed.personal,
        situation=contender.situation,
        side_effects=held.skill.has_side_effects(contender.intent),
    )


def _nearness(contender: Contender, outside: str) -> _Nearness:
    """How near a sentence comes to what the skill takes, and how much that may be by chance.

    outside: the words that no slot has taken.
    """
    accepted, match, size = contender.likely.accepted, contender.match, contender.size
    if accepted is None:
        carrier = contender.evidence.cover(contender.members, outside)
        return _Nearness(match.cosine, carrier, size)
    # As near as an example of its own; that it has thousands of them says nothing then.
    return _Nearness(max(match.cosine, 1.0 - accepted.free), 1.0, min(size, USUAL_SIZE))


def _selection(contender: Contender) -> float:
    """The shortlist's score; a standard phrase is no skill's own, so the best score is no rival.

    It is one where it has any word of the phrases: "tomorrow" is no "not today".
    """
    addressed = contender.likely.addressed
    own = contender.examples is addressed.held.examples or not contender.match.overlap
    return addressed.selection if own else addressed.selection + addressed.behind


def _placed(contender: Contender, context: Context) -> tuple[SlotValue, ...]:
    """The place of the device, where the skill's grammar leaves a slot to it."""
    accepted, held = contender.likely.accepted, contender.held
    intent = held.language.intent(contender.intent)
    slot = intent.slot(accepted.place) if accepted and accepted.place and intent else None
    if slot is None:
        return ()
    place = context.device.place
    return (held.resolver.resolve(place, slot, now=context.now, locale=context.locale),)


def _is_denied(text: str, contender: Contender) -> bool:
    """Whether the sentence says not to do what this intent is for."""
    accepted = contender.likely.accepted
    if accepted is not None and not (accepted.free and any(not tag.start for tag in accepted.tags)):
        return False  # the template says no, or a value does: "play does not exist"
    # "Don't make it brighter" is no request for darkness, though that may be asked for by a denial.
    probability = contender.likely.probability
    likely = contender.members and probability >= LIKELY
    # What the skill's other intents say with that denial, the model knows from this one.
    named = (at for at, intent in enumerate(contender.examples.intents) if intent)
    told = named if probability >= TOLD else contender.members
    texts = (contender.examples.texts[at] for at in told)
    return denied(text, contender.nearest if likely else "", texts, contender.held.locale)


def _outside(text: str, tags: Sequence[Tagged]) -> str:
    """The words of a sentence that no slot has taken."""
    for tag in sorted(tags, key=lambda tag: -tag.start):
        text = f"{text[: tag.start]} | {text[tag.end :]}"
    return text


def _unresolved(held: Installed, slots: Sequence[SlotValue]) -> int:
    """Slots of a closed catalogue whose words are none of its values."""
    return sum(
        slot.status is ResolutionStatus.NOT_MATCHED and held.language.type(slot.type) is not None
        for slot in slots
    )
