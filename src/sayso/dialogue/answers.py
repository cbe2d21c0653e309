"""Is what was heard the answer to the question in the air? Then which reading goes on?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from sayso.dialogue.commands import SHORT, is_phrase, leads, says, standard
from sayso.dialogue.options import place_of, which_of
from sayso.dialogue.policy import CLOSING, NO, REPEAT, START_OVER, YES
from sayso.dialogue.said import Said, free_text, merged, said_of
from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.skills import Intent, Slot
from sayso.types.turns import (
    Asked,
    Awaiting,
    Context,
    Hypothesis,
    ResolutionStatus,
    SlotValue,
)
from sayso.understanding import builtin
from sayso.understanding.builtin import Reading, reading
from sayso.understanding.contenders import heard_by
from sayso.understanding.contract import Heard
from sayso.understanding.installed import Installed
from sayso.understanding.interpret import live_of, resolved


def answer(heard: Heard, context: Context, installed: Mapping[str, Installed]) -> Hypothesis | None:
    """The reading that follows from an answer, or None if this is no answer to the question.

    Only what the words leave no doubt of: a word for the question, values and nothing else. What
    may be an answer if nothing else is understood is for the caller to find out, see
    `loose_answer`.
    """
    awaiting = context.awaiting
    if awaiting is None:
        return _unasked(heard, context, installed)
    if awaiting.asked is Asked.WHICH:
        return which_of(heard, context, awaiting, installed)
    pending = awaiting.pending
    if pending is None or pending.skill not in installed:
        return None
    word = standard(heard, context.locale)
    if word is not None:
        return Hypothesis(pending.skill, word, confidence=1.0)
    said = _said(heard, awaiting, installed[pending.skill], context)
    if awaiting.asked is Asked.CONFIRM:
        return _confirm(heard, pending, said, installed[pending.skill], context)
    return _value(heard, awaiting, pending, said, installed[pending.skill], context)


def loose_answer(
    heard: Heard, context: Context, installed: Mapping[str, Installed]
) -> Hypothesis | None:
    """What is an answer if the sentence is nothing else: values among other words, or the words.

    The words as they are fill a slot of free text or of a catalogue, known value or not; what is no
    number, date or time fills no such slot. `oh forget it, I'm not hungry` is a stop.
    """
    awaiting = context.awaiting
    pending = awaiting.pending if awaiting is not None else None
    held = installed.get(pending.skill) if pending is not None else None
    if awaiting is None or pending is None or held is None:
        return None
    intent, slot = _asked_for(pending, awaiting, held)
    free = slot is not None and slot.type == FREE_TEXT and awaiting.asked is Asked.SLOT
    if not free and leads(heard, context.locale):
        return Hypothesis(pending.skill, CLOSING[1], confidence=1.0)
    if intent is None or slot is None or awaiting.asked is not Asked.SLOT:
        return None
    said = _said(heard, awaiting, held, context)
    if not free and any(each.name == slot.name for each in said.values):
        return merged(pending, said, intent, context)
    value = _slot_value(heard, awaiting, held, context)
    if value is None or (value.status is not ResolutionStatus.MATCHED and _is_read(slot, held)):
        return None
    return _filled(pending, value)


def is_free(context: Context, installed: Mapping[str, Installed]) -> bool:
    """Whether any words would answer the question."""
    awaiting = context.awaiting
    pending = awaiting.pending if awaiting is not None else None
    held = installed.get(pending.skill) if pending is not None else None
    if awaiting is None or pending is None or held is None or awaiting.asked is not Asked.SLOT:
        return False
    slot = _asked_for(pending, awaiting, held)[1]
    return slot is not None and slot.type == FREE_TEXT


def _asked_for(
    pending: Hypothesis, awaiting: Awaiting, held: Installed
) -> tuple[Intent | None, Slot | None]:
    """The intent that a question is about, and the slot that it asks for."""
    intent = held.language.intent(pending.intent)
    return intent, intent.slot(awaiting.slot or "") if intent is not None else None


def _unasked(
    heard: Heard, context: Context, installed: Mapping[str, Installed]
) -> Hypothesis | None:
    """What is said of the last reply where no question of Sayso's is open."""
    active = installed.get(context.active or "")
    lately = context.done.skill if context.done else None
    lately = lately or next((x.skill for x in context.happened if x.used and x.skill), None)
    skill = context.active or lately
    if skill is None or skill not in installed:
        return None
    for word, known in ((REPEAT, context.last_speech), (START_OVER, context.opened)):
        # A skill that holds the conversation and knows the word is asked itself.
        own = active is not None and active.language.intent(word) is not None
        if known and not own and is_phrase(heard, word, context.locale):
            return Hypothesis(skill, word, confidence=1.0)
    if active is not None:
        return _listed(heard, active, context)
    done = context.done
    held = installed.get(done.skill) if done is not None and active is None else None
    intent = held.language.intent(done.intent) if held is not None and done is not None else None
    if done is None or held is None or intent is None:
        return None
    said = said_of(
        heard, done, held, context, tags=partial(_tags, heard, held, done.intent, context)
    )
    if not (said.corrects and said.plain and said.values):
        return None
    put_right = merged(done, said, intent, context)
    return put_right if put_right.slots != done.slots else None


