"""What the rules of when.lark mean: a When."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, cast

from sayso.understanding.builtin.dates import Unfit
from sayso.understanding.builtin.english.days import Days
from sayso.understanding.builtin.english.numbers import only
from sayso.understanding.builtin.english.periods import STEPS, step
from sayso.understanding.builtin.lengths import Length
from sayso.understanding.builtin.moments import (
    Clock,
    Day,
    When,
    clock,
    clock_of_number,
    minutes_of,
)


class Whens(Days):
    """Rules of when.lark."""

    def when(self, *items: Any) -> When:
        """All items together."""
        whole = When()
        for item in items:
            whole = whole + (When(clock=item) if isinstance(item, Clock) else item)
        return whole

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
        return When(days=(step(0, "day"),), part=part)

    def which_part(self, which: str, part: str) -> When:
        """This evening, last night."""
        if STEPS[which] > 0:
            raise Unfit("the next morning of what?")
        return When(days=(step(STEPS[which], "day"),), part=part)

    def repeated(self, *_each: Any) -> When:
        """Every monday, weekdays: not one day, so that no date comes of it."""
        return When(repeats=True)

    def repeated_part(self, *each: Any) -> When:
        """Every morning, every sunday night."""
        return When(part=each[-1], repeats=True)

    def part_of(self, part: str, day: Day) -> When:
        """The morning of the third."""
        return When(days=(day,), part=part)

    def military(self, length: Length) -> When:
        """Eighteen hundred hours."""
        hours = length.parts.get("hour", Fraction(0))
        if set(length.parts) != {"hour"} or hours < 100:
            raise Unfit("how long, not when")
        return When(clock=clock_of_number(int(hours)))

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

    def to(self, *parts: Any) -> Clock:
        """Quarter to nine, ten of six. `Three to five` is rather a span, so only steps of five."""
        *before, hour = parts
        minutes = self.minutes(*before)
        if not 0 < minutes < 60 or minutes % 5:
            raise Unfit("not so many minutes to an hour")
        return cast("Clock", hour).moved(-minutes)

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

    def ahead(self, length: Length, _now: int = 0) -> When:
        """In twenty minutes, two weeks from now."""
        return When(ahead=(length, 1))

    def ago(self, length: Length) -> When:
        """Two hours ago."""
        return When(ahead=(length, -1))

    def ago_from(self, length: Length, shift: int) -> When:
        """A year ago today."""
        return When(days=(self.days_after(length, self.shift(shift), -1),))
