"""Words -> values of the types of an intent's slots, wherever in the sentence they are.

Which words are values is told by type: a catalogue's names word for word, what a grammar reads as a
number, a date or a time. The longest goes first, so that `eight pm` is a time and no number of
people. Where two slots may take the same words the skill's own model has the say, then the slot
that was asked for, then one that holds a value already (a correction) or none yet.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.context import Context
from sayso.types.readings import ResolutionStatus, SlotValue
from sayso.types.skills import Intent, Slot
from sayso.understanding import builtin
from sayso.understanding.articles import articles_of
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.installed import Installed
from sayso.understanding.slots import live_of

LONGEST_NAME = 5  # words
_BESIDE = re.compile(r"([\w']*)\s*\{(\w+)\}\s*([\w']*)")
_WHEN = {"AMAZON.DATE", "AMAZON.TIME"}
_POINTING = re.compile(r"\b(?:the|that|this|another)\s+(?:[^\W\d]+\s+){0,2}$", re.IGNORECASE)


def mentions_in(
    heard: Heard, intent: Intent, held: Installed, context: Context
) -> Iterator[SlotValue]:
    """Every value of every slot's type that the words hold; each type is looked for once."""
    found: dict[str, list[tuple[int, int]]] = {}
    text = heard.utterance.text
    for slot in intent.slots:
        if slot.type == FREE_TEXT:
            continue
        if slot.type not in found:
            found[slot.type] = _spans(heard, slot, held, context)
        for start, end in found[slot.type]:
            if _points(text, start, end):
                continue
            value = value_at(text, start, end, slot, held, context)
            if value.status is ResolutionStatus.MATCHED or len(value.matches()) > 1:
                yield value


def _points(text: str, start: int, end: int) -> bool:
    """Whether a number stands for a thing: `the late one`, `that one`."""
    return fold(text[start:end]) == "one" and bool(_POINTING.search(text[:start]))


def narrowed(
    value: SlotValue,
    mentions: Sequence[SlotValue],
    slot: Slot,
    heard: Heard,
    held: Installed,
    context: Context,
) -> SlotValue:
    """A day or time without what comes before or after it, where that is another slot's value.

    `tomorrow for three nights` is read as a day, and so is the `night on Monday` of a game night;
    it is the same day without.
    """
    if value.type not in _WHEN:
        return value
    text, start, end = heard.utterance.text, value.start or 0, value.end or 0
    others = [x for x in mentions if x.type not in _WHEN and x.name != value.name]
    # Longest first: less is tried where what is left means the same.
    spans = [
        (start, word.end)
        for each in others
        for word in reversed(heard.words)
        if fold(word.text)  # "tomorrow," ends before the comma
        if start < (each.start or 0) < end and start < word.end <= (each.start or 0)
    ] + [
        (word.start, end)
        for each in others
        for word in heard.words
        if fold(word.text)
        if (each.start or 0) <= start < (each.end or 0) <= word.start < end
    ]
    for first, last in spans:
        less = value_at(text, first, last, slot, held, context)
        if less.normalised == value.normalised and less.status is ResolutionStatus.MATCHED:
            return less
    return value


def apart(
    mentions: Sequence[SlotValue],
    awaited: str,
    filled: Collection[str],
    tags: Sequence[SlotValue],
    marked: Collection[SlotValue] = (),
) -> list[SlotValue]:
    """Mentions that do not overlap, in the order of the words.

    marked: those that a word beside them tells, as `marked` has them.
    """
    tagged = {(tag.name, tag.start) for tag in tags}

    def order(each: SlotValue) -> tuple[int, bool, bool, bool, bool, int]:
        size = (each.end or 0) - (each.start or 0)
        of_model = (each.name, each.start) in tagged
        free = each.name not in filled
        return (
            -size,
            each not in marked,
            not of_model,
            free,
            each.name != awaited,
            each.start or 0,
        )

    taken: list[SlotValue] = []
    told = {each.name for each in marked}
    for each in sorted(mentions, key=order):
        if each.name in told and each not in marked:
            continue
        # "Tomorrow at eight" is a day and a time: what a grammar reads as both is both.
        if not any(_overlap(each, x) and {each.type, x.type} != _WHEN for x in taken):
            taken.append(each)
    return sorted(taken, key=lambda each: each.start or 0)


