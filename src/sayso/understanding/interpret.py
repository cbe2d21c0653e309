"""Shortlisted skills -> Hypotheses: each skill's own model reads the words, slots are resolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sayso.types.turns import Context, Hypothesis, ResolutionStatus, SlotValue
from sayso.understanding.contract import Heard, Reading
from sayso.understanding.fold import fold
from sayso.understanding.installed import Installed
from sayso.understanding.shortlist import Match, Shortlist
from sayso.understanding.view import View

READINGS = 3  # kept of each skill
_NO_MATCH = Match(0.0, 0.0, 0)


def interpret(
    heard: Heard,
    shortlist: Shortlist,
    view: View,
    context: Context,
    *,
    known_sentences: bool = True,
) -> list[Hypothesis]:
    """Readings of every shortlisted skill, with the features that the ranker weighs.

    Standard intents (stop, help, yes, ...) are read only for the skill that holds the
    conversation open: to everybody else they are not addressed.
    """
    return [
        _hypothesis(heard, held, reading, shortlist, view, context, known_sentences)
        for held in _addressed(shortlist, view.installed, context)
        for reading in held.model.read(heard, among=readable(held, context), limit=READINGS)
    ]


def _addressed(
    shortlist: Shortlist, installed: Mapping[str, Installed], context: Context
) -> Iterable[Installed]:
    """The shortlisted skills, and the one in conversation even if its words are far."""
    names = dict.fromkeys(name for name, _ in shortlist.skills)
    if context.active is not None:
        names[context.active] = None
    return [installed[name] for name in names if name in installed]


def readable(held: Installed, context: Context) -> Sequence[str]:
    """Intents of a skill that may be meant now."""
    if context.active == held.skill.id:
        return held.model.intents
    spoken = {intent.name for intent in held.language.intents if intent.samples}
    return [name for name in held.model.intents if name in spoken]


def _hypothesis(
    heard: Heard,
    held: Installed,
    reading: Reading,
    shortlist: Shortlist,
    view: View,
    context: Context,
    known_sentences: bool,
) -> Hypothesis:
    slots = resolved(heard, held, reading, context)
    said = fold(heard.utterance.text)
    index, group = view.index, (held.skill.id, reading.intent)
    match = shortlist.matches.get(group)
    sample = held.known.get(said) == reading.intent
    if match is None:  # one of Alexa's standard intents, whose phrases belong to no skill
        index, group = view.standard, ("", reading.intent)
        match = index.search(heard, 1).matches.get(group, _NO_MATCH)
        sample = group in index and fold(index.example(match.nearest)[2]) == said
    return Hypothesis(
        skill=held.skill.id,
        intent=reading.intent,
        slots=slots,
        features={
            "cosine": match.cosine - 0.5,
            "overlap": match.overlap,
            "carrier": index.cover(group, _outside(heard.utterance.text, reading)),
            "probability": reading.probability,
            "known": float(known_sentences and sample),
            "unresolved": float(_unresolved(held, slots)),
            "active": float(context.active == held.skill.id),
        },
    )


def _outside(text: str, reading: Reading) -> str:
    """The words of a sentence that no slot has taken."""
    for tag in sorted(reading.slots, key=lambda tag: -tag.start):
        text = f"{text[: tag.start]} | {text[tag.end :]}"
    return text


def resolved(
    heard: Heard, held: Installed, reading: Reading, context: Context
) -> tuple[SlotValue, ...]:
    """The slots of a reading with their values looked up."""
    intent = held.language.intent(reading.intent)
    if intent is None:
        return ()
    text = heard.utterance.text
    return tuple(
        value
        for tag in reading.slots
        if (slot := intent.slot(tag.name)) is not None
        for value in held.resolver.resolve_all(
            text[tag.start : tag.end],
            slot,
            now=context.now,
            locale=context.locale,
            start=tag.start,
            end=tag.end,
            confidence=tag.confidence,
        )
    )


def _unresolved(held: Installed, slots: Sequence[SlotValue]) -> int:
    """Slots of a closed catalogue whose words are none of its values."""
    return sum(
        slot.status is ResolutionStatus.NOT_MATCHED and held.language.type(slot.type) is not None
        for slot in slots
    )
