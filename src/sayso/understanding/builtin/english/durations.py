"""What the rules of duration.lark and length.lark mean: a Length."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sayso.understanding.builtin.dates import Unfit
from sayso.understanding.builtin.english.numbers import Cardinals, only
from sayso.understanding.builtin.lengths import SMALLER, UNITS, Length, length

# unit as said -> unit of a Length, and how many of it
_OTHER = {
    "fortnight": ("week", Fraction(2)),
    "decade": ("year", Fraction(10)),
    "century": ("year", Fraction(100)),
    "millisecond": ("second", Fraction(1, 1000)),
}

Stretch = tuple[str, Fraction]


class Durations(Cardinals):
    """Rules of duration.lark and length.lark. A stretch is a unit and how many of it."""

    def stretch(self, number: Any, unit: str) -> Stretch:
        """Five minutes, 1.5 hours."""
        return _stretch(only(number), unit)

    def stretch_and(self, number: Any, fraction: Fraction, unit: str) -> Stretch:
        """Two and a half hours."""
        return _stretch(only(number) + fraction, unit)

    def stretch_point(self, *parts: Any) -> Stretch:
        """Two point five hours."""
        return _stretch(self.point(only(parts[0]), *parts[1:-1]), parts[-1])

    def one_stretch(self, _article: int, unit: str) -> Stretch:
        """An hour."""
        return _stretch(Fraction(1), unit)

    def half_stretch(self, *parts: Any) -> Stretch:
        """Half an hour, a half hour."""
        return _stretch(Fraction(1, 2), parts[-1])

    def quarter_hour(self, *parts: Any) -> Stretch:
        """[A] quarter of an hour, three quarters of an hour."""
        return "minute", Fraction(15 * int(parts[0]) if len(parts) > 1 else 15)

    def and_a_fraction(self, stretch: Stretch, fraction: Fraction) -> Stretch:
        """An hour and a half."""
        unit, number = stretch
        return unit, number + fraction

    def lasting(self, stretch: Stretch) -> Length:
        """One stretch."""
        return length([stretch])

    def lasting_more(self, before: Length, stretch: Stretch) -> Length:
        """Two hours [and] five minutes; an hour and half an hour."""
        whole = before.parts.get(stretch[0], Fraction(0))
        if stretch[0] == before.finest and whole.denominator == 1 and stretch[1] < 1:
            return length([*(before.parts | {stretch[0]: whole + stretch[1]}).items()])
        if UNITS.index(stretch[0]) <= UNITS.index(before.finest):
            raise Unfit("units must fall: two hours a day")
        return length([*before.parts.items(), stretch])

    def lasting_and_rest(self, before: Length, digits: str) -> Length:
        """Two hours [and] ten: minutes."""
        unit = before.finest
        if unit not in ("hour", "minute") or int(digits) >= 60:
            raise Unfit("ten what?")
        return length([*before.parts.items(), (SMALLER[unit][0], Fraction(int(digits)))])

    def quarters(self, *parts: Any) -> Length:
        """A quarter of a second, three quarters of a year."""
        *count, quarter, _article, unit = parts
        return length([_stretch(int(count[0] if count else 1) * quarter, unit)])


def _stretch(number: Fraction, unit: str) -> Stretch:
    name, count = _OTHER.get(unit, (unit, Fraction(1)))
    return name, number * count
