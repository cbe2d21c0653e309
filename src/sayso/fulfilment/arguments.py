"""Slots -> the arguments of a tool or an operation, in the JSON types that its schema wants.

Imported slots note where their value belongs (`argument`, a path) and of which type it is (`kind`);
a slot that somebody wrote by hand is the argument of its own name, and its slot type tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any

from sayso.errors import FulfilmentError
from sayso.skills.restore import notes
from sayso.types.calls import Call
from sayso.types.context import Context
from sayso.types.readings import SlotValue
from sayso.types.skills import Intent, Skill, Slot

_KINDS = {"AMAZON.NUMBER": "number", "AMAZON.FOUR_DIGIT_NUMBER": "number"}
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Argument:
    """A value and where it belongs. place: `path`, `query` or `body`, empty for a tool's."""

    path: Sequence[str]
    value: Any
    place: str = ""


def intent_of(skill: Skill, call: Call, context: Context) -> Intent:
    """The intent that is called. Raises FulfilmentError where there is none."""
    language = skill.language(context.locale)
    wanted = call.hypothesis.intent if call.hypothesis is not None else ""
    intent = language.intent(wanted) if language is not None else None
    if intent is None:
        raise FulfilmentError(f'the skill has no intent "{wanted}" in {context.locale}')
    return intent


def arguments_of(intent: Intent, call: Call, context: Context) -> list[Argument]:
    """A call's slots as arguments. Raises FulfilmentError for a value of another type."""
    said: dict[str, list[SlotValue]] = {}
    for each in call.hypothesis.slots if call.hypothesis is not None else ():
        said.setdefault(each.name, []).append(each)
    found = []
    for slot in intent.slots:
        values = [_typed(each, slot, context) for each in said.get(slot.name, ())]
        if values:
            noted = notes(slot.extra)
            path = [str(step) for step in noted.get("argument") or (slot.name,)]
            whole = values if slot.multiple else values[0]
            found.append(Argument(path, whole, str(noted.get("place", ""))))
    return found


def nested(arguments: Sequence[Argument]) -> dict[str, Any]:
    """One object of all arguments, each at its path."""
    whole: dict[str, Any] = {}
    for argument in arguments:
        inner = whole
        for step in argument.path[:-1]:
            below = inner.setdefault(step, {})
            if not isinstance(below, dict):
                raise FulfilmentError(f'argument "{step}" is a value and an object at once')
            inner = below
        inner[argument.path[-1]] = argument.value
    return whole


def _typed(value: SlotValue, slot: Slot, context: Context) -> Any:
    text = value.normalised or value.value
    kind = notes(slot.extra).get("kind") or _KINDS.get(slot.type, "")
    read = _READERS.get(str(kind))
    if read is None:
        return text
    try:
        return read(text, context.now.tzinfo)
    except (ValueError, KeyError, OverflowError):
        what = f'{slot.name}: "{text[:100]}" is no {kind}'
        raise FulfilmentError(f"{what}, which the service wants") from None


def _number(text: str, _: tzinfo | None) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number


def _integer(text: str, _: tzinfo | None) -> int:
    number = float(text)
    if not number.is_integer():
        raise ValueError(text)
    return int(number)


def _boolean(text: str, _: tzinfo | None) -> bool:
    return _TRUTHS[text.casefold()]


def _date(text: str, _: tzinfo | None) -> str:
    return date.fromisoformat(text).isoformat()


def _moment(text: str, zone: tzinfo | None) -> str:
    if len(text) > len("2026-11-21"):
        return datetime.fromisoformat(text).isoformat()
    return datetime.combine(date.fromisoformat(text), time(), zone).isoformat()


def _time(text: str, _: tzinfo | None) -> str:
    return time.fromisoformat(text).isoformat()


_READERS: Mapping[str, Any] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "date-time": _moment,
    "time": _time,
}
