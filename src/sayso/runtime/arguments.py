"""Arguments as a program gives them (JSON) <-> values of an intent's slots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sayso.errors import RequestError
from sayso.types.readings import ResolutionStatus, SlotValue
from sayso.types.skills import Intent, Slot
from sayso.understanding import builtin
from sayso.understanding.builtin import Reading
from sayso.understanding.installed import Installed

MOST_LETTERS = 2000  # of one value; more goes into no slot
MOST_VALUES = 100  # of a slot that takes several
FIELD = "arguments"
_WRITTEN = {
    "AMAZON.DATE": "a date such as 2026-11-21",
    "AMAZON.TIME": "a time such as 06:30",
    "AMAZON.DURATION": "a duration such as PT5M",
    "AMAZON.NUMBER": "a number",
}


def slot_values(
    arguments: Mapping[str, Any], intent: Intent, held: Installed, now: datetime, locale: str
) -> tuple[SlotValue, ...]:
    """The values of an intent's slots, in its order, looked up as if they had been said.

    arguments: slot -> text, number, boolean, a list of these, or null for nothing. now: aware.
    Raises RequestError for a name that is no slot, and for what is no value of a slot's type.
    """
    unknown = sorted(name for name in arguments if intent.slot(name) is None)
    if unknown:
        known = ", ".join(slot.name for slot in intent.slots) or "it takes none"
        raise RequestError(f"no argument of {intent.name}; known: {known}", field=_at(unknown[0]))
    return tuple(
        _resolved(text, slot, held, now, locale)
        for slot in intent.slots
        for text in _texts(arguments.get(slot.name), slot)
    )


def _at(name: str) -> str:
    return f"{FIELD}.{name[:100]}"


def _texts(given: Any, slot: Slot) -> Iterator[str]:
    """What was given for a slot, each value as text."""
    values = given if isinstance(given, list) else [] if given is None else [given]
    if len(values) > (MOST_VALUES if slot.multiple else 1):
        most = f"at most {MOST_VALUES} values" if slot.multiple else "one value, not a list"
        raise RequestError(f"takes {most}", field=_at(slot.name))
    for value in values:
        text = str(value).lower() if isinstance(value, bool) else value
        text = format(text, ".15g") if isinstance(text, float) else text
        # Python refuses to write down whole numbers of thousands of digits.
        text = str(text) if isinstance(text, int) and abs(text) < 10**18 else text
        if not isinstance(text, str):
            what = "takes a text, a number or true or false"
            raise RequestError(f"{what}, not {type(value).__name__}", field=_at(slot.name))
        if not 0 < len(text.strip()) <= MOST_LETTERS:
            raise RequestError(f"takes 1 to {MOST_LETTERS} letters", field=_at(slot.name))
        yield text.strip()


def _resolved(text: str, slot: Slot, held: Installed, now: datetime, locale: str) -> SlotValue:
    value = held.resolver.resolve(text, slot, now=now, locale=locale)
    own = held.language.type(slot.type)
    if value.status is ResolutionStatus.MATCHED or own is not None:
        return value
    if builtin.reading(slot.type, locale) in (Reading.GRAMMAR, Reading.LIST):
        wanted = _WRITTEN.get(slot.type, f"a value of {slot.type}")
        raise RequestError(f'"{text[:100]}" is not {wanted}', field=_at(slot.name))
    return value


def understood(slots: Sequence[SlotValue], intent: Intent) -> dict[str, Any]:
    """Slots as arguments that `slot_values` takes: each value in the form that a skill gets."""
    found: dict[str, Any] = {}
    for slot in intent.slots:
        values = [_plain(each) for each in slots if each.name == slot.name]
        if values:
            found[slot.name] = values if slot.multiple else values[0]
    return found


def _plain(value: SlotValue) -> Any:
    text = value.normalised or value.value
    if value.type != "AMAZON.NUMBER":
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number
