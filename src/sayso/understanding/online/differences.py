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

from sayso.types.locales import language_of
from sayso.understanding.builtin import TONGUES, spans
from sayso.understanding.fold import fold
from sayso.understanding.negation import denials

_KINDS = ("AMAZON.NUMBER", "AMAZON.Ordinal", "AMAZON.DATE", "AMAZON.TIME", "AMAZON.DURATION")
_NAMES = ("denial", "number", "number", "day", "time", "length of time")
_NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)  # any moment: only whether values are the same counts

# One side or the other, at least one of which says what to do: to add such a word is to guess.
_WAYS = {
    "en": "on/off up/down lock/unlock open/close,shut mute/unmute enable/disable arm/disarm "
    "more/less louder/quieter,softer brighter/dimmer,darker warmer,hotter/cooler,colder "
    "increase/decrease raise/lower accept/decline,reject all/none buy,order,purchase/sell,return",
}
# Sides that are named in many other ways: only one in place of the other is a change.
_OPPOSITES = {
    "en": "start/stop play/pause,stop,mute add/remove,delete create,set/delete,cancel "
    "resume/pause,stop next/previous first/last left/right before/after like/dislike "
    "follow/unfollow subscribe/unsubscribe answer/ignore keep/delete,remove forward/back,rewind "
    "yes/no always/never with/without inside,indoors,indoor/outside,outdoors,outdoor "
    "here/there begin/end faster/slower connect/disconnect brighten/dim in/out",
    "de": "an,ein/aus auf/zu lauter/leiser heller/dunkler warmer/kalter starte/stoppe "
    "offne/schliesse",
    "es": "encender,enciende/apagar,apaga sube/baja abre/cierra",
    "fr": "allume/eteins allumer/eteindre monte/baisse ouvre/ferme",
    "it": "accendi/spegni alza/abbassa apri/chiudi",
    "pt": "liga/desliga aumenta/abaixa",
}
# Beside these the words say which way; elsewhere they are prepositions: put on a song, wake me up.
_SWITCHING = {
    "on": frozenset({"turn", "turned", "switch", "switched", "flip", "power"}),
    "up": frozenset(
        {"turn", "turned", "volume", "brightness", "heat", "heating", "light", "lights"}
    ),
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
    tongue = language_of(locale)
    for what, mine, theirs in zip(
        _NAMES, _values(said, locale), _values(meant, locale), strict=True
    ):
        if mine != theirs:
            return Difference(Crossing.NEVER, f"a {what} would change")
    turned = _turned(fold(said).split(), fold(meant).split(), tongue)
    if turned.crossing < Crossing.NEVER and (tongue not in TONGUES or tongue not in _WAYS):
        return Difference(Crossing.ASK, "this language has few rules of what may not change")
    return turned


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


@lru_cache(maxsize=4096)
def _values(text: str, locale: str) -> Sequence[tuple[str, ...]]:
    """What is denied in a text, and the values of each kind: of numbers in their order."""
    denied = tuple(sorted(denials(text, locale)))
    if language_of(locale) not in TONGUES:
        # Figures are the same in every tongue.
        figures = tuple(word for word in fold(text).split() if any(map(str.isdigit, word)))
        return denied, figures, *((),) * (len(_KINDS) - 1)
    found = ([value for *_, value in spans(kind, text, now=_NOW, locale=locale)] for kind in _KINDS)
    numbers, *others = found
    return denied, tuple(numbers), *(tuple(sorted(each)) for each in others)


def _turned(said: Sequence[str], meant: Sequence[str], tongue: str) -> Difference:
    """Whether a way is turned round, or put in by guess."""
    mine, theirs = _taken(said, tongue), _taken(meant, tongue)
    guessed = SAME
    for pair in mine.keys() | theirs.keys():
        here, there = mine.get(pair, frozenset()), theirs.get(pair, frozenset())
        if here == there:
            continue
        if here and there:
            return Difference(Crossing.NEVER, f"{'/'.join(_named(pair))} would change")
        idle = _only_a_preposition(pair, here or there, said if here else meant)
        if pair.must and not idle and not (there and _sounds(pair, there, said)):
            name = _named(pair)[min(here or there)]
            how = "put in" if there else "left out"
            guessed = Difference(Crossing.ASK, f"{name} is {how}")
    return guessed


@dataclass(frozen=True, slots=True)
class _Pair:
    """Words of one side and of the other. must: to put one in, or leave it out, is to guess."""

    one: tuple[str, ...]
    other: tuple[str, ...]
    must: bool

    def side(self, at: int) -> tuple[str, ...]:
        return self.other if at else self.one


def _only_a_preposition(pair: _Pair, sides: frozenset[int], words: Sequence[str]) -> bool:
    """Whether `on`, `up` and the like say where and not which way."""
    beside = _SWITCHING.get(pair.one[0])
    if beside is None or (pair.one == ("on",) and sides != {0}):
        return False
    return beside.isdisjoint(words)


def _named(pair: _Pair) -> tuple[str, str]:
    return pair.one[0], pair.other[0]


@lru_cache
def _sides(tongue: str) -> Mapping[str, Sequence[tuple[_Pair, int]]]:
    """Word -> the pairs that it is of, and on which side."""
    found: dict[str, list[tuple[_Pair, int]]] = {}
    for pairs, must in ((_WAYS.get(tongue, ""), True), (_OPPOSITES.get(tongue, ""), False)):
        for written in pairs.split():
            one, other = (tuple(side.split(",")) for side in written.split("/"))
            pair = _Pair(one, other, must)
            for side in (0, 1):
                for word in pair.side(side):
                    found.setdefault(word, []).append((pair, side))
    return found


def _taken(words: Sequence[str], tongue: str) -> Mapping[_Pair, frozenset[int]]:
    """Which sides the words are on, of each pair that they are of at all."""
    sides = _sides(tongue)
    found: dict[_Pair, frozenset[int]] = {}
    for word in words:
        for pair, side in sides.get(word, ()):
            found[pair] = found.get(pair, frozenset()) | {side}
    return found


def _sounds(pair: _Pair, sides: frozenset[int], said: Sequence[str]) -> bool:
    """Whether a word was said that sounds just like one of these sides: of, off."""
    heard = {jellyfish.metaphone(word) for word in said}
    return all(any(jellyfish.metaphone(x) in heard for x in pair.side(side)) for side in sides)
