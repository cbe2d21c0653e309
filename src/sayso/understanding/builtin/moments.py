"""A time of day, a day, or both, as they were said; made into values when it is known when.

Without a word for the half of the day an hour is taken as it is said: seven is 07:00.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sayso.understanding.builtin.dates import (
    DAY,
    Here,
    Period,
    Unfit,
    day_of_month,
    nth_weekday,
    one_day,
    week_of,
    year_of,
)
from sayso.understanding.builtin.lengths import Length

NOON = 12 * 60
MIDNIGHT = 24 * 60
NEVER = -1
YEARS = range(1000, 3000)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day.

    minutes: from midnight, or NEVER: a year is no time of day.
    sure: whether the half of the day is known.
    number: the bare number it was said as, which may be a year instead.
    """

    minutes: int
    second: int | None = None
    sure: bool = False
    number: int | None = None

    def on(self, half: str) -> Clock:
        """On that half of the day (`am`, `pm`) or in that part of it (`MO`, `AF`, `EV`, `NI`)."""
        if self.minutes == NEVER:
            raise Unfit("no time of day")
        if (half == "am" and self.minutes >= NOON + 60) or (half == "pm" and self.minutes < 60):
            raise Unfit("13 am, 0 pm")
        if self.sure or not half:
            return self
        twelve = self.minutes % NOON
        late = {
            "am": False,
            "MO": False,
            "pm": True,
            "AF": True,
            "EV": twelve >= 60,
            "NI": twelve >= 6 * 60,
        }[half]
        return replace(self, minutes=twelve + NOON * late, sure=True)

    def moved(self, minutes: int) -> Clock:
        """So many minutes later, or earlier."""
        there = self.on("").minutes + minutes
        if self.sure:
            return replace(self, minutes=there % MIDNIGHT, number=None)
        # A quarter to one is 12:45, as long as nobody speaks of a half of the day.
        return replace(self, minutes=(there - 60) % NOON + 60, number=None)

    @property
    def iso(self) -> str:
        """06:30, or 15:26:11 where seconds were said."""
        text = f"{self.minutes // 60:02d}:{self.minutes % 60:02d}"
        return text if self.second is None else f"{text}:{self.second:02d}"


