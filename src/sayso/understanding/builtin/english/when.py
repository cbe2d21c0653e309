"""What the rules of when.lark mean: a When."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

from sayso.understanding.builtin import dates
from sayso.understanding.builtin.dates import Here, Period, Unfit, one_day
from sayso.understanding.builtin.english.durations import Durations
from sayso.understanding.builtin.english.numbers import only
from sayso.understanding.builtin.grammar import by_value
from sayso.understanding.builtin.holidays import holiday
from sayso.understanding.builtin.lengths import Length
from sayso.understanding.builtin.moments import (
    Clock,
    Day,
    When,
    clock,
    clock_of_number,
    minutes_of,
    weekday_in,
)

STEPS = {"last": -1, "this": 0, "next": 1}
MIDNIGHT = time()


@by_value
class Whens(Durations):
    """Rules of when.lark."""

    def when(self, *items: Any) -> When:
        """All items together."""
        whole = When()
        for item in items:
            whole = whole + (When(clock=item) if isinstance(item, Clock) else item)
        return whole

    # -- items

    def on_day(self, day: Day) -> When:
        """Tomorrow."""
        return When(days=(day,))

    def present(self, _now: int) -> When:
        """Now."""
        return When(present=True)

    def part(self, part: str) -> When:
        """In the morning."""
        return When(part=part)

    def tonight(self, part: str) -> When:
        """Tonight."""
        return When(days=(_step(0, "day"),), part=part)

    def which_part(self, which: str, part: str) -> When:
        """This evening, last night."""
        if which == "next":
            raise Unfit("the next morning of what?")
        return When(days=(_step(STEPS[which], "day"),), part=part)

    def part_of(self, part: str, day: Day) -> When:
        """The morning of the third."""
        return When(days=(day,), part=part)

    def military(self, length: Length) -> When:
        """Eighteen hundred hours."""
        hours = length.parts.get("hour", Fraction(0))
        if set(length.parts) != {"hour"} or hours < 100:
            raise Unfit("how long, not when")
        return When(clock=clock_of_number(int(hours)))

    # -- times of day

    def hours(self, number: Any) -> Clock:
        """Seven, 730."""
        return clock_of_number(int(only(number)))

    def hours_minutes(self, hour: Any, minute: str) -> Clock:
        """Seven thirty, seven oh five."""
        if len(minute) != 2:
            raise Unfit("minutes have two digits")
        return clock(int(only(hour)), int(minute))

    def digital(self, numbers: tuple[int, ...]) -> Clock:
        """7:30, 15:26:11."""
        return clock(*numbers)

    def dotted(self, text: str) -> Clock:
        """7.30."""
        if not re.fullmatch(r"\d{1,2}\.\d\d", text):
            raise Unfit("not as a clock shows it")
        hour, minute = text.split(".")
        return clock(int(hour), int(minute))

    def half_day(self, face: Clock, half: str) -> Clock:
        """Seven thirty pm."""
        return face.on(half)

    def named(self, hour_minute: tuple[int, int]) -> Clock:
        """Noon."""
        return Clock(60 * hour_minute[0], sure=True)

    def twelve(self, face: Clock, hour_minute: tuple[int, int]) -> Clock:
        """Twelve noon."""
        if face.minutes % (12 * 60):
            raise Unfit("noon is at twelve")
        return self.named(hour_minute)

    def minutes(self, *parts: Any) -> Any:
        """Half, [a] quarter, ten: minutes before or after an hour."""
        number = parts[-1]
        return int(60 * number) if isinstance(number, Fraction) else int(number)

    def past(self, minutes: int, hour: Clock) -> Clock:
        """Half past six."""
        if not 0 < minutes < 60:
            raise Unfit("an hour has sixty minutes")
        return hour.moved(minutes)

    def to(self, minutes: int, hour: Clock) -> Clock:
        """Quarter to nine. `Three to five` is rather a span of time, so only steps of five."""
        if not 0 < minutes < 60 or minutes % 5:
            raise Unfit("not so many minutes to an hour")
        return hour.moved(-minutes)

    def length_past(self, length: Length, hour: Clock) -> Clock:
        """Three minutes past five, two hours after noon."""
        return hour.moved(minutes_of(length))

    def length_to(self, length: Length, hour: Clock) -> Clock:
        """Three minutes to five."""
        return hour.moved(-minutes_of(length))

    def half_hour(self, _half: Fraction, hour: str) -> Clock:
        """Half six, as the British say: 6:30."""
        if not 1 <= int(hour) <= 12:
            raise Unfit("no such hour")
        return clock(int(hour), 30)

    # -- from one moment to another

    def ahead(self, length: Length, _now: int = 0) -> When:
        """In twenty minutes, two weeks from now."""
        return When(ahead=(length, 1))

    def ago(self, length: Length) -> When:
        """Two hours ago."""
        return When(ahead=(length, -1))

    def days_after(self, length: Length, day: Day, sign: int = 1) -> When:
        """A week from friday."""

        def find(here: Here) -> Period:
            base = day.find(here)
            if base.first != base.last or length.finest in ("hour", "minute", "second"):
                raise Unfit("counted from what day?")
            moved = length.after(datetime.combine(base.first, MIDNIGHT), sign)
            return one_day(moved.date())

        return When(days=(Day(find),))

    def days_before(self, length: Length, day: Day) -> When:
        """Two days before christmas."""
        return self.days_after(length, day, -1)

    def days_after_shift(self, length: Length, shift: int) -> When:
        """A week tomorrow."""
        return self.days_after(length, self.shift(shift))

    def unit_after(self, unit: str, day: Day) -> When:
        """The day after christmas."""
        return self.days_after(self.lasting(self.one_stretch(1, unit)), day)

    def unit_before(self, unit: str, day: Day) -> When:
        """The day before christmas."""
        return self.days_before(self.lasting(self.one_stretch(1, unit)), day)

    # -- days

    def shift(self, days: int) -> Day:
        """Today, tomorrow, the day after tomorrow."""
        return Day(lambda here: one_day(here.today + days * dates.DAY))

    def weekday(self, index: int) -> Day:
        """Friday."""
        return Day(lambda here: dates.weekday("", here.today, index), weekday=index)

    def which_weekday(self, which: str, index: int) -> Day:
        """Next friday."""
        return Day(lambda here: dates.weekday(which, here.today, index))

    def weekday_week(self, index: int, unit: str) -> Day:
        """Friday week, as the British say: a week after friday."""
        if unit != "week":
            raise Unfit("friday what?")
        return Day(
            lambda here: one_day(dates.weekday("", here.today, index).first + dates.WEEK)
        )

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

    def nth_weekday(self, nth: int, index: int, period: Day) -> Day:
        """The first monday in may."""
        return _within(period, lambda found: dates.nth_weekday(found, nth, index))

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

    # -- longer than a day

    def month(self, index: int) -> Day:
        """May."""
        return Day(lambda here: dates.month("", here.today, index), month=(index, None))

    def month_in(self, index: int, year: str) -> Day:
        """May 2027."""
        return Day(lambda here: dates.month_of(int(year), index), month=(index, int(year)))

    def which_month(self, which: str, index: int) -> Day:
        """Next may."""
        return Day(lambda here: dates.month(which, here.today, index))

    def which_unit(self, which: str, unit: str) -> Day:
        """Next week."""
        return _step(STEPS[which], unit)

    def this_unit(self, unit: str) -> Day:
        """The month."""
        return _step(0, unit)

    def after_next(self, unit: str) -> Day:
        """The week after next."""
        return _step(2, unit)

    def named_year(self, unit: str, year: str) -> Day:
        """The year 2027."""
        if unit != "year":
            raise Unfit("only years have such a number")
        return Day(lambda here: dates.year_of(int(year)))

    def weekend(self, _weekend: str) -> Day:
        """The weekend."""
        return _step(0, "weekend")

    def which_weekend(self, which: str, _weekend: str) -> Day:
        """Next weekend."""
        return _step(STEPS[which], "weekend")

    def season(self, code: str) -> Day:
        """Summer."""
        return self.which_season("this", code)

    def which_season(self, which: str, code: str) -> Day:
        """Last summer."""
        return Day(lambda here: dates.season(which, here.today, code))

    def season_in(self, code: str, year: str) -> Day:
        """Summer 2027."""
        return Day(lambda here: dates.season_of(int(year), code))

    def decade(self, *parts: Any) -> Day:
        """The eighties, the 1980s, the nineteen eighties."""
        first = int(parts[0]) * 100 + parts[-1] if len(parts) > 1 else int(parts[0])
        if first >= 100:
            return Day(lambda here: dates.decade_of(first))

        def find(here: Here) -> Period:
            year = here.today.year // 100 * 100 + first
            return dates.decade_of(year if year <= here.today.year else year - 100)

        return Day(find)

    def _date(self, month: int, year: int | None, day: int) -> Day:
        return Day(lambda here: dates.month_day(here.today, month, day, year))


def _step(step: int, unit: str) -> Day:
    return Day(lambda here: dates.unit(step, here.today, unit))


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
