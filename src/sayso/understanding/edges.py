"""What a model tagged -> the words that are the value: at its edges, and a day apart from a time.

A tagger learns from few sentences where a value begins and ends. What can be told without learning
is put right here: no value begins or ends with a comma, and a day said right beside a time is the
day where the intent has a slot for one (`7:45 am tomorrow`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sayso.types.skills import Intent
from sayso.understanding import builtin
from sayso.understanding.contract import Tagged

TIME, DATE = "AMAZON.TIME", "AMAZON.DATE"
WORD = re.compile(r"[^\s,.;!?]+")
_WIDER = 2  # words that a tag may lack
EDGES = " ,;.!?"
_BEHIND = frozenset(
    "again please thanks now then too also instead is are was bitte danke jetzt auch".split()
)


def cleaned(tags: Sequence[Tagged], text: str) -> list[Tagged]:
    """Tags without punctuation at their edges, and without those of punctuation alone."""
    found = []
    for tag in tags:
        words = text[tag.start : tag.end]
        start = tag.start + len(words) - len(words.lstrip(EDGES))
        end = tag.end - (len(words) - len(words.rstrip(EDGES)))
        if (start, end) == (tag.start, tag.end):
            found.append(tag)
        elif start < end:
            found.append(replace(tag, start=start, end=end))
    return found


def widened(tags: Sequence[Tagged], text: str, is_name: Callable[[str, str], bool]) -> list[Tagged]:
    """Tags with the words beside them, where these make a name of what is none: a `power` nap.

    Never words that another tag has. is_name: whether words are a name of a slot's.
    """
    words = [match.span() for match in WORD.finditer(text)]
    found = []
    for tag in tags:
        others = [other for other in tags if other is not tag]
        wider = (
            (start, end)
            for start, end in _around(words, tag)
            if not any(other.start < end and start < other.end for other in others)
            and is_name(text[start:end], tag.name)
        )
        known = is_name(text[tag.start : tag.end], tag.name)
        start, end = (tag.start, tag.end) if known else next(wider, (tag.start, tag.end))
        found.append(replace(tag, start=start, end=end))
    return found


def _around(words: Sequence[tuple[int, int]], tag: Tagged) -> Iterator[tuple[int, int]]:
    """The tag's place with a word or two more before it or behind it."""
    inside = [at for at, (start, end) in enumerate(words) if start < tag.end and end > tag.start]
    if not inside:
        return
    for more in range(1, _WIDER + 1):
        for first, last in ((inside[0], inside[-1] + more), (inside[0] - more, inside[-1])):
            if first >= 0 and last < len(words):
                yield words[first][0], words[last][1]


def shorter(words: str) -> Iterator[str]:
    """The words with fewer small ones behind them: `book club again please`, one by one."""
    while (gap := words.rfind(" ")) > 0 and words[gap + 1 :].casefold() in _BEHIND:
        words = words[:gap].rstrip(EDGES)
        yield words


def with_day_apart(
    tags: Sequence[Tagged], intent: Intent, text: str, *, now: datetime, locale: str
) -> list[Tagged]:
    """Tags in which a time that was tagged along with a day is the two, and likewise a day.

    Only where the intent has one slot for the other and nothing was tagged as that. now: aware.
    """
    kinds = {slot.name: slot.type for slot in intent.slots}
    tagged = {kinds.get(tag.name) for tag in tags}
    if {TIME, DATE} <= tagged or not tagged & {TIME, DATE}:
        return [*tags]
    missing = DATE if TIME in tagged else TIME
    free = [name for name, kind in kinds.items() if kind == missing]
    if len(free) != 1:
        return [*tags]
    found: list[Tagged] = []
    for tag in tags:
        kind = kinds.get(tag.name, "")
        halves = None
        if kind in (TIME, DATE) and " " in text[tag.start : tag.end].strip():
            halves = _halves(text, tag, kind, missing, now, locale)
        if halves is None:
            found.append(tag)
            continue
        mine, others = halves
        found.append(replace(tag, start=mine[0], end=mine[1]))
        found.append(replace(tag, name=free[0], start=others[0], end=others[1]))
    return sorted(found, key=lambda tag: tag.start)


_Span = tuple[int, int]


def _halves(
    text: str, tag: Tagged, kind: str, missing: str, now: datetime, locale: str
) -> tuple[_Span, _Span] | None:
    """The words of the tag's own kind and of the other, if each half means what the whole does.

    `Tonight` is a day and a time in one word, and `this evening at seven` without its evening is
    another hour: those stay whole.
    """
    words = text[tag.start : tag.end]
    mine, other = (builtin.value(k, words, now=now, locale=locale) for k in (kind, missing))
    if mine is None or other is None:
        return None
    gaps = [at for at, letter in enumerate(words) if letter == " "]
    for gap in gaps:
        first, last = (0, gap), (gap + 1, len(words))
        for here, there in ((first, last), (last, first)):
            one, two = _bare(words, *here), _bare(words, *there)
            if (
                builtin.value(kind, words[slice(*one)], now=now, locale=locale) == mine
                and builtin.value(missing, words[slice(*two)], now=now, locale=locale) == other
            ):
                at = tag.start
                return (at + one[0], at + one[1]), (at + two[0], at + two[1])
    return None


def _bare(words: str, start: int, end: int) -> _Span:
    """The span without the preposition that a day may have before it."""
    return (start + 3, end) if words.startswith("on ", start) else (start, end)
