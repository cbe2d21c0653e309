"""Written numbers as they are said: 7:30 is "seven thirty", 20% is "twenty percent"."""

from __future__ import annotations

import re

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_CLOCK = re.compile(r"\b(\d{1,2})[:.](\d\d)(?!\d)")
_DIGITS = re.compile(r"\d+")
_ENDINGS = re.compile(r"(?<=\d)(st|nd|rd|th)\b")
_SIGNS = {
    "%": " percent ",
    "°": " degrees ",
    "&": " and ",
    "+": " plus ",
    "=": " equals ",
    "$": " ",
}
_HUNDRED, _LARGEST = 100, 9_999


def spoken(text: str) -> str:
    """The text as a log of spoken requests holds it: lower case, no signs, numbers as words."""
    text = text.lower().replace("’", "'")
    text = _CLOCK.sub(_time, text)
    text = _ENDINGS.sub("", text).replace(",", " ")
    for sign, words in _SIGNS.items():
        text = text.replace(sign, words)
    text = _DIGITS.sub(lambda found: f" {in_words(int(found.group()))} ", text)
    return " ".join(re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", text))


def _time(found: re.Match[str]) -> str:
    hour, minute = int(found.group(1)), int(found.group(2))
    if not minute:
        return f" {in_words(hour)} o'clock "
    return f" {in_words(hour)} {'oh ' if minute < len(_SMALL) // 2 else ''}{in_words(minute)} "


def in_words(number: int) -> str:
    """A number as it is said; digit by digit where it is long."""
    if number > _LARGEST:
        return " ".join(_SMALL[int(digit)] for digit in str(number))
    if number < len(_SMALL):
        return _SMALL[number]
    if number < _HUNDRED:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f" {_SMALL[ones]}" if ones else "")
    for size, name in ((1000, "thousand"), (_HUNDRED, "hundred")):
        if number >= size:
            many, rest = divmod(number, size)
            return f"{in_words(many)} {name}" + (f" {in_words(rest)}" if rest else "")
    raise AssertionError(number)
