"""What the rules of cardinal.lark and number.lark mean: a Fraction, exact whatever was said."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sayso.understanding.builtin.dates import Unfit

HUNDRED = 100


class Cardinals:
    """Rules of cardinal.lark."""

    def whole(self, digits: str) -> Fraction:
        """Twenty one, 730."""
        return Fraction(int(digits))

    def hundreds(self, count: Any, hundred: int, rest: str = "0") -> Fraction:
        """Two hundred [and] five; nineteen hundred."""
        if not 0 < int(count) < HUNDRED or int(rest) >= HUNDRED:
            raise Unfit("not so many hundreds")
        return Fraction(int(count) * hundred + int(rest))

    def scaled(self, *parts: Any) -> tuple[Fraction, int]:
        """[One million] two hundred thousand: the number and its last scale."""
        *before, count, scale = parts
        if not before:
            return Fraction(count) * scale, scale
        number, last = before[0]
        if scale >= last:
            raise Unfit("scales must fall")
        return number + count * scale, scale

    def sum(self, scaled: tuple[Fraction, int], rest: Fraction) -> Fraction:
        """Two thousand [and] five."""
        number, scale = scaled
        if rest >= scale:
            raise Unfit("the rest is too large")
        return number + rest

    def dozens(self, *parts: Any) -> Fraction:
        """A dozen, two dozen."""
        return Fraction(int(parts[0]) * int(parts[-1]) if len(parts) > 1 else int(parts[0]))

    def point(self, *parts: Any) -> Fraction:
        """Two point five."""
        whole = Fraction(0) if isinstance(parts[0], str) else only(parts[0])
        digits = "".join(part for part in parts if isinstance(part, str))
        return whole + Fraction(int(digits), 10 ** len(digits))


class Numbers(Cardinals):
    """Rules of number.lark."""

    def number(self, number: Any) -> Fraction:
        """The whole."""
        return only(number)

    def negative(self, number: Any) -> Fraction:
        """Minus four."""
        return -only(number)

    def add(self, number: Any, fraction: Fraction) -> Fraction:
        """Two and a half."""
        return only(number) + fraction

    def decimal(self, text: str) -> Fraction:
        """2.5."""
        return Fraction(text)

    def times(self, text: str, scale: int) -> Fraction:
        """2.5 million."""
        return Fraction(text) * scale

    def point_times(self, *parts: Any) -> Fraction:
        """Two point five million."""
        return self.point(*parts[:-1]) * int(parts[-1])

    def digits(self, *digits: str) -> Fraction:
        """One two three four: digit by digit."""
        if any(len(digit) > 1 and not digit.startswith("0") for digit in digits):
            raise Unfit("not single digits")
        return Fraction(int("".join(digits)))

    def repeated(self, times: int, digit: str, *rest: str) -> Fraction:
        """Double four seven."""
        return self.digits(*[digit] * times, *rest)

    def part(self, *parts: Any) -> Fraction:
        """[A] half, a quarter."""
        return Fraction(parts[-1])

    def part_of(self, half: Fraction, _article: int, scale: int) -> Fraction:
        """Half a million."""
        return half * scale

    def parts(self, count: Any, fraction: Any) -> Fraction:
        """Three quarters, two thirds, a fifth."""
        size = fraction if isinstance(fraction, Fraction) else Fraction(1, max(fraction, 1))
        return int(count) * size

    def slash(self, numbers: tuple[int, ...]) -> Fraction:
        """3/4."""
        if len(numbers) != 2 or numbers[1] == 0:
            raise Unfit("a date, not a fraction")
        return Fraction(*numbers)

    def nth(self, position: Any) -> Fraction:
        """Third, 3rd."""
        return Fraction(2 if position == "second" else position)

    def before(self, *parts: Any) -> Fraction:
        """[One] hundred [and], two thousand three hundred [and]: what an ordinal may follow."""
        if parts == (HUNDRED,):
            return Fraction(HUNDRED)
        *scaled, count, hundred = parts if len(parts) > 1 else (*parts, 0, 0)
        hundreds = self.hundreds(count, hundred) if count else Fraction(0)
        return self.sum(scaled[0], hundreds) if scaled else hundreds

    def nth_after(self, before: Fraction, position: Any) -> Fraction:
        """One hundred [and] third."""
        small = self.nth(position)
        if small >= HUNDRED:
            raise Unfit("an ordinal ends in one small number")
        return before + small

    def nth_hundred(self, *parts: Any) -> Fraction:
        """Two hundredth."""
        return Fraction(int(parts[0]) * HUNDRED if len(parts) > 1 else HUNDRED)

    def nth_hundred_after(self, scaled: tuple[Fraction, int], count: Any, hundred: int) -> Fraction:
        """Six thousand seven hundredth."""
        return self.sum(scaled, self.hundreds(count, hundred))

    def nth_scale(self, *parts: Any) -> Fraction:
        """Thousandth, two thousandth."""
        return Fraction(parts[0] if len(parts) > 1 else 1) * int(parts[-1])


def only(number: Any) -> Fraction:
    """The number of a cardinal, which may come with its scale."""
    return number[0] if isinstance(number, tuple) else Fraction(number)
