"""What was done and is put right, or taken back: whether that can be done, and what is said if not.

    the skill names an `undo`    it is called with what was done, then the right thing is done
    it says there is nothing     the right thing is done
    it says nothing of it        its back-end is told what is put right, and may do so itself;
                                 unless it says that it has, the person hears that both are done

Nothing is taken back before the right thing can be done: a question in between may come to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from sayso.dialogue.delegation import leads
from sayso.dialogue.words import ASKING, LEADING, begins, without
from sayso.types.calls import Answer, Call, CallKind, Progress
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.skills import FulfilmentKind, Intent, Language, Skill
from sayso.understanding.fold import fold

# Of these back-ends it is known otherwise, by `side_effects`, what changes something.
_MARKED = frozenset((FulfilmentKind.REPLIES, FulfilmentKind.MCP, FulfilmentKind.OPENAPI))


def undo_reading(
    skill: Skill, language: Language, intent: str, done: Sequence[SlotValue]
) -> Hypothesis | None:
    """The reading that takes back what an intent did with these values; None if there is none."""
    undo = language.intent(skill.undo_of(intent) or "")
    if undo is None:
        return None
    types = {slot.name: slot.type for slot in undo.slots}
    values = tuple(replace(x, type=types[x.name]) for x in done if x.name in types)
    lacks = {slot.name for slot in undo.slots if slot.required} - {x.name for x in values}
    if lacks:
        return None
    costly = skill.has_side_effects(undo.name)
    return Hypothesis(skill.id, undo.name, values, confidence=1.0, side_effects=costly)


def undo_call(call: Call, skill: Skill, language: Language) -> Call | None:
    """The call that comes before this one and takes back what it puts right; None for none.

    Who says that it was wrong has agreed to take it back. An undo that costs dearly needs more: a
    yes to what is right.
    """
    chosen = call.hypothesis
    intent = language.intent(chosen.intent) if chosen is not None else None
    if chosen is None or intent is None or chosen.corrects is None or call.denied or call.refused:
        return None
    reading = undo_reading(skill, language, chosen.intent, chosen.corrects.slots)
    if reading is None or not _is_ready(call, chosen, skill, language, intent):
        return None
    if reading.side_effects and not call.confirmed:
        return None
    return Call(
        CallKind.INTENT,
        call.skill,
        reading,
        confirmed=True,
        new_session=call.new_session,
        undoes=True,
    )


def _is_ready(
    call: Call, chosen: Hypothesis, skill: Skill, language: Language, intent: Intent
) -> bool:
    """Whether nothing that the skill file wants is missing any more."""
    if call.progress is Progress.COMPLETED or not leads(skill, language, intent):
        return True
    filled = {each.name for each in chosen.slots}
    required = {slot.name for slot in intent.slots if slot.required}
    return required <= filled and (call.confirmed or not intent.confirm)


def is_undone(answer: Answer) -> bool:
    """Whether what was to be taken back is: a back-end that asks or fails has done nothing."""
    asked = answer.ask_slot is not None or answer.confirm or answer.delegate
    return not asked and answer.failure is None


def stays_done(chosen: Hypothesis, skill: Skill, language: Language) -> bool:
    """Whether what a reading puts right stays done beside it, as far as the skill file tells."""
    if chosen.corrects is None:
        return False
    known = undo_reading(skill, language, chosen.intent, chosen.corrects.slots)
    return known is None and leaves_something(skill, language, chosen.intent)


def leaves_something(skill: Skill, language: Language, name: str) -> bool:
    """Whether doing an intent may have changed something: it does more than to tell.

    Where the skill does not say, an intent that is mostly asked for as one asks a question, or to
    be told or played something, leaves nothing; nor does one whose back-end only replies, nor a
    tool or an operation, whose side effects were marked when it was imported.
    """
    intent = language.intent(name)
    if intent is None or skill.undo_of(name) == "":
        return False
    if skill.has_side_effects(name):
        return True
    tongue = language.locale.split("-")[0]
    if tongue not in ASKING or skill.fulfilment.kind in _MARKED:
        return False
    return not _mostly_asks(tuple(intent.samples), tongue)


@lru_cache(256)
def _mostly_asks(samples: tuple[str, ...], tongue: str) -> bool:
    """Whether at least half of the samples, if any, ask for something to be told or played."""
    asked = sum(_asks(sample, tongue) for sample in samples)
    return 0 < len(samples) <= 2 * asked


def _asks(sample: str, tongue: str) -> bool:
    return begins(without(fold(sample), LEADING, locale=tongue), ASKING[tongue])
