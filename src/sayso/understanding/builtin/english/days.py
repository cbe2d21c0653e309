"""What the rules of when.lark for days and longer periods mean: a Day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from sayso.understanding.builtin import dates
from sayso.understanding.builtin.dates import Here, Period, Unfit, one_day
from sayso.understanding.builtin.english.periods import Periods
from sayso.understanding.builtin.holidays import holiday
from sayso.understanding.builtin.lengths import Length
from sayso.understanding.builtin.moments import Day, weekday_in

MIDNIGHT = time()
SATURDAY = 5


class Days(Periods):
    """Rules of when.lark that make a day."""

    def shift(self, days: int) -> Day:
        """Today, tomorrow, the day after tomorrow."""
        return Day(lambda here: one_day(here.today + days * dates.DAY))

    def shift_week(self, days: int, unit: str) -> Day:
        """Tomorrow week, as the British say: a week after tomorrow."""
        return Day(lambda here: one_day(here.today + days * dates.DAY + _weeks(unit)))

    def weekday(self, index: int) -> Day:
        """Friday."""
        return Day(lambda here: dates.weekday("", here.today, index), weekday=index)

    def which_weekday(self, which: str, index: int) -> Day:
        """Next friday."""
        return Day(lambda here: dates.weekday(which, here.today, index))

    def weekday_week(self, index: int, unit: str) -> Day:
        """Friday week, as the British say: a week after friday."""
        weeks = _weeks(unit)
        return Day(lambda here: one_day(dates.weekday("", here.today, index).first + weeks))

    def weekday_in_next_but_one(self, index: int, unit: str) -> Day:
        """Friday the week after next."""
        return self.weekday_of(index, self.after_next(unit))

    def weekday_after_next(self, index: int) -> Day:
        """Friday after next."""
        return Day(
            lambda here: one_day(dates.weekday("next", here.today, index).first + dates.WEEK)
        )

    def weekday_of(self, index: int, period: Day) -> Day:
        """Friday of next week."""
        return Day(lambda here: weekday_in(period.find(here), index))

    def nth(self, position: Any) -> int:
        """The third, the second."""
        return 2 if position == "second" else int(position)

    def day_of_month(self, nth: int) -> Day:
        """The third."""
        return Day(lambda here: dates.day_of_month(here.today, nth), nth=nth)

    def nth_of(self, nth: int, period: Day) -> Day:
        """The third of may, the third of next month."""
        if period.month:
            return self._date(*period.month, nth)
        return Day(lambda here: dates.nth_day(_month_at_most(period.find(here)), nth))

    def nth_of_unit(self, nth: int, unit: str) -> Day:
        """The first of the month: the coming one."""
        if unit == "month":
            return self.day_of_month(nth)
        return self.nth_of(nth, self.this_unit(unit))

    def nth_weekday(self, nth: int, index: int, period: Day) -> Day:
        """The first monday in may."""
        return _within(period, lambda found: dates.nth_weekday(found, nth, index))

    def nth_weekend(self, nth: int, _weekend: str, period: Day) -> Day:
        """The second weekend in december."""
        return _within(period, lambda found: _weekend_from(dates.nth_weekday(found, nth, SATURDAY)))

    def last_weekday(self, which: str, index: int, period: Day) -> Day:
        """The last friday of the month."""
        _must_be_last(which)
        return _within(period, lambda found: dates.nth_weekday(found, -1, index))

    def nth_unit(self, nth: int, unit: str, period: Day) -> Day:
        """The first week of december, the tenth day of the month."""
        return _within(period, lambda found: _nth_unit(found, nth, unit))

    def last_unit(self, which: str, unit: str, period: Day) -> Day:
        """The last week of december."""
        _must_be_last(which)
        return _within(period, lambda found: _nth_unit(found, -1, unit))

    def edge(self, side: int, period: Day) -> Day:
        """The end of the month: its last day."""
        return _within(period, lambda found: dates.nth_day(found, side))

    def month_day(self, month: int, day: Any, year: str | None = None) -> Day:
        """May third, may 3 2027."""
        return self._date(month, int(year) if year else None, int(day))

    def day_month(self, day: str, month: int, year: str | None = None) -> Day:
        """3 may 2027."""
        return self.month_day(month, day, year)

    def iso_date(self, text: str) -> Day:
        """2026-11-22."""
        day = date.fromisoformat(text)
        return Day(lambda here: one_day(day))

    def slash_date(self, numbers: tuple[int, ...]) -> Day:
        """3/5 or 3/5/2027: the month comes first in the United States, the day elsewhere."""
        if len(numbers) == 3 and numbers[0] > 999:
            day = date(*numbers)
            return Day(lambda here: one_day(day))
        year = None if len(numbers) == 2 else numbers[2] + (2000 if numbers[2] < 100 else 0)

        def find(here: Here) -> Period:
            american = here.region in ("US", "")
            month, day = numbers[:2] if american else (numbers[1], numbers[0])
            if not 1 <= month <= 12:
                raise Unfit("no such month")
            return dates.month_day(here.today, month, day, year)

        return Day(find)

    def holiday(self, name: str) -> Day:
        """Christmas."""
        return self.which_holiday("this", name)

    def which_holiday(self, which: str, name: str) -> Day:
        """Last christmas."""
        return Day(lambda here: holiday(which, here, name))

    def holiday_in(self, name: str, year: str) -> Day:
        """Christmas 2027."""
        return Day(lambda here: holiday("", here, name, int(year)))

    # -- counted from another day

    def days_after(self, length: Length, day: Day, sign: int = 1) -> Day:
        """A week from friday."""

        def find(here: Here) -> Period:
            base = day.find(here)
            if base.first != base.last or length.finest in ("hour", "minute", "second"):
                raise Unfit("counted from what day?")
            moved = length.after(datetime.combine(base.first, MIDNIGHT), sign)
            return one_day(moved.date())

        return Day(find)

    def days_before(self, length: Length, day: Day) -> Day:
        """Two days before christmas."""
        return self.days_after(length, day, -1)

    def days_after_shift(self, length: Length, shift: int) -> Day:
        """A week tomorrow."""
        return self.days_after(length, self.shift(shift))

    def unit_after(self, unit: str, day: Day) -> Day:
        """The day after christmas, the week after."""
        return _beside(unit, day, 1)

    def unit_before(self, unit: str, day: Day) -> Day:
        """The day before christmas, the week before."""
        return _beside(unit, day, -1)

    def _date(self, month: int, year: int | None, day: int) -> Day:
        return Day(lambda here: dates.month_day(here.today, month, day, year))


def _weeks(unit: str) -> timedelta:
    """What `week` or `fortnight` adds to a day named before it."""
    if unit not in ("week", "fortnight"):
        raise Unfit("friday what?")
    return dates.WEEK * (2 if unit == "fortnight" else 1)


def _weekend_from(saturday: Period) -> Period:
    return dates.weekend_of(saturday.first)


def _beside(unit: str, day: Day, step: int) -> Day:
    """The day, week, ... after or before that of a day."""

    def find(here: Here) -> Period:
        base = day.find(here)
        if base.first != base.last:
            raise Unfit("counted from what day?")
        return dates.unit(step, base.first, unit)

    return Day(find)


def _must_be_last(which: str) -> None:
    if which != "last":
        raise Unfit("only the last of a period")


def _month_at_most(period: Period) -> Period:
    if (period.last - period.first).days > 31:
        raise Unfit("the day of which month?")
    return period


def _nth_unit(period: Period, nth: int, unit: str) -> Period:
    if unit == "day":
        return dates.nth_day(period, nth)
    if unit != "week":
        raise Unfit("only days and weeks are counted")
    return dates.week_of(dates.nth_day(period, 7 * nth - 6 if nth > 0 else nth).first)


def _within(period: Day, part: Callable[[Period], Period]) -> Day:
    """A part of a period; where the period is a bare month, the coming one if it has passed."""

    def find(here: Here) -> Period:
        found = part(period.find(here))
        if found.last < here.today and period.month and period.month[1] is None:
            later = dates.month("next", here.today, period.month[0])
            return part(later)
        return found

    return Day(find)
