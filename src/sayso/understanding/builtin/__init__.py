"""Values of Alexa's built-in slot types, from the words said: `half past six` is 06:30.

    value("AMAZON.DATE", "next tuesday", now=now, locale="en-US")    one value, as Alexa sends it
    spans("AMAZON.TIME", "at half past six please", ...)             where values lie in a text
    moment("half past six tomorrow morning", ...)                    a moment as a datetime
    prepare("en-US")                                                 read the grammars beforehand

A type is read by a grammar, by a list, by a list that is open, or is free text: `reading` says
which, docs/values.md says it of every type known. A locale whose tongue has no grammar here
understands figures and ISO 8601 alone; one whose tongue has no lists takes any words for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from importlib import import_module
from typing import Any, cast

from sayso.skills.builtin_types import FREE_TEXT, PREFIX, list_name
from sayso.types.locales import language_of
from sayso.understanding.builtin.dates import Here
from sayso.understanding.builtin.lengths import decimal
from sayso.understanding.builtin.lists import full_list, known
from sayso.understanding.builtin.plain import four_digits, phone, plain

# type -> what the tongue's grammar reads it as
KINDS = {
    "AMAZON.NUMBER": "number",
    "AMAZON.FOUR_DIGIT_NUMBER": "digits",
    "AMAZON.Ordinal": "ordinal",
    "AMAZON.TIME": "when",
    "AMAZON.DATE": "when",
    "AMAZON.DURATION": "duration",
    "AMAZON.PhoneNumber": "digits",
}
# tongue -> module with `pieces`, `bare`, `lengths`, `meaning`, `LEADING`, loaded when first spoken
TONGUES = {"en": "sayso.understanding.builtin.english"}

LONGEST_VALUE = 32  # words with a meaning
MOST_LETTERS = 2000  # of a text; what comes after them is not looked at


def is_builtin(type_name: str) -> bool:
    """Whether this is a type of Alexa's, which a skill need not define."""
    return type_name.startswith(PREFIX)


class Reading(StrEnum):
    """How the words of a built-in type become its value."""

    GRAMMAR = "grammar"  # numbers, dates, times: other words have no value
    LIST = "list"  # other words have no value
    OPEN = "open list"  # as the list spells it, else the words said
    TEXT = "free text"  # the words said


def reading(type_name: str, locale: str) -> Reading:
    """How a built-in type is read; one that is unknown is read as its ending is: US_CITY, City."""
    name = _served_by(type_name)
    if name in KINDS:
        return Reading.GRAMMAR
    if name == FREE_TEXT:
        return Reading.TEXT
    values = full_list(name, locale)
    return Reading.LIST if values and values.closed else Reading.OPEN


def prepare(locale: str) -> None:
    """Read the grammars and lists of a locale's tongue now, not when first spoken (0.1 s)."""
    now = datetime(2000, 1, 1, tzinfo=UTC)
    for kind in (*KINDS, "AMAZON.Month"):
        value(kind, "one", now=now, locale=locale)


def value(type_name: str, words: str, *, now: datetime, locale: str) -> str | None:
    """The value of a built-in type in the form Alexa sends; None if the words are no such value.

    now: aware; when it is said. locale: BCP 47. Numbers come as digits (`2.5`), dates, times and
    durations in ISO 8601 and Alexa's extensions (`2026-W48-WE`, `2026-WI`, `202X`, `EV`,
    `PRESENT_REF`). A time within a date, or the other way round, is left aside: `seven tomorrow`
    has a value of both types.
    """
    type_name = _served_by(type_name)
    if type_name not in KINDS:
        return _listed(type_name, " ".join(words.split()), locale)
    written = plain(type_name, words)
    tongue = _tongue(locale)
    if written is not None or tongue is None:
        return written
    pieces = _said(tongue, KINDS[type_name], words)
    if not 0 < len(pieces) <= LONGEST_VALUE:
        return None
    return _value(tongue, type_name, pieces, _here(now, locale))


