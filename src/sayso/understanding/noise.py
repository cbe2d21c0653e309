"""Lessons as they may arrive: a key slipped, or a word written as a recogniser heard it.

Which letters recognisers put for which is in `misheard.tsv`, counted by scripts/make_misheard.py in
what they really wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from random import Random

from sayso.types.lessons import Label, LabelSource, Span

SHARE = 0.5  # of the samples that are learnt once more with a word spoiled
WEIGHT = 0.25  # of a spoiled text beside its sample
_TYPED, _HEARD = 4, 3  # letters of the shortest word that is mistyped, and of one misheard
_WORD = re.compile(r"\S+")
_KEYS = (  # each letter, then those beside it
    "qwa wqes ewrd retf tryg ytuh uyij iuok oipl pol aqsz sadw dsfe fdgr gfht hgjy jhku kjli lko "
    "zxas xzcs cxvd vcbf bvng nbmh mnjk"
)
_BESIDE = {keys[0]: keys[1:] for keys in _KEYS.split()}


def spoiled(lessons: Sequence[Label], locale: str) -> list[Label]:
    """Of every second sample a text with a word spoiled; none that is taught as it is.

    English only. Each by its own text, so that a skill's other samples change nothing.
    """
    if locale.split("-")[0] != "en":
        return []
    taught = {lesson.text.casefold() for lesson in lessons}
    by_sample: dict[tuple[str, str], list[Label]] = {}
    for lesson in lessons:
        if lesson.own and lesson.weight > 0:
            by_sample.setdefault((lesson.intent, lesson.sample), []).append(lesson)
    made: list[Label] = []
    for (intent, sample), texts in by_sample.items():
        chance = Random(f"{intent}/{sample}")
        if chance.random() < SHARE:
            one = spoil(chance.choice(texts), chance)
            if one.text.casefold() not in taught:
                made.append(one)
    return made


def spoil(lesson: Label, chance: Random) -> Label:
    """The lesson with one word mistyped or misheard; as it was where no word can be."""
    change, least = chance.choice(((mistyped, _TYPED), (misheard, _HEARD)))
    words = [(m.start(), m.end()) for m in _WORD.finditer(lesson.text)]
    found = [(s, e) for s, e in words if e - s >= least and lesson.text[s:e].isalpha()]
    whole = [(s, e) for s, e in found if not any(_cuts(x, s, e) for x in lesson.spans)]
    return _with_word(lesson, *chance.choice(whole), change, chance) if whole else lesson


def _cuts(span: Span, start: int, end: int) -> bool:
    """Whether a slot takes some letters of a word and leaves others."""
    return span.start < end and span.end > start and not (span.start <= start and end <= span.end)


def _with_word(
    lesson: Label, start: int, end: int, change: Callable[[str, Random], str], chance: Random
) -> Label:
    word = change(lesson.text[start:end], chance)
    longer = len(word) - (end - start)
    return replace(
        lesson,
        text=lesson.text[:start] + word + lesson.text[end:],
        spans=[_moved(span, start, end, longer) for span in lesson.spans],
        template=lesson.sample,
        source=LabelSource.NOISE,
        weight=lesson.weight * WEIGHT,
    )


def _moved(span: Span, start: int, end: int, longer: int) -> Span:
    """The span where the word at `start` has become longer."""
    return Span(
        span.name,
        span.start + (longer if span.start >= end else 0),
        span.end + (longer if span.end > start else 0),
    )


def mistyped(word: str, chance: Random) -> str:
    """A word of four letters or more with one letter lost, swapped, doubled or a key beside it."""
    if len(word) < _TYPED:
        return word
    at = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    wrong = (
        "",
        after[0] + letter,
        letter * 2,
        chance.choice(_BESIDE.get(letter.lower(), letter)),
    )
    slip = chance.randrange(len(wrong))
    return before + wrong[slip] + (after[1:] if slip == 1 else after)


def misheard(word: str, chance: Random) -> str:
    """A word of three letters or more with some letters as a recogniser might have put them."""
    found = [
        (at, change, change.count / (1 if change.said else len(word)))
        for change in _changes()
        for at in change.places(word)
    ]
    if len(word) < _HEARD or not found:
        return word
    weights = [count for *_, count in found]
    at, change, _ = chance.choices(found, weights)[0]
    return word[:at] + change.heard + word[at + len(change.said) :]


@dataclass(frozen=True, slots=True)
class _Change:
    """said: letters, none where some are put in; heard: what stands there instead."""

    said: str
    heard: str
    count: int

    def places(self, word: str) -> list[int]:
        if not self.said:
            return list(range(1, len(word) + 1))
        lowered = word.lower()
        if self.said not in lowered:  # the usual case, seen faster than by an expression
            return []
        return [m.start() for m in re.finditer(self.said, lowered)]


@lru_cache(maxsize=1)
def _changes() -> list[_Change]:
    text = files("sayso.understanding").joinpath("misheard.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return [_Change(said, heard, int(count)) for said, heard, count in rows]
