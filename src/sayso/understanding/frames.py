"""Samples as frames: `remind me to {task}` is a sample, whatever the task.

A model that has seen two tasks gives much of a sentence's meaning to a third one's words. That the
rest is a sample to the letter says more than its likeness, the more of the sentence the sample
explains.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from sayso.skills.templates import pieces
from sayso.types.skills import Language
from sayso.understanding.articles import ARTICLES, articles_of
from sayso.understanding.contract import Word
from sayso.understanding.grammars.tokens import tokens

LONGEST = 40  # words of a sentence
MOST_SLOTS = 4  # of a frame
_PLEASE = frozenset(("please", "bitte"))
_POLITE = (("can", "you"), ("could", "you"), ("would", "you"), ("will", "you"), ("kannst", "du"))
_LETTERS = re.compile("[a-z]{3,}")
_LEFT_OUT = frozenset(_LETTERS.findall(" ".join(chain(_PLEASE, *ARTICLES.values(), *_POLITE))))
# Whether words are a value of the slot of a name: yes; no, but any words may be one; None: never.
IsValue = Callable[[str, str], bool | None]
_Words = Sequence[str]
_Places = tuple[tuple[int, int], ...]  # of the slots: words [start, end)


@dataclass(frozen=True, slots=True)
class Frame:
    """A sample. words: the literal ones before, between and behind its slots."""

    words: tuple[tuple[str, ...], ...]
    slots: tuple[str, ...]
    literal: frozenset[str]


class Frames:
    """The samples with slots of a language, by intent. Each is read when it first may matter.

    Skills are opened for one sentence and closed again: of most samples a glance is enough.
    Safe to share among threads: two may make the same, and either is kept.
    """

    def __init__(self, language: Language) -> None:
        self._language = language
        self._glances: dict[str, Sequence[tuple[str, Sequence[str]]]] = {}
        self._made: dict[str, Frame | None] = {}

    def of(self, intent: str, said: Sequence[str]) -> Iterator[Frame]:
        """The frames of an intent that these words may have; slots side by side make none."""
        found, text = self._glances.get(intent), " ".join(said)
        if found is None:
            declared = self._language.intent(intent)
            samples = declared.samples if declared is not None else ()
            found = [(each, glance(each)) for each in samples if "{" in each]
            self._glances[intent] = found
        for sample, parts in found:
            if all(part in text for part in parts):
                if sample not in self._made:
                    self._made[sample] = _frame(sample, self._language.locale)
                frame = self._made[sample]
                if frame is not None:
                    yield frame

    def explained(self, text: str, intent: str, is_value: IsValue) -> float:
        """Share of a text's letters that a sample of the intent has, or that are known values.

        Of the sample that explains most; 0 if the text is none of them.
        """
        said = _weighty(tokens(text), self._language.locale)
        forms = [word.text for word in said]
        letters = sum(map(len, forms))
        known: dict[tuple[str, int, int], bool | None] = {}

        def free(slot: str, start: int, end: int) -> int | None:
            """Letters of a place that are no known value; None if they can be no value."""
            key = (slot, start, end)
            if key not in known:
                # With the light words before it, too: `an hour and a half`, `the last tram`.
                after = text[said[start - 1].end if start else 0 : said[end - 1].end].lstrip()
                bare = text[said[start].start : said[end - 1].end]
                found = [is_value(words, slot) for words in dict.fromkeys((bare, after))]
                known[key] = None if found.count(None) == len(found) else any(found)
            is_known = known[key]
            return None if is_known is None else (not is_known) * sum(map(len, forms[start:end]))

        least = letters
        for frame in self.of(intent, forms) if 1 < len(said) <= LONGEST else ():
            for places in _places(forms, frame):
                costs = [free(slot, *at) for slot, at in zip(frame.slots, places, strict=True)]
                if None not in costs:
                    least = min(least, sum(cost or 0 for cost in costs))
        return 1.0 - least / letters if letters else 0.0


def glance(sample: str) -> Sequence[str]:
    """Runs of plain letters that whatever has the sample's words has, too, as tokens are written.

    Tokens keep such runs whole, whatever they do about case, accents, hyphens and apostrophes.
    """
    literal = " ".join(piece.text for piece in pieces(sample) if piece.slot is None)
    runs = _LETTERS.findall(literal.lower())
    return [run for run in dict.fromkeys(runs) if run not in _LEFT_OUT]


def _frame(sample: str, locale: str) -> Frame | None:
    words: list[tuple[str, ...]] = [()]
    slots: list[str] = []
    for piece in pieces(sample):
        if piece.slot is None:
            first = not slots and not words[-1]
            said = tokens(piece.text)
            literals = _weighty(said, locale) if first else _heavy(said, locale)
            words[-1] = (*words[-1], *(word.text for word in literals))
        else:
            slots.append(piece.slot)
            words.append(())
    literal = frozenset(word for each in words for word in each)
    if not literal or not 0 < len(slots) <= MOST_SLOTS or not all(words[1:-1]):
        return None
    return Frame(tuple(words), tuple(slots), literal)


def _weighty(words: Sequence[Word], locale: str) -> Sequence[Word]:
    """The words that count, of a beginning: `could you please add` is `add`."""
    left = _heavy(words, locale)
    return left[2:] if tuple(word.text for word in left[:2]) in _POLITE else left


def _heavy(words: Sequence[Word], locale: str) -> Sequence[Word]:
    """Those that may not be missing, in samples as in what is said."""
    light = articles_of(locale) | _PLEASE
    return [word for word in words if word.text not in light]


def _places(forms: _Words, frame: Frame) -> Iterator[_Places]:
    """Where the slots may stand, if a text of these words has the frame's."""
    if not frame.literal.issubset(forms):
        return
    first, *between, last = frame.words
    end = len(forms) - len(last)
    if tuple(forms[: len(first)]) == first and tuple(forms[end:]) == last:
        yield from _onward(forms, between, len(first), end)


def _onward(forms: _Words, between: Sequence[_Words], start: int, end: int) -> Iterator[_Places]:
    if not between:
        if start < end:
            yield ((start, end),)
        return
    size = len(between[0])
    for at in range(start + 1, end - size):
        if tuple(forms[at : at + size]) == between[0]:
            for rest in _onward(forms, between[1:], at + size, end):
                yield ((start, at), *rest)
