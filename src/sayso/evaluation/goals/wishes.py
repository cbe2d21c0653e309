"""Values that people want: in their words, and in the forms in which a back-end may get them.

What a value means is worked out here and never by the engine that is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.skills import Language, Slot

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_HALVES = (("in the morning", 5, 11), ("in the evening", 17, 21), ("pm", 13, 23), ("am", 5, 11))


@dataclass(frozen=True, slots=True)
class Wish:
    """A value as it is said, and what a back-end may get for it, in lower case.

    A time without its half of the day may be either.
    """

    said: str
    meant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Draw:
    """How a slot's values are drawn: numbers from `low` to `high`; of a catalogue, these words."""

    low: int = 1
    high: int = 100
    words: Sequence[str] = ()


def wish(slot: Slot, language: Language, draw: Draw, now: datetime, lot: Random) -> Wish:
    """A value of the slot's type. now: the day that "tomorrow" is counted from.

    Raises ValueError for a type of which no values are known here.
    """
    own = language.type(slot.type)
    if own is not None and own.values:
        names = {
            name.casefold(): value.value
            for value in own.values
            for name in (*value.synonyms, value.value)
        }
        said = lot.choice(draw.words or list(names))
        return Wish(said, frozenset((names[said.casefold()].casefold(),)))
    if slot.type == "AMAZON.NUMBER":
        number = lot.randint(draw.low, draw.high)
        return Wish(lot.choice((str(number), spelled(number))), frozenset((str(number),)))
    if slot.type == "AMAZON.TIME":
        return _time(lot)
    if slot.type == "AMAZON.DATE":
        return _date(now.date(), lot)
    if slot.type == "AMAZON.DURATION":
        return _duration(draw, lot)
    known = "a type with values, AMAZON.NUMBER, TIME, DATE or DURATION"
    hint = "any words are its value" if slot.type == FREE_TEXT else "none are known"
    raise ValueError(
        f'no values to draw for slot "{slot.name}" of {slot.type}: {hint}; use {known}'
    )


def spelled(number: int) -> str:
    """A number from 0 to 999 in English words, without hyphens, as a recogniser writes it."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        ones = f" {_ONES[number % 10]}" if number % 10 else ""
        return _TENS[number // 10 - 2] + ones
    rest = f" {spelled(number % 100)}" if number % 100 else ""
    return f"{_ONES[number // 100]} hundred{rest}"


def _time(lot: Random) -> Wish:
    if lot.random() < 0.15:
        hour = lot.randint(7, 11)
        either = (f"{hour:02}:00", f"{hour + 12:02}:00")
        return Wish(lot.choice((f"{hour} o'clock", _ONES[hour])), frozenset(either))
    half, first, last = lot.choice(_HALVES)
    hour, minute = lot.randint(first, last), lot.choice((0, 0, 15, 30, 45, 20))
    said = hour % 12 or 12
    if minute == 0:
        words = lot.choice((_ONES[said], str(said)))
    elif minute in (15, 30) and half.startswith("in the"):
        words = f"{'half' if minute == 30 else 'a quarter'} past {_ONES[said]}"
    else:
        words = lot.choice((f"{said}:{minute:02}", f"{_ONES[said]} {spelled(minute)}"))
    return Wish(f"{words} {half}", frozenset((f"{hour:02}:{minute:02}",)))


def _date(today: date, lot: Random) -> Wish:
    kind = lot.randrange(4)
    if kind == 0:
        day, said = today + timedelta(days=1), "tomorrow"
    elif kind == 1:
        # Neither today's name nor tomorrow's: nobody says "on Friday" on a Thursday.
        day = today + timedelta(days=lot.randint(2, 6))
        said = f"on {_DAYS[day.weekday()]}"
    elif kind == 2:
        day, said = today + timedelta(days=2), "the day after tomorrow"
    else:
        day = today + timedelta(days=lot.randint(9, 60))
        said = f"on {_MONTHS[day.month - 1]} {day.day}{_ordinal(day.day)}"
    return Wish(said, frozenset((day.isoformat(),)))


def _ordinal(day: int) -> str:
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _duration(draw: Draw, lot: Random) -> Wish:
    kind = lot.randrange(6)
    if kind == 0 and draw.high > 60:
        return Wish("an hour and a half", frozenset(("pt1h30m", "pt90m")))
    if kind == 1 and draw.high > 60:
        return Wish("half an hour", frozenset(("pt30m",)))
    if kind == 2 and draw.high > 60:
        return Wish("45 seconds", frozenset(("pt45s",)))
    minutes = lot.randint(max(2, draw.low), min(55, draw.high))
    return Wish(
        f"{lot.choice((str(minutes), spelled(minutes)))} minutes", frozenset((f"pt{minutes}m",))
    )
