"""Is what was heard the answer to the question in the air? Then which reading goes on?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sayso.dialogue.respond import CLOSING, NO
from sayso.skills.builtin_intents import phrases
from sayso.types.skills import Skill, Slot
from sayso.types.turns import (
    Asked,
    Awaiting,
    Context,
    Hypothesis,
    ResolutionStatus,
    SlotValue,
)
from sayso.understanding import builtin
from sayso.understanding.contenders import heard_by
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.installed import Installed
from sayso.understanding.interpret import live_of, resolved

YES = "AMAZON.YesIntent"
SHORT = 4  # words; a longer sentence that starts with yes or no says more than that


def answer(heard: Heard, context: Context, installed: Mapping[str, Installed]) -> Hypothesis | None:
    """The reading that follows from an answer, or None if this is no answer to the question.

    A slot's words that are no known value are an answer only if nothing else is understood:
    that is for the caller to find out, see `loose_answer`.
    """
    awaiting = context.awaiting
    if awaiting is None:
        return None
    if awaiting.asked is Asked.WHICH:
        if _says(heard, (*CLOSING, NO), context.locale):
            return Hypothesis(awaiting.options[0].skill, NO, confidence=1.0)
        if len(awaiting.options) == 1 and _says(heard, (YES,), context.locale):
            return replace(awaiting.options[0], confidence=1.0)
        return _which(heard, context, awaiting.options, installed)
    pending = awaiting.pending
    if pending is None or pending.skill not in installed:
        return None
    if _says(heard, CLOSING, context.locale):
        return Hypothesis(pending.skill, CLOSING[1], confidence=1.0)
    if awaiting.asked is Asked.CONFIRM:
        return _confirm(heard, pending, context.locale)
    value = _slot_value(heard, awaiting, installed[pending.skill], context)
    if value is None or value.status is not ResolutionStatus.MATCHED:
        return None
    return _filled(pending, value)


def loose_answer(
    heard: Heard, context: Context, installed: Mapping[str, Installed]
) -> Hypothesis | None:
    """The awaited slot filled with the words as they are, known value or not; None if not asked."""
    awaiting = context.awaiting
    if awaiting is None or awaiting.asked is not Asked.SLOT or awaiting.pending is None:
        return None
    held = installed.get(awaiting.pending.skill)
    value = _slot_value(heard, awaiting, held, context) if held is not None else None
    return _filled(awaiting.pending, value) if value is not None else None


def _filled(pending: Hypothesis, value: SlotValue) -> Hypothesis:
    others = tuple(slot for slot in pending.slots if slot.name != value.name)
    return replace(pending, slots=(*others, value), confidence=1.0)


def _confirm(heard: Heard, pending: Hypothesis, locale: str) -> Hypothesis | None:
    if _says(heard, (YES,), locale):
        return pending
    if _says(heard, (NO,), locale):
        return Hypothesis(pending.skill, NO, confidence=1.0)
    return None


def _says(heard: Heard, intents: Sequence[str], locale: str) -> bool:
    """Whether the words are a phrase of these standard intents, or a short sentence led by one."""
    said = fold(heard.utterance.text)
    known = {fold(phrase) for intent in intents for phrase in phrases(intent, locale)}
    words = [word.text.casefold() for word in heard.words if word.text.isalnum()]
    return said in known or (0 < len(words) <= SHORT and words[0] in known)


def _slot_value(
    heard: Heard, awaiting: Awaiting, held: Installed, context: Context
) -> SlotValue | None:
    """The value for the awaited slot: as tagged, as a built-in value within, or all the words."""
    pending = awaiting.pending
    intent = held.language.intent(pending.intent) if pending is not None else None
    slot = intent.slot(awaiting.slot or "") if intent is not None else None
    text = heard.utterance.text
    if slot is None or not text:
        return None
    candidates = [
        *_within(text, slot, held, context),
        *_tagged(heard, held, slot, awaiting, context),
        held.resolver.resolve(
            text,
            slot,
            now=context.now,
            locale=context.locale,
            start=0,
            end=len(text),
            live=live_of(held, context),
        ),
    ]
    matched = [value for value in candidates if value.status is ResolutionStatus.MATCHED]
    return next(iter(matched), candidates[-1])


def _within(text: str, slot: Slot, held: Installed, context: Context) -> list[SlotValue]:
    """Values of a built-in type inside the sentence: "at half past six, please"."""
    if not builtin.is_builtin(slot.type) or held.language.type(slot.type) is not None:
        return []
    spans = builtin.spans(slot.type, text, now=context.now, locale=context.locale)
    return [
        held.resolver.resolve(
            text[start:end], slot, now=context.now, locale=context.locale, start=start, end=end
        )
        for start, end, _ in spans
    ]


def _tagged(
    heard: Heard, held: Installed, slot: Slot, awaiting: Awaiting, context: Context
) -> list[SlotValue]:
    """Values that the skill's own model finds for the slot."""
    assert awaiting.pending is not None
    intent = awaiting.pending.intent
    tags = held.model.tag(heard_by(held, heard, context), [intent]).get(intent, ())
    values = resolved(heard, held, intent, tags, context)
    return [value for value in values if value.name == slot.name]


def _which(
    heard: Heard,
    context: Context,
    options: Sequence[Hypothesis],
    installed: Mapping[str, Installed],
) -> Hypothesis | None:
    """The option that was named: by its skill's name, a value it alone has, or its place."""
    named = {
        place: words
        for place, option in enumerate(options)
        if option.skill in installed
        and (words := _named(heard.utterance.text, installed[option.skill].skill))
    }
    if len(named) == 1:
        place, words = named.popitem()
        # A name among many other words is no choice: it is a new request.
        short = len(heard.words) <= words + SHORT
        return replace(options[place], confidence=1.0) if short else None
    if len(heard.words) > SHORT or len({options[at].skill for at in named}) > 1:
        return None
    alone = _valued(heard, options)
    if alone is not None:
        return replace(alone, confidence=1.0)
    place = _place(heard, context)
    return replace(options[place - 1], confidence=1.0) if 0 < place <= len(options) else None


def _valued(heard: Heard, options: Sequence[Hypothesis]) -> Hypothesis | None:
    """The only option with a value that was said."""
    said = f" {fold(heard.utterance.text)} "
    held = [{fold(slot.value) for slot in option.slots} for option in options]
    found = [
        option
        for option, values in zip(options, held, strict=True)
        if any(
            f" {value} " in said and sum(value in each for each in held) == 1 for value in values
        )
    ]
    return found[0] if len(found) == 1 else None


def _named(text: str, skill: Skill) -> int:
    """Words of the skill's longest name that the text holds, 0 if it names another or none."""
    names = {fold(skill.name), *(fold(x.invocation_name) for x in skill.languages)}
    found = [name for name in names if name and f" {name} " in f" {fold(text)} "]
    return max((len(name.split()) for name in found), default=0)


def _place(heard: Heard, context: Context) -> int:
    """The place that is said, "the second one" or "number two"; 0 if none is."""
    for kind in ("AMAZON.Ordinal", "AMAZON.NUMBER"):
        for _, _, place in builtin.spans(
            kind, heard.utterance.text, now=context.now, locale=context.locale
        ):
            return int(place) if place.isdecimal() else 0
    return 0
