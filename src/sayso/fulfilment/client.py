"""A skill that has no back-end here: whoever asked is told what to do, and does it.

Home Assistant does its own intents, a Hermes handler those of its skill, a program those that it
was written for. What is missing is asked for here, what has to be agreed to is, and only then is it
left to them, as the reply's `data`:

    {"intent": "Dim", "slots": {"lamp": "ceiling lamp", "percent": "40"}}

`corrects` has the slots with which the same was just done, where this puts that right and the skill
names no intent that takes it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sayso.skills.builtin_intents import PREFIX
from sayso.types.calls import Answer, Call
from sayso.types.readings import SlotValue


def has_to_do(call: Call) -> bool:
    """Whether a call is something to do: not when a skill is opened, closed, or stopped."""
    return call.hypothesis is not None and not call.hypothesis.intent.startswith(PREFIX)


def leave(answer: Answer, call: Call) -> Answer:
    """The answer, with what is left to do. A slot of several values has a list of them."""
    if call.hypothesis is None or not has_to_do(call):
        return answer
    data = {"intent": call.hypothesis.intent, "slots": _values(call.hypothesis.slots)}
    if call.hypothesis.corrects is not None:
        data["corrects"] = _values(call.hypothesis.corrects.slots)
    return replace(answer, data=data)


def _values(said: Sequence[SlotValue]) -> dict[str, Any]:
    slots: dict[str, Any] = {}
    for slot in said:
        value = slot.value if slot.normalised is None else slot.normalised
        before = slots.get(slot.name)
        several = [*before, value] if isinstance(before, list) else [before, value]
        slots[slot.name] = value if before is None else several
    return slots