def clock(
    hour: int, minute: int = 0, second: int | None = None, number: int | None = None
) -> Clock:
    """A time of day from what a clock shows; from 13:00 on the half of the day is known."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= (second or 0) < 60):
        if (hour, minute, second or 0) != (24, 0, 0):
            raise Unfit("no such time")
        hour = 0
    return Clock(60 * hour + minute, second, not 1 <= hour <= 12, number)


@dataclass(frozen=True, slots=True)
class Day:
    """A day or a longer period, found when it is known when it is said.

    weekday: it is just such a day, Monday is 0. nth: it is just that day of some month.
    month: it is just a month: its number, and its year if that was said.
    """

    find: Callable[[Here], Period]
    weekday: int | None = None
    nth: int | None = None
    month: tuple[int, int | None] | None = None


@dataclass(frozen=True, slots=True)
class When:
    """All that was said of a moment.

    part: of the day: MO, AF, EV, NI or empty. ahead: so much from now on; sign -1 is ago.
    present: it is now. repeats: again and again, so it has a time of day but no date.
    """

    days: tuple[Day, ...] = ()
    clock: Clock | None = None
    part: str = ""
    ahead: tuple[Length, int] | None = None
    present: bool = False
    repeats: bool = False

    def __add__(self, other: When) -> When:
        """Both together. Raises Unfit for two times of day, or two of anything but days."""
        if self == When():
            return other
        twice = (self.clock and other.clock, self.part and other.part, self.ahead and other.ahead)
        if any(twice) or (self.present or other.present):
            raise Unfit("said twice")
        return When(
            self.days + other.days,
            self.clock or other.clock,
            self.part or other.part,
            self.ahead or other.ahead,
            repeats=self.repeats or other.repeats,
        )

    def date(self, here: Here) -> str | None:
        """As AMAZON.DATE; None if no day was said."""
        if self.repeats:
            return None
        if self.present:
            return "PRESENT_REF"
        number = self.clock.number if self.clock else None
        if number is not None and number in YEARS and self == When(clock=self.clock):
            return year_of(number).iso
        period = self.period(here)
        return period.iso if period else None

    def period(self, here: Here) -> Period | None:
        """The day or days that were said, if any."""
        if self.ahead:
            if self.days:
                raise Unfit("two days")
            length, sign = self.ahead
            return one_day(length.after(here.now, sign).date())
        return _together(self.days, here) if self.days else None

    def time(self, here: Here) -> str | None:
        """As AMAZON.TIME; None if no time of day was said."""
        if self.clock:
            return self._clock().iso
        if self.present:
            return here.now.strftime("%H:%M")
        if self.ahead and self.ahead[0].finest in ("hour", "minute", "second"):
            length, sign = self.ahead
            exact = "%H:%M:%S" if length.finest == "second" else "%H:%M"
            return length.after(here.now, sign).strftime(exact)
        return self.part or None

    def at(self, here: Here) -> datetime | None:
        """The moment itself, aware; None unless a time of day or a length from now was said.

        Without a day it is the next such time; where the half of the day is open, the nearer one.
        """
        if self.repeats:
            return None
        if self.present:
            return here.now
        if self.ahead and not self.clock:
            length, sign = self.ahead
            return length.after(here.now, sign)
        if not self.clock:
            return None
        period = self.period(here)
        if period is None:
            return self._coming(here)
        if period.first != period.last:
            return None
        return _moment(period.first, self._clock(), here) + DAY * self._small_hours()

    def _clock(self) -> Clock:
        if not self.clock or (self.ahead and self.ahead[0].finest in ("hour", "minute", "second")):
            raise Unfit("two times of day")
        return self.clock.on(self.part)

    def _small_hours(self) -> bool:
        """One at night, and midnight of a night, belong to the day after."""
        return self.part == "NI" and self._clock().minutes < 6 * 60

    def _coming(self, here: Here) -> datetime:
        said = self._clock()
        halves = [said] if said.sure else [said.on("am"), said.on("pm")]
        return min(
            moment
            for day in range(2)
            for half in halves
            if (moment := _moment(here.today + day * DAY, half, here)) > here.now
        )


def _moment(day: date, said: Clock, here: Here) -> datetime:
    wall = time(said.minutes // 60, said.minutes % 60, said.second or 0, tzinfo=here.now.tzinfo)
    return datetime.combine(day, wall)


def _together(days: tuple[Day, ...], here: Here) -> Period:
    """One day, or a day of the week with a date or a week: tuesday the 3rd, friday next week."""
    if len(days) == 1:
        return days[0].find(here)
    if len(days) > 2 or (days[0].weekday is None) == (days[1].weekday is None):
        raise Unfit("two days")
    named, other = sorted(days, key=lambda day: day.weekday is None)
    if other.nth is not None:
        return day_of_month(here.today, other.nth, named.weekday)
    return weekday_in(other.find(here), named.weekday or 0)


def weekday_in(period: Period, index: int) -> Period:
    """That weekday of a week, or the very day if it is one. Raises Unfit otherwise."""
    if period.first == period.last and period.first.weekday() == index:
        return period
    if week_of(period.first).iso == period.iso:
        return nth_weekday(period, 1, index)
    raise Unfit("another day of the week")


def clock_of_number(number: int) -> Clock:
    """Seven, 730, eighteen hundred; 1984, which is a year."""
    hour, minute = divmod(number, 100) if number > 99 else (number, 0)
    if number in YEARS and number != 2400 and not (hour < 24 and minute < 60):
        return Clock(NEVER, number=number)
    return clock(hour, minute, number=number)


def minutes_of(length: Length) -> int:
    """Whole minutes of a length below twelve hours; raises Unfit otherwise."""
    minutes = length.seconds / 60
    if minutes.denominator != 1 or minutes >= NOON:
        raise Unfit("not so many minutes before or after an hour")
    return int(minutes)