def spans(type_name: str, text: str, *, now: datetime, locale: str) -> list[tuple[int, int, str]]:
    """Where values of a built-in type lie in a text: start, end, value; apart, as long as can be.

    Free text and samples of names have none, nor do tongues without a grammar or a full list.
    Reads the first 2,000 letters. The words alone decide: `may` is a month here.
    """
    type_name, tongue = _served_by(type_name), _tongue(locale)
    if tongue is None or type_name not in KINDS:
        values = full_list(type_name, locale)
        return values.spans(text[:MOST_LETTERS]) if values else []
    pieces = tongue.pieces(KINDS[type_name], text[:MOST_LETTERS])
    here, found, at = _here(now, locale), [], 0
    while at < len(pieces):
        size, said = _longest(tongue, type_name, pieces[at : at + LONGEST_VALUE], here)
        if size:
            found.append((pieces[at].start, pieces[at + size - 1].end, said))
        at += size or 1
    return found


def moment(words: str, *, now: datetime, locale: str) -> datetime | None:
    """The moment that words mean, aware, in the zone of `now`; None if they mean none.

    `in twenty minutes`, `tomorrow at seven`, `half past six`: without a day it is the next such
    time, and if they leave open which half of the day, the nearer one.
    """
    tongue = _tongue(locale)
    pieces = _said(tongue, "when", words) if tongue else []
    if tongue is None or len(pieces) > LONGEST_VALUE:
        return None
    when = tongue.meaning("when", pieces)
    try:
        return when.at(_here(now, locale)) if when else None
    except (ValueError, OverflowError):
        return None


def _served_by(type_name: str) -> str:
    """The built-in type that a type is read as: AMAZON.FOUR_DIGIT as AMAZON.FOUR_DIGIT_NUMBER."""
    return type_name if type_name in KINDS else PREFIX + list_name(type_name)


def _listed(type_name: str, words: str, locale: str) -> str | None:
    if type_name == FREE_TEXT or not words:
        return words or None
    values = full_list(type_name, locale)
    found = values.value(words) if values else known(type_name, words, locale)
    return found if values and values.closed else found or words


@lru_cache(maxsize=256)
def _tongue(locale: str) -> Any:
    name = TONGUES.get(language_of(locale))
    return import_module(name) if name else None


def _here(now: datetime, locale: str) -> Here:
    return Here(now, _region(locale))


@lru_cache(maxsize=256)
def _region(locale: str) -> str:
    region = locale.replace("_", "-").split("-")[-1]
    return region.upper() if len(region) == 2 and region != locale else ""


def _said(tongue: Any, kind: str, words: str) -> list[Any]:
    """The pieces of the words, less those that stand around a value: at six, the second one."""
    if len(words) > MOST_LETTERS:
        return []
    return list(tongue.bare(kind, tongue.pieces(kind, words)))


def _longest(tongue: Any, type_name: str, pieces: Sequence[Any], here: Here) -> tuple[int, str]:
    """How many of the pieces, from the first, are a value, at most; and the value."""
    if pieces[0].terminal in tongue.LEADING:
        return 0, ""
    for size in tongue.lengths(KINDS[type_name], pieces):
        said = _value(tongue, type_name, pieces[:size], here)
        if said is not None:
            return size, said
    return 0, ""


def _value(tongue: Any, type_name: str, pieces: Sequence[Any], here: Here) -> str | None:
    meaning = tongue.meaning(KINDS[type_name], pieces)
    try:
        if type_name == "AMAZON.FOUR_DIGIT_NUMBER":
            return four_digits(meaning) or _thousands(tongue.meaning("number", pieces))
        return None if meaning is None else _written(type_name, meaning, here)
    except (ValueError, OverflowError):
        # No such day, or one beyond the calendar: the 31st of June, in a million years.
        return None


def _written(type_name: str, meaning: Any, here: Here) -> str | None:
    if type_name == "AMAZON.TIME":
        return cast("str | None", meaning.time(here))
    if type_name == "AMAZON.DATE":
        return cast("str | None", meaning.date(here))
    if type_name == "AMAZON.DURATION":
        return str(meaning.iso)
    return phone(meaning) if type_name == "AMAZON.PhoneNumber" else decimal(meaning)


def _thousands(number: Fraction | None) -> str | None:
    return None if number is None else four_digits(decimal(number))
