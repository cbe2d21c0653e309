"""Words -> values for the slots of an intent that is being talked about, and what else was said.

Which words are values is told by type: a catalogue's names word for word, what a grammar reads as a
number, a date or a time. The longest goes first, so that `eight pm` is a time and no number of
people. Where two slots may take the same words the skill's own model has the say, then the slot
that was asked for, then one that holds a value already (a correction) or none yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from sayso.dialogue.words import ADDING, CORRECTING, DENYING, FILLERS, begins, ends
from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.skills import Intent, Slot
from sayso.types.turns import Context, Hypothesis, ResolutionStatus, SlotValue
from sayso.understanding import builtin
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.installed import Installed
from sayso.understanding.interpret import live_of

MOST_WORDS = 24  # of a sentence in which single values are looked for; an answer is shorter
LONGEST_NAME = 5  # words
_WHEN = {"AMAZON.DATE", "AMAZON.TIME"}
_GAP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence says of the slots of an intent.

    values: apart from one another, in the order of the words; denied: values that are not to be.
    plain: whether nothing else is said but small words. corrects, adds: how it puts it.
    """

    values: Sequence[SlotValue] = ()
    denied: Sequence[SlotValue] = ()
    plain: bool = False
    corrects: bool = False
    adds: bool = False


def said_of(
    heard: Heard,
    pending: Hypothesis,
    held: Installed,
    context: Context,
    *,
    awaited: str = "",
    tags: Callable[[], Sequence[SlotValue]] = tuple,
) -> Said:
    """The values in a sentence for the slots of the reading that is talked about.

    awaited: the slot that was asked for. tags: gives the values that the skill's own model
        finds; it is asked only where two slots may take the same words.
    """
    intent = held.language.intent(pending.intent)
    if intent is None or not 0 < len(heard.words) <= MOST_WORDS:
        return Said()
    tongue = context.locale.split("-")[0]
    said = fold(heard.utterance.text)
    corrects = begins(said, CORRECTING.get(tongue, ())) or ends(said, ("instead", "stattdessen"))
    adds = begins(said, ADDING.get(tongue, ())) or ends(said, ADDING.get(tongue, ()))
    filled = {slot.name for slot in pending.slots}
    mentions = list(_mentions(heard, intent, held, context))
    mentions = [
        _narrowed(each, mentions, slot, heard, held, context)
        for each in mentions
        if (slot := intent.slot(each.name)) is not None
    ]
    places = {(each.start, each.end) for each in mentions}
    found = tags() if 1 < len(places) < len(mentions) else ()
    chosen = _apart(mentions, awaited, filled if corrects else set(), found)
    denying = DENYING.get(tongue, frozenset())
    denied = [
        each for each in chosen if _word_before(heard, each) in denying and _again(each, chosen)
    ]
    values = _last_of_each([each for each in chosen if each not in denied], intent)
    left = _left(heard, chosen)
    small = FILLERS.get(tongue, frozenset()) | _carriers(intent)
    plain = all(word in small or not word for word in left)
    return Said(tuple(values), tuple(denied), plain and bool(chosen), corrects, adds)


def merged(pending: Hypothesis, said: Said, intent: Intent, context: Context) -> Hypothesis:
    """The reading with what was said now: in the place of what it held, or on top of it."""
    slots = [each for each in pending.slots if not any(_same(each, no) for no in said.denied)]
    denied = {each.name for each in said.denied}
    for name in dict.fromkeys(each.name for each in said.values):
        slot = intent.slot(name)
        new = [each for each in said.values if each.name == name]
        old = [each for each in slots if each.name == name]
        several = slot is not None and slot.multiple
        keep = several and (said.adds or name in denied) and not (said.corrects and not denied)
        new = [_in_same_half(each, old, context) if said.corrects else each for each in new]
        kept = [each for each in old if not any(_same(each, more) for more in new)] if keep else []
        slots = [each for each in slots if each.name != name] + kept + new
    return replace(pending, slots=tuple(slots), confidence=1.0)


def free_text(text: str, slot: Slot) -> str:
    """The words that are the value of a free text, less those that the slot's samples put around.

    `write {message}`: of "write I am late" it is "I am late".
    """
    for sample in sorted(slot.samples, key=len, reverse=True):
        if _GAP.findall(sample) == [slot.name]:
            before, _, after = sample.partition("{" + slot.name + "}")
            found = re.fullmatch(
                rf"{re.escape(before.strip())}\s*(.+?)\s*{re.escape(after.strip())}",
                text,
                re.I | re.S,
            )
            if found and (before.strip() or after.strip()):
                return found[1]
    return text


