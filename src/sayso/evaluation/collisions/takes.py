"""Which words a slot takes: any at all, values that are known, or what a grammar reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from sayso.evaluation.collisions.samples import Sample, free
from sayso.skills.labels import slot_values
from sayso.types.skills import Language, Slot
from sayso.understanding.builtin import KINDS, value
from sayso.understanding.fold import fold

LOOKED_AT = 20  # values of a catalogue that are tried on a grammar
_ANY_TIME = datetime(2000, 1, 3, 9, tzinfo=UTC)  # whether words are a date does not hang on today


@dataclass(frozen=True, slots=True)
class Range:
    """What a slot takes. grammar: a built-in type that a grammar reads; values: folded."""

    free: bool = False
    grammar: str = ""
    values: frozenset[str] = frozenset()

    def holds(self, folded: str, locale: str) -> bool:
        """Whether these words may be its value."""
        if self.free or folded in self.values:
            return True
        return bool(self.grammar) and _reads(self.grammar, folded, locale)

    def meets(self, other: Range, locale: str) -> bool:
        """Whether some words may be a value of both."""
        if self.free or other.free or not self.values.isdisjoint(other.values):
            return True
        if self.grammar and other.grammar:
            return KINDS[self.grammar] == KINDS[other.grammar]
        few = sorted(self.values | other.values)[:LOOKED_AT]
        return any(self.holds(words, locale) and other.holds(words, locale) for words in few)


@dataclass
class Takes:
    """The ranges of slots in one locale; each catalogue is looked at once."""

    locale: str
    _ranges: dict[tuple[str, ...], Range] = field(default_factory=dict)
    _met: dict[tuple[Range, Range], bool] = field(default_factory=dict)

    def range_of(self, sample: Sample) -> tuple[Range, ...]:
        """A range for each slot of a sample, in order."""
        return tuple(self._range(sample, slot) for slot in sample.slots)

    def meet(self, ranges: Sequence[Range], others: Sequence[Range]) -> bool:
        """Whether the slots of two templates of one shape may hold the same words."""
        return all(self._meet(*pair) for pair in zip(ranges, others, strict=True))

    def _meet(self, one: Range, other: Range) -> bool:
        if (one, other) not in self._met:
            self._met[one, other] = one.meets(other, self.locale)
        return self._met[one, other]

    def _range(self, sample: Sample, slot: Slot | None) -> Range:
        if slot is None or free(slot, sample.language):
            return Range(free=True)
        name = slot.name if slot.extra else ""  # notes beside a slot may add to its values
        key = (sample.site.skill, slot.type, name)
        if key not in self._ranges:
            self._ranges[key] = _range(slot, sample.language)
        return self._ranges[key]


def _range(slot: Slot, language: Language) -> Range:
    values = frozenset(
        folded
        for value in slot_values(language, slot)
        for phrase in (value.value, *value.synonyms)
        if (folded := fold(phrase))
    )
    return Range(grammar=slot.type if slot.type in KINDS else "", values=values)


@lru_cache(maxsize=65536)
def _reads(grammar: str, folded: str, locale: str) -> bool:
    return value(grammar, folded, now=_ANY_TIME, locale=locale) is not None
