"""Types read by a list: full ones such as months, and samples such as cities.

Full lists are `lists.yaml` beside a tongue's grammar; their values are found within a sentence.
Samples are those of `sayso.skills.builtin_types`: they only give a value its spelling.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml

from sayso.skills import builtin_types
from sayso.understanding.fold import fold

# tongue -> package that holds its lists.yaml
TONGUES = {"en": "sayso.understanding.builtin.english"}
LONGEST = 8  # words of a value
_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_SHADED = "Color"


class FullList:
    """The values of a type in one tongue, all that people name. Immutable."""

    def __init__(
        self,
        values: Mapping[str, Sequence[str]],
        around: Sequence[str],
        alone: Sequence[str] = (),
        shades: Sequence[str] = (),
        *,
        closed: bool = True,
    ) -> None:
        """values: value -> other words for it; around: words without meaning before or after one.

        alone: words that are a value only where nothing else is said. shades: words that may
        stand before a value and become part of it. closed: whether other words are no value.
        """
        self.closed = closed
        self._values = {fold(text): value for value, texts in values.items() for text in texts}
        self._values |= {fold(value): value for value in values}
        self._around, self._alone = frozenset(around), frozenset(alone)
        self._shades = frozenset(shades)

    def value(self, words: str) -> str | None:
        """The value that words are, in its own spelling; None if they are none."""
        said = fold(words).split()
        return self._value(said) or self._value(self._bare(said))

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """Where values lie in a text: start, end, value; apart, as long as can be."""
        places = [(found.start(), found.end()) for found in _WORD.finditer(text)]
        said = [fold(text[start:end]) for start, end in places]
        found, at = [], 0
        while at < len(said):
            size = self._longest(said[at : at + LONGEST])
            value = self._value(said[at : at + size]) if size else None
            if value:
                found.append((places[at][0], places[at + size - 1][1], value))
            at += size or 1
        return found

    def _longest(self, said: Sequence[str]) -> int:
        """How many of the words, from the first, are a value, at most."""
        sizes = range(len(said), 0, -1)
        return next((size for size in sizes if self._value(said[:size], within=True)), 0)

    def _value(self, said: Sequence[str], *, within: bool = False) -> str | None:
        words = " ".join(said)
        if words in self._values:
            return None if within and words in self._alone else self._values[words]
        if len(said) > 1 and said[0] in self._shades:
            shaded = self._value(said[1:])
            return f"{said[0]} {shaded}" if shaded else None
        return None

    def _bare(self, said: Sequence[str]) -> Sequence[str]:
        """The words without those that mean nothing at either end."""
        first, last = 0, len(said)
        while first < last and said[first] in self._around:
            first += 1
        while last > first and said[last - 1] in self._around:
            last -= 1
        return said[first:last]


def full_list(type_name: str, locale: str) -> FullList | None:
    """The full list of a built-in type in the tongue of a locale; None if there is none."""
    tongue = locale.replace("_", "-").split("-")[0].lower()
    lists = _full_lists(tongue) if tongue in TONGUES else {}
    return lists.get(type_name.removeprefix(builtin_types.PREFIX))


def known(type_name: str, words: str, locale: str) -> str | None:
    """The words as the samples of a built-in type spell them; None if they hold them not."""
    return _spellings(type_name, locale.split("-")[0]).get(fold(words))


@cache
def _full_lists(tongue: str) -> Mapping[str, FullList]:
    text = files(TONGUES[tongue]).joinpath("lists.yaml").read_text(encoding="utf-8")
    data = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - makes nothing but texts
    around, alone, shades = data.pop("around"), data.pop("alone"), data.pop("shades")
    opened = data.pop("open")
    return {
        name: FullList(
            values, around, alone, shades if name == _SHADED else (), closed=name not in opened
        )
        for name, values in data.items()
    }


@cache
def _spellings(type_name: str, tongue: str) -> Mapping[str, str]:
    return {fold(value): value for value in builtin_types.values(type_name, tongue)}