def marked(mentions: Sequence[SlotValue], heard: Heard, intent: Intent) -> list[SlotValue]:
    """Mentions with a word beside them that stands there for one slot of their type alone.

    Of `231 seven people` seven is the people, where samples say `{people} people` and no other
    number's samples have that word behind it.
    """
    kinds = tuple((slot.name, slot.type, tuple(slot.samples)) for slot in intent.slots)
    marks = _marks(kinds, tuple(intent.samples))
    words = [(fold(word.text), word.start, word.end) for word in heard.words if fold(word.text)]
    found = []
    for each in mentions:
        before = next((x for x, _, end in reversed(words) if end <= (each.start or 0)), "")
        behind = next((x for x, start, _ in words if start >= (each.end or 0)), "")
        if {(before, ""), ("", behind)} & marks[each.name]:
            found.append(each)
    return found


@lru_cache(maxsize=64)
def _marks(
    slots: tuple[tuple[str, str, tuple[str, ...]], ...], samples: tuple[str, ...]
) -> Mapping[str, frozenset[tuple[str, str]]]:
    """Slot -> (word before, "") and ("", word behind), where samples have them beside it alone."""
    kinds = {name: kind for name, kind, _ in slots}
    found: dict[str, set[tuple[str, str]]] = {name: set() for name in kinds}
    for sample in (*samples, *(each for *_, own in slots for each in own)):
        for before, name, behind in _BESIDE.findall(sample):
            if name in found:
                found[name] |= {(fold(before), ""), ("", fold(behind))} - {("", "")}
    return {
        name: frozenset(
            mark
            for mark in marks
            if not any(
                mark in found[other]
                for other in found
                if other != name and kinds[other] == kinds[name]
            )
        )
        for name, marks in found.items()
    }


def _spans(heard: Heard, slot: Slot, held: Installed, context: Context) -> list[tuple[int, int]]:
    text, live = heard.utterance.text, live_of(held, context)
    own = held.language.type(slot.type) is not None or (live and slot.type in live.catalogues)
    if not own and builtin.is_builtin(slot.type):
        spans = builtin.spans(slot.type, text, now=context.now, locale=context.locale)
        return [(start, end) for start, end, _ in spans]
    found: list[tuple[int, int]] = []
    at = 0
    words = [word for word in heard.words if fold(word.text)]  # a comma is no part of a name
    while at < len(words):
        size = next(
            (
                n
                for n in range(min(LONGEST_NAME, len(words) - at), 0, -1)
                if held.resolver.names(text[words[at].start : words[at + n - 1].end], slot, live)
            ),
            0,
        )
        if size:
            end = words[at + size - 1].end
            # Of "the stew" the article is no part of the value where the rest alone is its name.
            article = size > 1 and fold(words[at].text) in articles_of(held.locale)
            rest = article and held.resolver.names(text[words[at + 1].start : end], slot, live)
            found.append((words[at + 1 if rest else at].start, end))
        at += size or 1
    return found


def value_at(
    text: str, start: int, end: int, slot: Slot, held: Installed, context: Context
) -> SlotValue:
    """What characters [start, end) are as a value of the slot."""
    return held.resolver.resolve(
        text[start:end],
        slot,
        now=context.now,
        locale=context.locale,
        start=start,
        end=end,
        live=live_of(held, context),
    )


def _overlap(one: SlotValue, other: SlotValue) -> bool:
    return (one.start or 0) < (other.end or 0) and (other.start or 0) < (one.end or 0)
