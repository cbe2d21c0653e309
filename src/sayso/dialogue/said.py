"""What a sentence says of an intent that is being talked about, and the reading with that in it.

Which words are values is found in `mentions.py`; here it is told how they are put: said, denied,
put right or on top of others, and whether anything else was said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sayso.dialogue.clocked import clocked, day_and_time
from sayso.dialogue.mentions import apart, marked, mentions_in, narrowed
from sayso.dialogue.told import content, described_as, is_yes_or_no, told
from sayso.dialogue.words import ADDING, DENYING, FILLERS, begins, correcting, ends
from sayso.types.context import Context
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.skills import Intent
from sayso.understanding import builtin
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.installed import Installed

MOST_WORDS = 24  # of a sentence in which single values are looked for; an answer is shorter
GAP = re.compile(r"\{(\w+)\}")
_BESIDE = re.compile(r"([\w']*)\s*\{\w+\}\s*([\w']*)")


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence says of the slots of an intent.

    values: apart from one another, in the order of the words; denied: values that are not to be.
    plain: whether nothing else is said but small words. corrects, adds: how it puts it.
    open: whether some value is told by its slot's description alone: it may be something else.
    """

    values: Sequence[SlotValue] = ()
    denied: Sequence[SlotValue] = ()
    plain: bool = False
    corrects: bool = False
    adds: bool = False
    open: bool = False


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
    puts_right = correcting(said, tongue)
    corrects = is_correcting(heard, context.locale)
    adds = begins(said, ADDING.get(tongue, ())) or ends(said, ADDING.get(tongue, ()))
    filled = {slot.name for slot in pending.slots}
    # The second of "on second thought" is no day.
    begun = heard.words[min(len(puts_right), len(heard.words)) - 1].end if puts_right else 0
    found = mentions_in(heard, intent, held, context)
    mentions = [each for each in found if (each.end or 0) > begun]
    mentions = [x for x in mentions if x.name == awaited or not is_yes_or_no(x, held)]
    mentions = [
        narrowed(each, mentions, slot, heard, held, context)
        for each in mentions
        if (slot := intent.slot(each.name)) is not None
    ]
    mentions = clocked(mentions, heard.utterance.text, context.locale)
    places = {(each.start, each.end) for each in mentions}
    named = {each.name for each in mentions}
    told_apart = awaited not in named and described_as(intent, held) is not None
    several = len(places) < len(mentions) and (len(places) > 1 or told_apart)
    by_model = tags() if several else ()
    # "No, miles" is for what was said; "no, five, and miles" is that, and the answer.
    mended = filled if corrects and (len(places) == 1 or awaited in filled) else set()
    by_words = marked(mentions, heard, intent) if len(places) < len(mentions) else ()
    chosen = apart(mentions, awaited, mended, by_model, by_words)
    chosen = day_and_time(chosen, heard, intent, held, context)

    def left(values: Sequence[SlotValue]) -> set[str]:
        words = {*_left(heard, values)} - FILLERS.get(tongue, frozenset()) - {*puts_right}
        return content(words - _carriers(intent), intent, held) if words else words

    rest = left(chosen)
    more = told(heard, pending, held, context, chosen, left) if awaited and rest else []
    if more:
        chosen = sorted([*chosen, *more], key=lambda each: each.start or 0)
        rest = left(chosen)
    denying = DENYING.get(tongue, frozenset())
    denied = [
        each for each in chosen if _word_before(heard, each) in denying and _again(each, chosen)
    ]
    values = _last_of_each([each for each in chosen if each not in denied], intent)
    plain = bool(chosen) and not rest
    return Said(tuple(values), tuple(denied), plain, corrects, adds, open=bool(more))


def is_correcting(heard: Heard, locale: str) -> bool:
    """Whether a sentence puts something right, by how it begins or ends."""
    said = fold(heard.utterance.text)
    return bool(correcting(said, locale.split("-")[0])) or ends(said, ("instead", "stattdessen"))


def merged(pending: Hypothesis, said: Said, intent: Intent, context: Context) -> Hypothesis:
    """The reading with what was said now: in the place of what it held, or on top of it."""
    slots = [each for each in pending.slots if not any(same_value(each, no) for no in said.denied)]
    denied = {each.name for each in said.denied}
    for name in dict.fromkeys(each.name for each in said.values):
        slot = intent.slot(name)
        new = [each for each in said.values if each.name == name]
        old = [each for each in slots if each.name == name]
        several = slot is not None and slot.multiple
        keep = several and (said.adds or name in denied) and not (said.corrects and not denied)
        new = [_in_same_half(each, old, context) if said.corrects else each for each in new]
        kept = (
            [each for each in old if not any(same_value(each, more) for more in new)]
            if keep
            else []
        )
        slots = [each for each in slots if each.name != name] + kept + new
    return replace(pending, slots=tuple(slots), confidence=1.0)


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


def is_denied(heard: Heard, value: SlotValue, context: Context) -> bool:
    """Whether a value is said not to be: `not milk`. A `no, milk` may be either."""
    word = _word_before(heard, value)
    return word in DENYING.get(context.locale.split("-")[0], frozenset()) - {"no"}


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
    """The words that the intent's slots have around their values when they are asked for.

    And those right beside them wherever the intent is asked for: of `on my {list} list` the list.
    """
    answers = tuple(sample for slot in intent.slots for sample in slot.samples)
    return _around(answers, tuple(intent.samples))


@lru_cache(maxsize=64)
def _around(answers: tuple[str, ...], samples: tuple[str, ...]) -> frozenset[str]:
    around = {word for sample in answers for word in fold(GAP.sub(" ", sample)).split()}
    beside = Counter(
        word for sample in samples for found in _BESIDE.findall(sample) for word in {*found}
    )
    return frozenset(around | {fold(word) for word, times in beside.items() if times > 1})


def same_value(one: SlotValue, other: SlotValue) -> bool:
    """Whether two values of a slot mean the same, wherever they were said."""
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
