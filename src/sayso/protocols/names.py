"""What an intent is called, and where a value stands, for those who asked.

They know `skill.intent`; of a skill imported from their own system, the names it has there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sayso.skills.restore import notes
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.skills import FulfilmentKind, Intent, Language, Skill
from sayso.types.turns import Given, Reply


def qualified(reading: Hypothesis) -> str:
    """`skill.intent`, which no two installed intents share."""
    return f"{reading.skill}.{reading.intent}"


def intent_of(reading: Hypothesis, skill: Skill | None) -> tuple[Intent | None, Language | None]:
    """The intent that was read, and its language; None where the skill is not there any more."""
    for language in skill.languages if skill is not None else ():
        intent = language.intent(reading.intent)
        if intent is not None:
            return intent, language
    return None, None


def noted(extra: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    """What an importer noted under its key; None if it noted nothing."""
    found = notes(extra).get(key)
    return found if isinstance(found, Mapping) else None


def for_clients(skill: Skill | None) -> bool:
    """Whether whoever asked does what this skill is for."""
    return skill is not None and skill.fulfilment.kind is FulfilmentKind.CLIENT


def left_to_do(reply: Reply, skills: Mapping[str, Skill]) -> list[Hypothesis]:
    """What whoever asked has to do, in order: where a skill leaves it to its clients."""
    chosen = reply.decision.chosen
    last = (Given(chosen, reply.data),) if chosen is not None else ()
    found = []
    for given in (*reply.earlier, *last):
        skill = skills.get(given.chosen.skill)
        # There is no data where a question comes first, or nothing is to be done at all.
        if for_clients(skill) and isinstance(given.data, Mapping):
            found.append(_whole(given.chosen, given.data, skill))
    return found


def _whole(chosen: Hypothesis, data: Mapping[str, Any], skill: Skill | None) -> Hypothesis:
    """The reading with all slots that the skill was called with."""
    reading = replace(chosen, intent=str(data["intent"]), slots=())
    intent, _ = intent_of(reading, skill)
    given = data["slots"].items()
    values = [(name, x) for name, one in given for x in (one if isinstance(one, list) else [one])]
    slots = [_said(chosen, intent, name, str(value)) for name, value in values]
    return replace(reading, slots=tuple(slots))


def _said(chosen: Hypothesis, intent: Intent | None, name: str, value: str) -> SlotValue:
    """The slot as it was said in this turn; one of an earlier turn has its value alone."""
    for slot in chosen.slots:
        if slot.name == name and value_of(slot) == value:
            return slot
    declared = intent.slot(name) if intent is not None else None
    return SlotValue(name, declared.type if declared else "", value, normalised=value)


def value_of(slot: SlotValue) -> str:
    """The value as a skill receives it."""
    return slot.value if slot.normalised is None else slot.normalised


def span_of(slot: SlotValue, text: str) -> tuple[int, int] | None:
    """Where the words of a slot stand in the text that was sent; None if they do not.

    A slot's own span is of the cleaned and perhaps rewritten text. It holds where the words are
    found there; else they are looked for, and count if they stand in one place alone.
    """
    start, end = slot.start, slot.end
    if start is None or end is None:
        return None
    if text[start:end] == slot.value:
        return start, end
    if slot.value and text.count(slot.value) == 1:
        start = text.index(slot.value)
        return start, start + len(slot.value)
    return None
