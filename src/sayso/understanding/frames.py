"""Samples as frames: `remind me to {task}` is a sample, whatever the task.

A model that has seen two tasks gives much of a sentence's meaning to a third one's words. That the
rest is a sample to the letter says more than its likeness, the more of the sentence the sample
explains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sayso.skills.templates import pieces
from sayso.types.skills import Intent, Language
from sayso.understanding.contract import Tagged, Word
from sayso.understanding.grammars.tokens import tokens

LONGEST = 40  # words of a sentence
MOST_SLOTS = 4  # of a frame
# Whether words are a value of a slot: True, no (but any words may be one), or None, never.
IsValue = Callable[[str, str], bool | None]


@dataclass(frozen=True, slots=True)
class Frame:
    """A sample. words: the literal ones before, between and behind the slots; slots: their names."""

    words: tuple[tuple[str, ...], ...]
    slots: tuple[str, ...]
    literal: frozenset[str]


@dataclass(frozen=True, slots=True)
class Framed:
    """How a sentence is a sample. explained: share of its letters that are the sample's, or known
    values; tags: its slots."""

    explained: float
    tags: tuple[Tagged, ...]


class Frames:
    """The samples with slots of a language, by intent; made when first asked for."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._made: dict[str, Sequence[Frame]] = {}

    def of(self, intent: str) -> Sequence[Frame]:
        """The frames of an intent."""
        found = self._made.get(intent)
        if found is None:
            declared = self._language.intent(intent)
            found = self._made[intent] = _frames(declared) if declared is not None else ()
        return found

    def framed(self, text: str, intent: str, is_value: IsValue) -> Framed | None:
        """How a sentence is a sample of an intent, by the one that explains most; None if by none.

        is_value: whether words are a value of the slot of a name.
        """
        said = tokens(text)
        if not 1 < len(said) <= LONGEST:
            return None
        forms = [word.text for word in said]
        known: dict[tuple[str, int, int], bool | None] = {}

        def value(slot: str, start: int, end: int) -> bool | None:
            key = (slot, start, end)
            if key not in known:
                known[key] = is_value(text[said[start].start : said[end - 1].end], slot)
            return known[key]

        best: tuple[int, Sequence[tuple[int, int]], Frame] | None = None
        letters = sum(map(len, forms))
        for frame in self.of(intent):
            if not frame.literal.issubset(forms):
                continue
            for places in _places(forms, frame.words):
                found = [value(slot, *at) for slot, at in zip(frame.slots, places, strict=True)]
                if None not in found:
                    free = sum(
                        len(form)
                        for (start, end), is_known in zip(places, found, strict=True)
                        if not is_known
                        for form in forms[start:end]
                    )
                    if best is None or free < best[0]:
                        best = free, places, frame
        if best is None:
            return None
        free, places, frame = best
        return Framed(1.0 - free / letters, tuple(_tags(frame, places, said)))


def _frames(intent: Intent) -> tuple[Frame, ...]:
    made = {}
    for sample in intent.samples:
        words: list[tuple[str, ...]] = [()]
        slots: list[str] = []
        for piece in pieces(sample):
            if piece.slot is None:
                words[-1] = (*words[-1], *(word.text for word in tokens(piece.text)))
            else:
                slots.append(piece.slot)
                words.append(())
        literal = frozenset(word for each in words for word in each)
        beside = any(not between for between in words[1:-1])
        if literal and 0 < len(slots) <= MOST_SLOTS and not beside:
            made[tuple(words), tuple(slots)] = Frame(tuple(words), tuple(slots), literal)
    return tuple(made.values())


def _places(forms: Sequence[str], words: Sequence[Sequence[str]]) -> Iterator[list[tuple[int, int]]]:
    """Where the slots between these words may stand: words [start, end) of each."""
    first, *between, last = words
    end = len(forms) - len(last)
    if tuple(forms[: len(first)]) != first or tuple(forms[end:]) != last:
        return
    yield from _onward(forms, between, len(first), end)


def _onward(
    forms: Sequence[str], between: Sequence[Sequence[str]], start: int, end: int
) -> Iterator[list[tuple[int, int]]]:
    if not between:
        if start < end:
            yield [(start, end)]
        return
    size = len(between[0])
    for at in range(start + 1, end - size):
        if tuple(forms[at : at + size]) == between[0]:
            for rest in _onward(forms, between[1:], at + size, end):
                yield [(start, at), *rest]


def _tags(
    frame: Frame, places: Sequence[tuple[int, int]], said: Sequence[Word]
) -> Iterator[Tagged]:
    for slot, (start, end) in zip(frame.slots, places, strict=True):
        yield Tagged(slot, said[start].start, said[end - 1].end, 1.0)
