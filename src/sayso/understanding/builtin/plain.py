"""Values written in figures or ISO 8601, which need no tongue: 5, 06:30, 2026-W48, PT5M."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from sayso.understanding.builtin.dates import one_day, week_of, weekend_of
from sayso.understanding.builtin.lengths import decimal
from sayso.understanding.builtin.moments import clock

_NUMBER = re.compile(r"[-−]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::([0-9]{2}))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])")
_YEAR = re.compile(r"[12][0-9]{3}|[12][0-9]{2}X|[12][0-9]{3}-(?:WI|SP|SU|FA|Q[1-4])")
_WEEK = re.compile(r"([12][0-9]{3})-W([0-9]{1,2})(-WE)?")
_DURATION = re.compile(
    r"P(?=[0-9T])(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?"
    r"(?:T(?=[0-9])(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
    re.ASCII,
)
_DIGITS = re.compile(r"\+?[0-9][0-9 ().-]*")


def plain(type_name: str, words: str) -> str | None:
    """The value of a built-in type, written as such; None if it is written in words, or wrong."""
    read = _READERS.get(type_name)
    try:
        return read(words.strip()) if read else None
    except (ValueError, OverflowError):
        return None


def _number(words: str) -> str | None:
    if not _NUMBER.fullmatch(words):
        return None
    number: Fraction = Fraction(words.replace("−", "-"))
    return decimal(number)


def _ordinal(words: str) -> str | None:
    number = words.removesuffix(".")
    return str(int(number)) if re.fullmatch(r"[0-9]{1,9}", number) else None


def _time(words: str) -> str | None:
    found = _TIME.fullmatch(words)
    return clock(*(int(part) for part in found.groups() if part)).iso if found else None


def _date(words: str) -> str | None:
    if _DAY.fullmatch(words):
        return one_day(date.fromisoformat(words)).iso
    if found := _WEEK.fullmatch(words):
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return (weekend_of if found[3] else week_of)(monday).iso
    return words if _MONTH.fullmatch(words) or _YEAR.fullmatch(words) else None


def _duration(words: str) -> str | None:
    return words if _DURATION.fullmatch(words) else None


def four_digits(digits: str | None) -> str | None:
    """The digits, if they are four."""
    return digits if digits and len(digits) == 4 and digits.isdecimal() else None


def phone(digits: str | None) -> str | None:
    """The digits, if they may be a phone number: three to fifteen (ITU-T E.164)."""
    return digits if digits and 3 <= len(digits.removeprefix("+")) <= 15 else None


def _bare(words: str) -> str | None:
    return re.sub(r"[ ().-]", "", words) if _DIGITS.fullmatch(words) else None


_READERS: dict[str, Callable[[str], str | None]] = {
    "AMAZON.NUMBER": _number,
    "AMAZON.FOUR_DIGIT_NUMBER": lambda words: four_digits(_bare(words)),
    "AMAZON.Ordinal": _ordinal,
    "AMAZON.TIME": _time,
    "AMAZON.DATE": _date,
    "AMAZON.DURATION": _duration,
    "AMAZON.PhoneNumber": lambda words: phone(_bare(words)),
}
