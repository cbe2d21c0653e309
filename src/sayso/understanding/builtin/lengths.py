"""A length of time, as AMAZON.DURATION writes it and as it is added to a moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from sayso.understanding.builtin.dates import Unfit, add_months

# unit -> what a fraction of it is counted in, and how many of those it holds
SMALLER = {
    "year": ("month", 12),
    "month": ("day", 30),
    "week": ("day", 7),
    "day": ("hour", 24),
    "hour": ("minute", 60),
    "minute": ("second", 60),
}
UNITS = ("year", "month", "week", "day", "hour", "minute", "second")
SECONDS = {"week": 604_800, "day": 86_400, "hour": 3600, "minute": 60, "second": 1}


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time as it was said: 90 minutes stay 90 minutes.

    parts: unit (one of UNITS) -> how many, not negative; only seconds may be a fraction.
    """

    parts: dict[str, Fraction]

    @property
    def iso(self) -> str:
        """ISO 8601: PT1H30M, P2W, P1DT12H."""
        parts = dict(self.parts)
        if set(parts) != {"week"} and "week" in parts:
            parts["day"] = parts.get("day", Fraction(0)) + 7 * parts.pop("week")
        days = "".join(f"{parts[unit]}{unit[0].upper()}" for unit in UNITS[:4] if unit in parts)
        time = "".join(
            f"{decimal(parts[unit])}{unit[0].upper()}" for unit in UNITS[4:] if unit in parts
        )
        return f"P{days}T{time}" if time else f"P{days}"

    @property
    def seconds(self) -> Fraction:
        """How long it is; raises Unfit for months and years, which differ."""
        if {"month", "year"} & set(self.parts):
            raise Unfit("months and years have no length in seconds")
        return sum((SECONDS[unit] * n for unit, n in self.parts.items()), Fraction(0))

    @property
    def finest(self) -> str:
        """The smallest unit that was said."""
        return next(unit for unit in reversed(UNITS) if unit in self.parts)

    def after(self, moment: datetime, sign: int = 1) -> datetime:
        """That much later (or earlier, sign -1): days by the calendar, hours by the clock."""
        n = {unit: sign * self.parts.get(unit, Fraction(0)) for unit in UNITS}
        day = add_months(moment.date(), int(12 * n["year"] + n["month"]))
        day += timedelta(days=int(7 * n["week"] + n["day"]))
        moved = datetime.combine(day, moment.timetz())
        clock = 3600 * n["hour"] + 60 * n["minute"] + n["second"]
        if not clock:
            return moved
        # By way of UTC: twenty minutes stay twenty minutes when the clocks change.
        later = moved.astimezone(UTC) + timedelta(seconds=float(clock))
        return later.astimezone(moment.tzinfo)


def length(parts: Iterable[tuple[str, Fraction]]) -> Length:
    """A length from what was said; fractions go on to the next smaller unit: 1.5 h is 1 h 30 min.

    Raises Unfit if a unit comes twice or a fraction does not come out even.
    """
    said: dict[str, Fraction] = {}
    for unit, number in parts:
        if unit in said:
            raise Unfit(f"{unit} said twice")
        said[unit] = number
    whole: dict[str, Fraction] = {}
    for unit in UNITS:
        if unit not in said and unit not in whole:
            continue
        number = said.get(unit, Fraction(0)) + whole.pop(unit, Fraction(0))
        rest = number - int(number) if unit in SMALLER else Fraction(0)
        if rest:
            smaller, count = SMALLER[unit]
            whole[smaller] = whole.get(smaller, Fraction(0)) + rest * count
        if number - rest or (unit in said and not rest):
            whole[unit] = number - rest
    return Length(whole)


def decimal(number: Fraction) -> str:
    """Digits of a number, at most four of them after the point: 5, -3, 2.5, 0.3333."""
    if number.denominator == 1:
        return str(number.numerator)
    digits = round(abs(number) * 10_000)
    text = f"{digits // 10_000}.{digits % 10_000:04d}".rstrip("0").rstrip(".")
    return f"-{text}" if number < 0 and text != "0" else text