def _mentions(
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
            value = _resolved(text, start, end, slot, held, context)
            if value.status is ResolutionStatus.MATCHED or len(value.matches()) > 1:
                yield value


def _spans(heard: Heard, slot: Slot, held: Installed, context: Context) -> list[tuple[int, int]]:
    text, live = heard.utterance.text, live_of(held, context)
    own = held.language.type(slot.type) is not None or (live and slot.type in live.catalogues)
    if not own and builtin.is_builtin(slot.type):
        spans = builtin.spans(slot.type, text, now=context.now, locale=context.locale)
        return [(start, end) for start, end, _ in spans]
    found: list[tuple[int, int]] = []
    at = 0
    words = heard.words
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
            rest = size > 1 and held.resolver.names(text[words[at + 1].start : end], slot, live)
            found.append((words[at + 1 if rest else at].start, end))
        at += size or 1
    return found


def _resolved(
    text: str, start: int, end: int, slot: Slot, held: Installed, context: Context
) -> SlotValue:
    return held.resolver.resolve(
        text[start:end],
        slot,
        now=context.now,
        locale=context.locale,
        start=start,
        end=end,
        live=live_of(held, context),
    )


def _apart(
    mentions: Sequence[SlotValue],
    awaited: str,
    filled: Collection[str],
    tags: Sequence[SlotValue],
) -> list[SlotValue]:
    """Mentions that do not overlap, in the order of the words."""
    tagged = {(tag.name, tag.start) for tag in tags}

    def order(each: SlotValue) -> tuple[int, bool, bool, bool, int]:
        size = (each.end or 0) - (each.start or 0)
        of_model = (each.name, each.start) in tagged
        return (-size, not of_model, each.name not in filled, each.name != awaited, each.start or 0)

    taken: list[SlotValue] = []
    for each in sorted(mentions, key=order):
        # "Tomorrow at eight" is a day and a time: what a grammar reads as both is both.
        if not any(_overlap(each, x) and {each.type, x.type} != _WHEN for x in taken):
            taken.append(each)
    return sorted(taken, key=lambda each: each.start or 0)


def _overlap(one: SlotValue, other: SlotValue) -> bool:
    return (one.start or 0) < (other.end or 0) and (other.start or 0) < (one.end or 0)


def _narrowed(
    value: SlotValue,
    mentions: Sequence[SlotValue],
    slot: Slot,
    heard: Heard,
    held: Installed,
    context: Context,
) -> SlotValue:
    """A day or time without what comes after it, where that is another slot's value.

    `tomorrow for three nights` is read as a day; it is the same day without the nights.
    """
    start, end = value.start or 0, value.end or 0
    within = [x.start or 0 for x in mentions if x.type not in _WHEN and x.name != value.name]
    within = [at for at in within if start < at < end]
    if value.type not in _WHEN or not within:
        return value
    for word in heard.words:
        if start < word.end <= min(within):
            less = _resolved(heard.utterance.text, start, word.end, slot, held, context)
            if less.normalised == value.normalised and less.status is ResolutionStatus.MATCHED:
                return less
    return value


def _multiple(intent: Intent, name: str) -> bool:
    slot = intent.slot(name)
    return slot is not None and slot.multiple


def _last_of_each(values: Sequence[SlotValue], intent: Intent) -> list[SlotValue]:
    """The values without those that a later one of the same slot replaces: `six, no, seven`."""
    last = {each.name: each for each in values}
    return [each for each in values if _multiple(intent, each.name) or last[each.name] is each]


def _word_before(heard: Heard, value: SlotValue) -> str:
    words = [fold(word.text) for word in heard.words if word.end <= (value.start or 0)]
    words = [word for word in words if word not in ("", "the", "a", "an", "der", "die", "das")]
    return words[-1] if words else ""


def _again(value: SlotValue, values: Sequence[SlotValue]) -> bool:
    """Whether a later value takes the place of this one: `not ham, salami`, but not `no, seven`."""
    return any(x.name == value.name and (x.start or 0) > (value.start or 0) for x in values)


def _left(heard: Heard, values: Sequence[SlotValue]) -> list[str]:
    spans = [(each.start or 0, each.end or 0) for each in values]
    return [
        part
        for word in heard.words
        if not any(start <= word.start and word.end <= end for start, end in spans)
        for part in fold(word.text).split()
    ]


def _carriers(intent: Intent) -> frozenset[str]:
    """The words that the intent's slots have around their values when they are asked for."""
    samples = (sample for slot in intent.slots for sample in slot.samples)
    return frozenset(word for sample in samples for word in fold(_GAP.sub(" ", sample)).split())


def _same(one: SlotValue, other: SlotValue) -> bool:
    mine, theirs = one.normalised or one.value, other.normalised or other.value
    return one.name == other.name and mine.casefold() == theirs.casefold()


def _in_same_half(value: SlotValue, before: Sequence[SlotValue], context: Context) -> SlotValue:
    """A time that leaves open which half of the day is in that of the time which it corrects."""
    if value.type != "AMAZON.TIME" or not before:
        return value
    hour = (before[-1].normalised or "")[:2]
    if not hour.isdecimal():
        return value
    half = "am" if int(hour) < 12 else "pm"
    there = builtin.value(
        value.type, f"{value.value} {half}", now=context.now, locale=context.locale
    )
    return value if there is None else replace(value, normalised=there)
