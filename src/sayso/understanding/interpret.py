"""Shortlisted skills -> Hypotheses: each skill's own model reads the words, slots are resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sayso.types.turns import Context, Hypothesis, ResolutionStatus, SlotValue
from sayso.understanding.contenders import Contender, contenders, heard_by
from sayso.understanding.contract import Heard, Tagged
from sayso.understanding.described.fill import Descriptions
from sayso.understanding.filled import filled
from sayso.understanding.fold import fold
from sayso.understanding.installed import Installed
from sayso.understanding.negation import denied
from sayso.understanding.shortlist import Shortlist
from sayso.understanding.situation import NOTHING, Around
from sayso.understanding.values.live import Live, live, with_live
from sayso.understanding.view import View

DESCRIBED = 4  # readings, the most promising ones, whose descriptions are read: 1.5 ms each
LIKELY = 0.5  # probability from which an intent's nearest example tells what a denial means


def interpret(
    heard: Heard,
    shortlist: Shortlist,
    view: View,
    context: Context,
    *,
    around: Around = NOTHING,
    known_sentences: bool = True,
) -> list[Hypothesis]:
    """The most promising readings, with the features that the ranker weighs.

    around: what goes on, as `look_around` sees it.
    Standard intents (stop, help, yes, ...) are read only for the skill that holds the conversation
    open: to everybody else they are not addressed.
    """
    chosen = contenders(heard, shortlist, view, context, around)
    tags = _tags(heard, chosen, context)
    said = fold(heard.utterance.text) if known_sentences else ""
    return [
        _hypothesis(heard, each, tags, context, said, view.descriptions if at < DESCRIBED else None)
        for at, each in enumerate(chosen)
    ]


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


def _hypothesis(
    heard: Heard,
    contender: Contender,
    tags: Mapping[tuple[str, str], Sequence[Tagged]],
    context: Context,
    said: str,
    descriptions: Descriptions | None,
) -> Hypothesis:
    likely, held, match = contender.likely, contender.held, contender.match
    found = tags.get((held.skill.id, contender.intent), ())
    meant: Sequence[SlotValue] = ()
    if descriptions is not None:
        filled_in = descriptions.fill(heard, held, contender.intent, found, context)
        found, meant = filled_in.tags, filled_in.meant
    slots = (*resolved(heard, held, contender.intent, found, context), *meant)
    outside = _outside(heard.utterance.text, found)
    return Hypothesis(
        skill=held.skill.id,
        intent=contender.intent,
        slots=slots,
        features={
            "cosine": match.cosine - 0.5 if heard.pooled is not None else 0.0,
            "overlap": match.overlap,
            "carrier": contender.evidence.cover(contender.members, outside),
            "probability": likely.probability,
            "strength": likely.strength,
            "accept": contender.accept,
            "denied": float(_is_denied(heard.utterance.text, contender)),
            "known": float(_is_known(said, contender)),
            "unresolved": float(_unresolved(held, slots)),
            "active": float(context.active == held.skill.id),
            "refused": likely.addressed.refused,
            "selection": _selection(contender),
            "size": contender.size,
            **filled(heard.utterance.text, slots),
        },
        personal=likely.addressed.personal,
        situation=contender.situation,
        side_effects=held.skill.has_side_effects(contender.intent),
    )


def _selection(contender: Contender) -> float:
    """The shortlist's score; a standard phrase is no skill's own, so the best score is no rival."""
    addressed = contender.likely.addressed
    own = contender.examples is addressed.held.examples
    return addressed.selection if own else addressed.selection + addressed.behind


def _is_known(said: str, contender: Contender) -> bool:
    """Whether a folded sentence is a sample of the intent, or a phrase of the standard intent."""
    if not said:
        return False
    if contender.examples is contender.held.examples:
        return contender.held.known.get(said) == contender.intent
    return bool(contender.members) and fold(contender.nearest) == said


def _is_denied(text: str, contender: Contender) -> bool:
    """Whether the sentence says not to do what this intent is for."""
    # "Don't make it brighter" is no request for darkness, though that may be asked for by a denial.
    likely = contender.members and contender.likely.probability >= LIKELY
    texts = (contender.examples.texts[at] for at in contender.members)
    return denied(text, contender.nearest if likely else "", texts, contender.held.locale)


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


def _unresolved(held: Installed, slots: Sequence[SlotValue]) -> int:
    """Slots of a closed catalogue whose words are none of its values."""
    return sum(
        slot.status is ResolutionStatus.NOT_MATCHED and held.language.type(slot.type) is not None
        for slot in slots
    )
