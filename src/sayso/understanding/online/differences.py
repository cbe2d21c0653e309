"""What may not be lost between what was said and what it is taken for.

Whatever a model thinks of two requests: `off` is never taken for `on`, ten never for five, today
never for tomorrow, and not a name that a catalogue knows for another one. These are rules and no
weights. They stand on the safe side: what cannot be told apart in a tongue is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from functools import lru_cache

import jellyfish

from sayso.understanding.builtin import TONGUES, spans
from sayso.understanding.fold import fold
from sayso.understanding.negation import denials

_KINDS = ("AMAZON.NUMBER", "AMAZON.Ordinal", "AMAZON.DATE", "AMAZON.TIME", "AMAZON.DURATION")
_NAMES = ("number", "number", "day", "time", "length of time")
_NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)  # any moment: only whether values are the same counts

# One side or the other, at least one of which says what to do: to add such a word is to guess.
_WAYS = {
    "en": "on/off up/down lock/unlock open/close,shut mute/unmute enable/disable arm/disarm "
    "more/less louder/quieter,softer brighter/dimmer,darker warmer,hotter/cooler,colder "
    "increase/decrease raise/lower accept/decline,reject all/none buy,order,purchase/sell,return",
}
# Sides that are named in many other ways: only one in place of the other is a change.
_OPPOSITES = {
    "en": "start/stop play/pause,stop,mute add/remove,delete create/delete,cancel set/cancel,delete "
    "resume/pause,stop next/previous first/last left/right before/after like/dislike "
    "follow/unfollow subscribe/unsubscribe answer/ignore keep/delete,remove forward/back,rewind "
    "yes/no always/never with/without",
}


class Crossing(IntEnum):
    """How bad a difference is."""

    NONE = 0
    ASK = 1  # the person may mean it, and must say so
    NEVER = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """What would be lost or put in, in plain words."""

    crossing: Crossing = Crossing.NONE
    what: str = ""


SAME = Difference()


def difference(said: str, meant: str, locale: str) -> Difference:
    """What keeps one text, folded or not, from being read as another."""
    tongue = locale.split("-")[0]
    for what, values in (("a denial", _denied), *_valued()):
        if values(said, locale) != values(meant, locale):
            return Difference(Crossing.NEVER, f"{what} would change")
    if tongue not in TONGUES or tongue not in _WAYS:
        return Difference(Crossing.ASK, "this language has no rules of what may not change")
    return _turned(fold(said).split(), fold(meant).split(), tongue)


def other_value(
    known: Mapping[str, str], said: str, meant: str, slots: Mapping[str, str], *, own: bool
) -> Difference:
    """Whether a value that a catalogue knows, and was said, gives way to another.

    known: slot -> value of the first reading; slots: of what would be meant. own: it is one of this
    person's requests. Who habitually asks for more than they said (Wilkerson, California) has not
    said another thing.
    """
    if own and set(said.split()) < set(meant.split()):
        return SAME
    theirs = f" {meant} "
    for name, value in known.items():
        words = fold(value)
        there = slots.get(name)
        if there is not None and fold(there) != words:
            return Difference(Crossing.NEVER, f"{value} is known, and not {there}")
        if there is None and words and f" {words} " not in theirs:
            return Difference(Crossing.ASK, f"{value} is known, and would be lost")
    return SAME


def _valued() -> Sequence[tuple[str, _Values]]:
    return [(f"a {name}", _Values(kind)) for kind, name in zip(_KINDS, _NAMES, strict=True)]


@dataclass(frozen=True, slots=True)
class _Values:
    """Values of a kind in a text: of numbers in their order."""

    kind: str

    def __call__(self, text: str, locale: str) -> Sequence[str]:
        found = [value for *_, value in _spans(self.kind, text, locale)]
        return found if self.kind == "AMAZON.NUMBER" else sorted(found)


@lru_cache(maxsize=1024)
def _spans(kind: str, text: str, locale: str) -> Sequence[tuple[int, int, str]]:
    if locale.split("-")[0] not in TONGUES:
        # Figures are the same in every tongue.
        return [(0, 0, word) for word in fold(text).split() if any(map(str.isdigit, word))]
    return spans(kind, text, now=_NOW, locale=locale)


def _denied(text: str, locale: str) -> Sequence[str]:
    return sorted(denials(text, locale))


def _turned(said: Sequence[str], meant: Sequence[str], tongue: str) -> Difference:
    """Whether a way is turned round, or put in by guess."""
    for pair in _sides(_OPPOSITES[tongue]) + _sides(_WAYS[tongue]):
        here, there = _taken(pair, said), _taken(pair, meant)
        if here and there and here != there:
            return Difference(Crossing.NEVER, f"{'/'.join(pair[0][:1] + pair[1][:1])} would change")
    for pair in _sides(_WAYS[tongue]):
        here, there = _taken(pair, said), _taken(pair, meant)
        if here != there and not (there and _sounds(pair, there, said)):
            word = pair[min(here or there)][0]
            what = f"{word} is put in" if there else f"{word} is left out"
            return Difference(Crossing.ASK, what)
    return SAME


Pair = tuple[tuple[str, ...], tuple[str, ...]]


@lru_cache
def _sides(pairs: str) -> Sequence[Pair]:
    split = [pair.split("/") for pair in pairs.split()]
    return [(tuple(one.split(",")), tuple(other.split(","))) for one, other in split]


def _taken(pair: Pair, words: Sequence[str]) -> frozenset[int]:
    """Which sides of a pair the words are on: none, one or both."""
    return frozenset(side for side in (0, 1) if any(word in words for word in pair[side]))


def _sounds(pair: Pair, sides: frozenset[int], said: Sequence[str]) -> bool:
    """Whether a word was said that sounds just like one of these sides: of, off."""
    heard = {jellyfish.metaphone(word) for word in said}
    return all(any(jellyfish.metaphone(x) in heard for x in pair[side]) for side in sides)
