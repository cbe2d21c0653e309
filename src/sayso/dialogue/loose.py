"""What is an answer if the sentence is nothing else: values among other words, or the words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from sayso.dialogue.awaited import asked_for, tagged, words_for
from sayso.dialogue.commands import leads
from sayso.dialogue.policy import CLOSING
from sayso.dialogue.said import GAP, merged
from sayso.dialogue.told import is_named, is_told
from sayso.dialogue.words import REQUESTING, begins
from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.readings import Hypothesis, ResolutionStatus, SlotValue
from sayso.types.skills import Slot
from sayso.understanding import builtin
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.installed import Installed
from sayso.understanding.slots import live_of


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
    intent, slot = asked_for(pending, awaiting, held)
    free = slot is not None and slot.type == FREE_TEXT and awaiting.asked is Asked.SLOT
    if not free and leads(heard, context.locale):
        return Hypothesis(pending.skill, CLOSING[1], confidence=1.0)
    if intent is None or slot is None or awaiting.asked is not Asked.SLOT:
        return None
    said = words_for(heard, awaiting, held, context)
    if not free and any(each.name == slot.name for each in said.values):
        return merged(pending, said, intent, context)
    if is_named(slot, intent, held) and (said.plain or is_told(slot, said.values)):
        return merged(pending, said, intent, context)
    value = _slot_value(heard, awaiting, held, context)
    if value is None:
        return None
    if not free and value.status is not ResolutionStatus.MATCHED and held.resolver.is_read(slot):
        return None
    return _filled(pending, value)


def is_free(context: Context, installed: Mapping[str, Installed]) -> bool:
    """Whether any words would answer the question."""
    awaiting = context.awaiting
    pending = awaiting.pending if awaiting is not None else None
    held = installed.get(pending.skill) if pending is not None else None
    if awaiting is None or pending is None or held is None or awaiting.asked is not Asked.SLOT:
        return False
    slot = asked_for(pending, awaiting, held)[1]
    return slot is not None and slot.type == FREE_TEXT


def _slot_value(
    heard: Heard, awaiting: Awaiting, held: Installed, context: Context
) -> SlotValue | None:
    """The value for the awaited slot: as tagged, as a built-in value within, or all the words."""
    pending, text = awaiting.pending, heard.utterance.text
    slot = asked_for(pending, awaiting, held)[1] if pending is not None else None
    if slot is None or pending is None or not text:
        return None
    if slot.type != FREE_TEXT:
        for value in _within(text, slot, held, context):
            if value.status is ResolutionStatus.MATCHED:
                return value
        for value in tagged(heard, held, pending.intent, context):
            if value.name == slot.name and value.status is ResolutionStatus.MATCHED:
                return value
        if _requests(heard, context):
            return None
    words = _free_text(text, slot) if slot.type == FREE_TEXT else text
    at = text.find(words)
    return held.resolver.resolve(
        words,
        slot,
        now=context.now,
        locale=context.locale,
        start=at,
        end=at + len(words),
        live=live_of(held, context),
    )


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


def _requests(heard: Heard, context: Context) -> bool:
    """Whether it is said as one asks for something: `could you ...` is the name of nothing."""
    said = fold(heard.utterance.text)
    return begins(said, REQUESTING.get(context.locale.split("-")[0], ()))


def _filled(pending: Hypothesis, value: SlotValue) -> Hypothesis:
    others = tuple(slot for slot in pending.slots if slot.name != value.name)
    return replace(pending, slots=(*others, value), confidence=1.0)


def _free_text(text: str, slot: Slot) -> str:
    """The words that are the value of a free text, less those that the slot's samples put around.

    `write {message}`: of "write I am late" it is "I am late".
    """
    for sample in sorted(slot.samples, key=len, reverse=True):
        if GAP.findall(sample) == [slot.name]:
            before, _, after = sample.partition("{" + slot.name + "}")
            found = re.fullmatch(
                rf"{re.escape(before.strip())}\s*(.+?)\s*{re.escape(after.strip())}",
                text,
                re.I | re.S,
            )
            if found and (before.strip() or after.strip()):
                return found[1]
    return text
