"""A slip that is put right in the same breath: "for ten, no, twelve minutes" means twelve minutes.

Only where a value ends before the words that take it back, and one of the same type begins after
them: "say no, thanks" and "no, not that" are left as they are. Values of built-in types are told
before anything else is known, those of a skill's catalogues once it is likely that it is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from sayso.types.skills import Slot
from sayso.understanding import builtin
from sayso.understanding.edges import EDGES, WORD
from sayso.understanding.installed import Installed

_TAKEN_BACK: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r",?\s+(?:(?:uh|um|oh|hm),?\s+)?"
        r"(?:(?:no,? |or |sorry,? )?(?:wait|sorry|i mean|i meant|rather|actually|make that)"
        r"|no,? no|no)[,\s]\s*",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r",?\s+(?:ah,?\s+)?"
        r"(?:(?:nein,? |oder )?(?:warte|ich meine|ich meinte|entschuldigung|vielmehr|eigentlich)"
        r"|nein)[,\s]\s*",
        re.IGNORECASE,
    ),
}
_KINDS = ("AMAZON.DURATION", "AMAZON.TIME", "AMAZON.DATE", "AMAZON.NUMBER")
_BEFORE = re.compile(
    r"(?:(?:on|at|in|to|for|um|am|im|auf)\s+)?(?:(?:the|an?|der|die|das)\s+)?", re.I
)
_LONGEST = 5  # words of a name


def repaired(text: str, *, now: datetime, locale: str) -> str:
    """The sentence without the built-in value that was taken back; the same where none was."""
    for before, after in _taken_back(text, locale):
        for kind in _KINDS:
            slips = builtin.spans(kind, before, now=now, locale=locale)
            meant = builtin.spans(kind, after, now=now, locale=locale)
            if slips and meant and slips[-1][1] == len(before) and _near(after, meant[0][0]):
                return _joined(before[: _start(before, slips[-1][0], kind, now, locale)], after)
    return text


def _start(before: str, start: int, kind: str, now: datetime, locale: str) -> int:
    """Where the value itself begins: of `tomorrow at nine` tomorrow is no part of the time."""
    value, last = builtin.value(kind, before[start:], now=now, locale=locale), start
    for word in re.finditer(r"\S+", before[start:]):
        at = start + word.start()
        same = builtin.value(kind, before[at:], now=now, locale=locale) == value
        # In December "December 23rd" is "23rd", too, and December is a part of it all the same.
        if same and builtin.value(kind, before[start:at].strip(), now=now, locale=locale) is None:
            last = at
    return last


def renamed(text: str, held: Installed, intent: str, *, locale: str) -> str:
    """The sentence without the name that was taken back, where the intent has a slot for both."""
    known = held.language.intent(intent)
    slots = known.slots if known is not None else ()
    for before, after in _taken_back(text, locale):
        for slot in slots:
            meant = _put_in_place(before, after, slot, held)
            if meant is not None:
                return meant
    return text


def _put_in_place(before: str, after: str, slot: Slot, held: Installed) -> str | None:
    """The sentence with the name behind the words that take one back in the place of that."""
    skipped = _BEFORE.match(after)
    rest = after[skipped.end() if skipped is not None else 0 :]
    start = _ends_with(before, slot, held)
    if start is not None and (_begins_with(rest, slot, held) or _begins_with(after, slot, held)):
        return _joined(before[:start], after)
    start = _same_thing(before, rest, slot, held)
    if start is not None:
        return _joined(before[:start], after)
    place = _only_one(before, rest, slot, held)
    if place is None:
        return None
    return before[: place[0]] + rest.rstrip(EDGES) + before[place[1] :]


def _same_thing(before: str, rest: str, slot: Slot, held: Installed) -> int | None:
    """Where a name begins that has the same word behind it: `kitchen lamp, no, bedroom lamp`."""
    first, last = before.rpartition(" ")[::2]
    name, behind = rest.rstrip(EDGES).rpartition(" ")[::2]
    if not name or last.casefold() != behind.casefold() or not held.resolver.names(name, slot):
        return None
    return _ends_with(first, slot, held)


def _only_one(before: str, rest: str, slot: Slot, held: Installed) -> tuple[int, int] | None:
    """Where the one name of a slot is, in place of which there is another: `milk ..., no, eggs`."""
    if not held.resolver.names(rest.rstrip(EDGES), slot):
        return None
    words = [match.span() for match in WORD.finditer(before)]
    found = [
        (words[first][0], words[last][1])
        for first in range(len(words))
        for last in range(first, min(len(words), first + _LONGEST))
        if held.resolver.names(before[words[first][0] : words[last][1]], slot)
    ]
    longest = [x for x in found if not any(y != x and y[0] <= x[0] <= x[1] <= y[1] for y in found)]
    return longest[0] if len(longest) == 1 else None


def _taken_back(text: str, locale: str) -> Iterator[tuple[str, str]]:
    """What comes before and behind words that take something back, but at the very beginning."""
    pattern = _TAKEN_BACK.get(locale.split("-")[0])
    for found in pattern.finditer(text) if pattern is not None else ():
        if found.start() > 0:
            yield text[: found.start()], text[found.end() :]


def _near(after: str, start: int) -> bool:
    """Whether nothing but a preposition or an article comes before a value."""
    found = _BEFORE.match(after)
    return start == 0 or (found is not None and found.end() == start)


def _joined(before: str, after: str) -> str:
    """Both, with what is said twice once: `on` Monday, no, `on` Tuesday."""
    skipped = _BEFORE.match(after)
    repeated = skipped[0] if skipped is not None else ""
    while repeated:
        if f" {before}".casefold().endswith(f" {repeated.casefold()}"):
            return before + after[len(repeated) :]
        repeated = repeated[: repeated.rstrip().rfind(" ") + 1]
    return before + after


def _ends_with(before: str, slot: Slot, held: Installed) -> int | None:
    """Where the longest name begins that stands at the end; None if none does."""
    starts = [word.start() for word in re.finditer(r"\S+", before)][-_LONGEST:]
    return next((at for at in starts if held.resolver.names(before[at:], slot)), None)


def _begins_with(after: str, slot: Slot, held: Installed) -> bool:
    ends = [word.end() for word in re.finditer(r"\S+", after)][:_LONGEST]
    return any(held.resolver.names(after[:end].rstrip(EDGES), slot) for end in ends)
