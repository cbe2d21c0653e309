"""A skill as its names and descriptions tell it, with their vectors: made once, kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.skills import Language, Slot, SlotType
from sayso.understanding.fold import fold
from sayso.understanding.heard import TextEncoder, hear_whole
from sayso.understanding.hints import spelled_out

Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]

YES = frozenset({"true", "yes"})
NO = frozenset({"false", "no"})
# Words that say nothing of what a slot means.
EMPTY = frozenset(
    "a an and are at be boolean by can flag for from has if in indicating is it its name number of"
    " on or that the this to used user when where whether which with".split()
)
KINDS = ("date", "time", "number", "yes_no", "listed", "free")
_BUILTIN = {
    "AMAZON.DATE": "date",
    "AMAZON.TIME": "time",
    "AMAZON.NUMBER": "number",
    "AMAZON.FOUR_DIGIT_NUMBER": "number",
    "AMAZON.DURATION": "number",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A value of a catalogue. ways: folded words for it; vector: of its name, unit."""

    value: str
    ways: tuple[str, ...]
    vector: Vector
    means: bool | None = None  # what it says of a slot that takes yes or no


@dataclass(frozen=True, slots=True, eq=False)
class DescribedSlot:
    """A slot: how it is called, what is said of it, what it takes.

    kind: one of KINDS. name, told: (d,) unit vectors of its name's words and of its description.
    words: the words of both that say something. values: of a catalogue, else empty.
    """

    slot: Slot
    kind: str
    name: Vector
    told: Vector
    words: frozenset[str]
    values: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class DescribedIntent:
    """An intent; required, optional: places of its slots in `DescribedSkill.slots`."""

    name: str
    title: Vector
    told: Vector
    words: frozenset[str]
    required: frozenset[int]
    optional: frozenset[int]
    side_effects: bool = False


@dataclass(frozen=True, eq=False)
class DescribedSkill:
    """The slots of all intents of a skill, each name once, and the intents."""

    slots: tuple[DescribedSlot, ...]
    intents: tuple[DescribedIntent, ...]
    results: tuple[DescribedSlot, ...] = ()  # what it tells of, and nobody fills

    def intent(self, name: str | None) -> DescribedIntent | None:
        """The intent of that name, or None."""
        return next((each for each in self.intents if each.name == name), None)

    @cached_property
    def named(self) -> dict[str, DescribedSlot]:
        """All that a value may be named for, by name: its slots and its results."""
        return {each.slot.name: each for each in (*self.results, *self.slots)}

    @cached_property
    def names(self) -> Matrix:
        """(slots, d)."""
        return np.stack([each.name for each in self.slots])

    @cached_property
    def told(self) -> Matrix:
        """(slots, d)."""
        return np.stack([each.told for each in self.slots])

    @cached_property
    def places(self) -> dict[str, int]:
        """Slot name -> place."""
        return {each.slot.name: at for at, each in enumerate(self.slots)}


def describe(
    language: Language, encoder: TextEncoder | None, results: Sequence[Slot] = ()
) -> DescribedSkill:
    """A skill's language as its descriptions tell it; vectors are zeros without an encoder.

    results: what the skill's answers hold beside the slots, if they are described.
    """
    return described_by(language, vectors_of(texts_of(language, results), encoder), results)


def texts_of(language: Language, results: Sequence[Slot] = ()) -> list[str]:
    """All that `described_by` wants vectors of: names, descriptions, values of catalogues."""
    every = [*_slots(language), *results]
    kinds = {slot.type: language.type(slot.type) for slot in every}
    texts = [text for slot in every for text in (spelled_out(slot.name), slot.description)]
    texts += [value.value for kind in kinds.values() if kind for value in kind.values]
    told = [
        text for each in language.intents for text in (spelled_out(each.name), each.description)
    ]
    return list(dict.fromkeys([*texts, *told]))


def described_by(
    language: Language, vectors: Mapping[str, Vector], results: Sequence[Slot] = ()
) -> DescribedSkill:
    """`describe`, with the vectors of its texts, those of `texts_of`, made already."""
    found = _slots(language)
    kinds = {slot.type: language.type(slot.type) for slot in found}
    described = tuple(_slot(slot, kinds[slot.type], vectors) for slot in found)
    at = {slot.name: place for place, slot in enumerate(found)}
    intents = tuple(
        DescribedIntent(
            each.name,
            vectors[spelled_out(each.name)],
            vectors[each.description or spelled_out(each.name)],
            _words(spelled_out(each.name), each.description),
            frozenset(at[slot.name] for slot in each.slots if slot.required),
            frozenset(at[slot.name] for slot in each.slots if not slot.required),
            each.side_effects,
        )
        for each in language.intents
        if not each.builtin
    )
    told_of = tuple(_slot(slot, None, vectors) for slot in results)
    return DescribedSkill(described, intents, told_of)


def _slots(language: Language) -> list[Slot]:
    """The slots of all intents, each name once."""
    slots: dict[str, Slot] = {}
    for intent in language.intents:
        for slot in intent.slots:
            slots.setdefault(slot.name, slot)
    return list(slots.values())


def _slot(slot: Slot, kind: SlotType | None, vectors: Mapping[str, Vector]) -> DescribedSlot:
    name = spelled_out(slot.name)
    values = kind.values if kind is not None else ()
    listed = tuple(
        Listed(
            each.value,
            tuple(dict.fromkeys(map(fold, (each.value, *each.synonyms)))),
            vectors[each.value],
            _means(each.value),
        )
        for each in values
    )
    return DescribedSlot(
        slot,
        _kind(slot, listed),
        vectors[name],
        vectors[slot.description or name],
        _words(name, slot.description),
        listed,
    )


def _kind(slot: Slot, listed: Sequence[Listed]) -> str:
    if listed:
        return "yes_no" if all(each.means is not None for each in listed) else "listed"
    return _BUILTIN.get(slot.type, "free") if slot.type != FREE_TEXT else "free"


def _means(value: str) -> bool | None:
    word = fold(value)
    return True if word in YES else False if word in NO else None


def _words(*texts: str) -> frozenset[str]:
    return frozenset(stem(x) for text in texts for x in fold(text).split() if x not in EMPTY)


def stem(word: str) -> str:
    """A word as it is compared with those of a description: without the plural's ending."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def vectors_of(texts: Sequence[str], encoder: TextEncoder | None) -> dict[str, Vector]:
    """Unit vectors by text; that of no text is zero."""
    distinct = [text for text in dict.fromkeys(texts) if text.strip()]
    if encoder is None or not distinct:
        zero = np.zeros(1, np.float32)
        return dict.fromkeys([*texts, ""], zero)
    heard = hear_whole(distinct, encoder)
    found = {text: one.pooled for text, one in zip(distinct, heard, strict=True)}
    size = len(next(vector for vector in found.values() if vector is not None))
    blank = dict.fromkeys(texts, np.zeros(size, np.float32))
    return {**blank, **{text: vector for text, vector in found.items() if vector is not None}}
