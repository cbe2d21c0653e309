"""What the rules of when.lark for weeks, months and longer mean: a Day that is a period."""

from __future__ import annotations

from typing import Any

from sayso.understanding.builtin import dates
from sayso.understanding.builtin.dates import Here, Period, Unfit
from sayso.understanding.builtin.english.durations import Durations
from sayso.understanding.builtin.moments import YEARS, Day

STEPS = {"last": -1, "this": 0, "coming": 1, "next": 1}


class Periods(Durations):
    """Rules of when.lark that make a period longer than a day."""

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
        return step(STEPS[which], unit)

    def this_unit(self, unit: str) -> Day:
        """The month."""
        return step(0, unit)

    def after_next(self, unit: str) -> Day:
        """The week after next."""
        return step(2, unit)

    def numbered(self, unit: str, number: Any) -> Day:
        """The year 2027, week forty nine."""
        count = int(number)
        if unit == "week":
            return Day(lambda here: dates.numbered_week(here.today, count))
        if unit != "year" or count not in YEARS:
            raise Unfit("only years and weeks have such a number")
        return Day(lambda here: dates.year_of(count))

    def numbered_thousands(self, unit: str, count: str, scale: int) -> Day:
        """The year two thousand."""
        return self.numbered(unit, int(count) * scale)

    def unit_of(self, unit: str, day: Day) -> Day:
        """The week of the seventh of december, the month of may."""

        def find(here: Here) -> Period:
            inside = day.find(here)
            whole = dates.unit(0, inside.first, unit)
            if inside.last > whole.last:
                raise Unfit("longer than that")
            return whole

        return Day(find)

    def week_from(self, day: Day) -> Day:
        """The week beginning monday."""
        return self.unit_of("week", day)

    def which_quarter(self, which: str, _quarter: Any) -> Day:
        """Next quarter."""
        return step(STEPS[which], "quarter")

    def nth_quarter(self, nth: int, _quarter: Any, year: str | None = None) -> Day:
        """The third quarter: the present or coming one, or that of a year."""
        if not 1 <= nth <= 4:
            raise Unfit("a year has four quarters")
        if year:
            return Day(lambda here: dates.quarter_of(int(year), nth))
        return Day(lambda here: dates.quarter(here.today, nth))

    def quarter(self, _quarter: Any, number: str) -> Day:
        """Q two."""
        return self.nth_quarter(int(number), _quarter)

    def weekend(self, _weekend: str) -> Day:
        """The weekend."""
        return step(0, "weekend")

    def which_weekend(self, which: str, _weekend: str) -> Day:
        """Next weekend. The coming one is that of this week."""
        return step(0 if which == "coming" else STEPS[which], "weekend")

    def season(self, code: str) -> Day:
        """Summer."""
        return self.which_season("this", code)

    def which_season(self, which: str, code: str) -> Day:
        """Last summer."""
        return Day(lambda here: dates.season(which, here.today, code))

    def season_in(self, code: str, year: str) -> Day:
        """Summer 2027."""
        said = int(year)
        if 100 <= said < 1000:
            raise Unfit("no year is called so")
        # People who say sixty nine were there, or know the song; who says thirty looks ahead.
        full = said + (0 if said >= 1000 else 1900 if said >= 40 else 2000)
        return Day(lambda here: dates.season_of(full, code))

    def season_of(self, code: str, which: str, unit: str) -> Day:
        """The summer of next year."""
        if unit != "year":
            raise Unfit("only years have seasons")
        return Day(lambda here: dates.season_of(here.today.year + STEPS[which], code))

    def decade(self, *parts: Any) -> Day:
        """The eighties, the 1980s, the nineteen eighties."""
        first = int(parts[0]) * 100 + parts[-1] if len(parts) > 1 else int(parts[0])
        if first >= 100:
            return Day(lambda here: dates.decade_of(first))

        def find(here: Here) -> Period:
            year = here.today.year // 100 * 100 + first
            return dates.decade_of(year if year <= here.today.year else year - 100)

        return Day(find)


def step(step: int, unit: str) -> Day:
    """The present week, month, ... (step 0), or one before or after it."""
    return Day(lambda here: dates.unit(step, here.today, unit))