def _listed(heard: Heard, active: Installed, context: Context) -> Hypothesis | None:
    """`The second one` of the values that the open session has named, if they are of one type.

    It goes to the intent that takes such a value and nothing else, if there is one alone.
    """
    place = place_of(heard, context) if 0 < len(heard.words) <= SHORT else 0
    if len(context.entities) != 1 or not 0 < place <= len(context.entities[0].values):
        return None
    kind = context.entities[0]
    takers = [
        intent
        for intent in active.language.intents
        if len(intent.slots) == 1 and intent.slots[0].type == kind.name
    ]
    if len(takers) != 1:
        return None
    value = active.resolver.resolve(
        kind.values[place - 1].value,
        takers[0].slots[0],
        now=context.now,
        locale=context.locale,
        live=live_of(active, context),
    )
    return Hypothesis(active.skill.id, takers[0].name, (value,), confidence=1.0)


def _confirm(
    heard: Heard,
    pending: Hypothesis,
    said: Said,
    held: Installed,
    context: Context,
) -> Hypothesis | None:
    """A yes, a no, or values: with a no, with a yes, or instead of them."""
    intent = held.language.intent(pending.intent)
    changed = pending
    # "Yes, do it now" is a yes.
    at_once = ("PRESENT_REF", context.now.strftime("%H:%M"))
    agrees = says(heard, (YES,), context.locale)
    values = [x for x in said.values if not (agrees and x.normalised in at_once)]
    if intent is not None and said.plain and values:
        said = replace(said, values=values)
        changed = merged(pending, said, intent, context)
    if changed.slots != pending.slots:
        return changed
    if agrees:
        return pending
    if says(heard, (NO,), context.locale):
        return Hypothesis(pending.skill, NO, confidence=1.0)
    return None


def _value(
    heard: Heard,
    awaiting: Awaiting,
    pending: Hypothesis,
    said: Said,
    held: Installed,
    context: Context,
) -> Hypothesis | None:
    """The reading with the value that was asked for, or with others that were said."""
    intent, slot = _asked_for(pending, awaiting, held)
    if intent is None or slot is None or slot.type == FREE_TEXT:
        return None
    values = held.resolver.resolve_all(
        heard.utterance.text,
        slot,
        now=context.now,
        locale=context.locale,
        start=0,
        end=len(heard.utterance.text),
        live=live_of(held, context),
    )
    exact = all(each.status is ResolutionStatus.MATCHED for each in values)
    # "Tomorrow at eight" is a day for a grammar, and more than a day where a time is wanted, too.
    several = said.plain and len({each.name for each in said.values}) > 1
    if exact and not several and _is_closed(slot, held, context) and not said.corrects:
        return merged(pending, Said(values), intent, context)
    return merged(pending, said, intent, context) if said.plain else None


def _said(heard: Heard, awaiting: Awaiting, held: Installed, context: Context) -> Said:
    pending = awaiting.pending
    if pending is None:
        return Said()
    tags = partial(_tags, heard, held, pending.intent, context)
    return said_of(heard, pending, held, context, awaited=awaiting.slot or "", tags=tags)


def _is_read(slot: Slot, held: Installed) -> bool:
    """Whether a grammar or a full list says what is a value of the slot, and what is none."""
    own = held.language.type(slot.type)
    if own is not None and own.values:
        return False
    kinds = (Reading.GRAMMAR, Reading.LIST)
    return builtin.is_builtin(slot.type) and reading(slot.type, held.locale) in kinds


def _is_closed(slot: Slot, held: Installed, context: Context) -> bool:
    """Whether not just any words are a value of the slot."""
    live = live_of(held, context)
    own = held.language.type(slot.type)
    known = own is not None and len(own.values) > 0
    return known or _is_read(slot, held) or (live is not None and slot.type in live.catalogues)


def _filled(pending: Hypothesis, value: SlotValue) -> Hypothesis:
    others = tuple(slot for slot in pending.slots if slot.name != value.name)
    return replace(pending, slots=(*others, value), confidence=1.0)


def _slot_value(
    heard: Heard, awaiting: Awaiting, held: Installed, context: Context
) -> SlotValue | None:
    """The value for the awaited slot: as tagged, as a built-in value within, or all the words."""
    pending, text = awaiting.pending, heard.utterance.text
    slot = _asked_for(pending, awaiting, held)[1] if pending is not None else None
    if slot is None or pending is None or not text:
        return None
    words = free_text(text, slot) if slot.type == FREE_TEXT else text
    at = text.find(words)
    whole = held.resolver.resolve(
        words,
        slot,
        now=context.now,
        locale=context.locale,
        start=at,
        end=at + len(words),
        live=live_of(held, context),
    )
    if slot.type == FREE_TEXT:
        return whole
    tagged = [x for x in _tags(heard, held, pending.intent, context) if x.name == slot.name]
    candidates = [*_within(text, slot, held, context), *tagged, whole]
    matched = [value for value in candidates if value.status is ResolutionStatus.MATCHED]
    return next(iter(matched), whole)


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


def _tags(heard: Heard, held: Installed, intent: str, context: Context) -> Sequence[SlotValue]:
    """Values that the skill's own model finds for the slots of the intent."""
    tags = held.model.tag(heard_by(held, heard, context), [intent]).get(intent, ())
    return resolved(heard, held, intent, tags, context)
