"""Days, weeks, months and seasons as AMAZON.DATE writes them, and how to step between them.

Weeks run from Monday to Sunday (ISO 8601). Seasons are those of the northern half, whole months,
named for the year in which they begin.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
FIRST_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


class Unfit(ValueError):
    """Words that have the shape of a value but make none: the 31st of June, 25 o'clock."""


@dataclass(frozen=True, slots=True)
class Here:
    """When and where something is said: `now` is aware, `region` such as `US` or empty."""

    now: datetime
    region: str = ""

    @property
    def today(self) -> date:
        """The day it is said."""
        return self.now.date()


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included; `iso` as AMAZON.DATE writes it."""

    first: date
    last: date
    iso: str


def one_day(day: date) -> Period:
    """A single day: 2026-11-22."""
    return Period(day, day, day.isoformat())


def week_of(day: date) -> Period:
    """The week that holds a day: 2026-W47."""
    year, week, weekday = day.isocalendar()
    monday = day - (weekday - 1) * DAY
    return Period(monday, monday + 6 * DAY, f"{year:04d}-W{week:02d}")


def weekend_of(day: date) -> Period:
    """The weekend of a day's week: 2026-W47-WE."""
    week = week_of(day)
    return Period(week.last - DAY, week.last, f"{week.iso}-WE")


def month_of(year: int, month: int) -> Period:
    """A month: 2026-12."""
    last = calendar.monthrange(year, month)[1]
    return Period(date(year, month, 1), date(year, month, last), f"{year:04d}-{month:02d}")


def year_of(year: int) -> Period:
    """A year: 2027."""
    return Period(date(year, 1, 1), date(year, 12, 31), f"{year:04d}")


def quarter_of(year: int, quarter: int) -> Period:
    """A quarter of a year, 1 to 4: 2026-Q4."""
    first = date(year, 3 * quarter - 2, 1)
    return Period(first, add_months(first, 3) - DAY, f"{year:04d}-Q{quarter}")


def decade_of(year: int) -> Period:
    """The decade of a year: 202X."""
    first = year - year % 10
    return Period(date(first, 1, 1), date(first + 9, 12, 31), f"{first // 10:03d}X")


def season_of(year: int, season: str) -> Period:
    """A season that begins in `year`: 2026-WI runs from December 2026 to February 2027."""
    first = month_of(year, FIRST_MONTHS[season])
    return Period(first.first, add_months(first.first, 3) - DAY, f"{year:04d}-{season}")


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def around(today: date) -> Iterator[int]:
    """Years in which something yearly may fall: last, this and the next eight (29 February)."""
    return iter(range(today.year - 1, today.year + 9))


def pick(which: str, today: date, choices: list[Period]) -> Period:
    """The one that `which` means among periods in order of time.

    which: ``, `this` or `coming`: the one that holds today, else the next; `next`: the first that
    begins after today; `last`: the last that ended before today.
    """
    if which == "last":
        past = [period for period in choices if period.last < today]
        choices = past[-1:]
    elif which == "next":
        choices = [period for period in choices if period.first > today]
    else:
        choices = [period for period in choices if period.last >= today]
    if not choices:
        raise Unfit("no such date nearby")
    return choices[0]


def weekday(which: str, today: date, index: int) -> Period:
    """A day of the week, Monday is 0.

    `friday`: the next one, never today; `this friday`: today or the next one; `next friday`:
    that of next week; `last friday`: the latest before today. `coming` is as if left out.
    """
    ahead = (index - today.weekday()) % 7
    if which == "next":
        return one_day(week_of(today + WEEK).first + index * DAY)
    if which == "last":
        return one_day(today + ahead * DAY - WEEK)
    return one_day(today + (ahead or (0 if which == "this" else 7)) * DAY)


def month(which: str, today: date, index: int) -> Period:
    """A month by its name, January is 1: the present or coming one, the next, the last."""
    return pick(which, today, [month_of(year, index) for year in around(today)])


def season(which: str, today: date, code: str) -> Period:
    """A season by its code: the present or coming one, the next, the last."""
    return pick(which, today, [season_of(year, code) for year in around(today)])


def quarter(today: date, number: int) -> Period:
    """A quarter by its number: the present or coming one."""
    return pick("", today, [quarter_of(year, number) for year in around(today)])


def numbered_week(today: date, number: int) -> Period:
    """A week by its number in the year (ISO 8601): the present or coming one."""
    years = [year for year in around(today) if number == 53 or 0 < number < 53]
    weeks = [week_of(date(year, 1, 4) + (number - 1) * WEEK) for year in years]
    # Few years have a week 53; in the others the count runs into the next year.
    return pick("", today, [week for week in weeks if week.iso.endswith(f"W{number:02d}")])


def unit(step: int, today: date, name: str) -> Period:
    """The present week, month, year, ... (step 0), or one before or after it.

    Raises Unfit for hours and such.
    """
    if name == "day":
        return one_day(today + step * DAY)
    if name == "week":
        return week_of(today + step * WEEK)
    if name == "weekend":
        return weekend_of(today + step * WEEK)
    if name == "month":
        there = add_months(today.replace(day=1), step)
        return month_of(there.year, there.month)
    if name == "quarter":
        there = add_months(today.replace(day=1), 3 * step)
        return quarter_of(there.year, (there.month + 2) // 3)
    if name == "year":
        return year_of(today.year + step)
    if name == "decade":
        return decade_of(today.year + 10 * step)
    raise Unfit(f"{name} is no date")


def month_day(today: date, index: int, day: int, year: int | None = None) -> Period:
    """A day of a month; without a year, the next one, today included."""
    years = [year] if year is not None else list(around(today))
    days = [
        one_day(date(year, index, day))
        for year in years
        if 1 <= day <= calendar.monthrange(year, index)[1]
    ]
    return pick("", today, days) if year is None else _only(days)


def day_of_month(today: date, day: int, weekday: int | None = None) -> Period:
    """The next such day of a month, today included, that is also such a weekday (Monday is 0)."""
    month = today.replace(day=1)
    for _ in range(60):
        if 1 <= day <= calendar.monthrange(month.year, month.month)[1]:
            found = month.replace(day=day)
            if found >= today and weekday in (None, found.weekday()):
                return one_day(found)
        month = add_months(month, 1)
    raise Unfit("no such day of the month")


def nth_weekday(period: Period, nth: int, index: int) -> Period:
    """The nth such weekday within a period, counted from its end if nth is negative."""
    start = period.first + ((index - period.first.weekday()) % 7) * DAY
    count = (period.last - start).days // 7 + 1
    position = nth - 1 if nth > 0 else count + nth
    if not 0 <= position < count:
        raise Unfit("no such weekday in it")
    return one_day(start + position * WEEK)


def nth_day(period: Period, nth: int) -> Period:
    """The nth day of a period, counted from its end if nth is negative."""
    day = period.first + (nth - 1) * DAY if nth > 0 else period.last + (nth + 1) * DAY
    if not period.first <= day <= period.last:
        raise Unfit("no such day in it")
    return one_day(day)


def _only(days: list[Period]) -> Period:
    if not days:
        raise Unfit("the month has no such day")
    return days[0]
