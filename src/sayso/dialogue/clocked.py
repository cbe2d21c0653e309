"""Days, times and numbers in one answer: which is which, each in words of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sayso.dialogue.mentions import value_at
from sayso.dialogue.words import AT, FOR
from sayso.types.context import Context
from sayso.types.locales import language_of
from sayso.types.readings import SlotValue
from sayso.types.skills import Intent
from sayso.understanding import builtin
from sayso.understanding.contract import Heard, Tagged
from sayso.understanding.edges import with_day_apart
from sayso.understanding.fold import fold
from sayso.understanding.installed import Installed


def clocked(mentions: Sequence[SlotValue], text: str, locale: str) -> list[SlotValue]:
    """Without numbers that are times, and times that are numbers: `for two, tomorrow at six`.

    Only of several, and where the words say so: after `at` stands a time, after `for` a number.
    """
    tongue = language_of(locale)
    before = {each.start: _word_before(text, each.start or 0) for each in mentions}
    times = {each.start for each in mentions if each.type == "AMAZON.TIME"}
    numbers = {each.start for each in mentions if each.type == "AMAZON.NUMBER"}
    either = times & numbers
    sure = {start for start in either if before[start] == AT.get(tongue)}
    if not sure or len(either) < 2:
        return [*mentions]
    counts = {start for start in either if before[start] == FOR.get(tongue)}
    return [
        each
        for each in mentions
        if not (each.type == "AMAZON.NUMBER" and each.start in sure)
        and not (each.type == "AMAZON.TIME" and each.start in counts)
    ]


def day_and_time(
    values: Sequence[SlotValue], heard: Heard, intent: Intent, held: Installed, context: Context
) -> list[SlotValue]:
    """The values; of a day and a time in the same words, each in those that are its own."""
    found = [*values]
    for time in [each for each in values if each.type == "AMAZON.TIME"]:
        where = (time.start, time.end)
        day = next(
            (x for x in values if x.type == "AMAZON.DATE" and (x.start, x.end) == where), None
        )
        two = tuple(x for x in intent.slots if day is not None and x.name in (day.name, time.name))
        if day is None or len(two) != 2:
            continue
        tags = with_day_apart(
            [Tagged(time.name, time.start or 0, time.end or 0, time.confidence)],
            replace(intent, slots=two),
            heard.utterance.text,
            now=context.now,
            locale=context.locale,
        )
        text, named = heard.utterance.text, {slot.name: slot for slot in two}
        spans = [_alone(text, x.start, x.end, named[x.name].type, context) for x in tags]
        apart = [
            value_at(text, *span, named[x.name], held, context)
            for x, span in zip(tags, spans, strict=True)
        ]
        # Of `the 10th of March at eight` the time is not `March at eight`.
        pure = not any(x.type == time.type and _is_day(x.value, context) for x in apart)
        if len(apart) == 2 and pure:
            found = [each for each in found if each not in (day, time)] + apart
    return sorted(found, key=lambda each: each.start or 0)


def _word_before(text: str, start: int) -> str:
    words = fold(text[:start]).split()
    return words[-1] if words else ""


def _is_day(words: str, context: Context) -> bool:
    day = builtin.value("AMAZON.DATE", words, now=context.now, locale=context.locale)
    return day is not None


def _alone(text: str, start: int, end: int, kind: str, context: Context) -> tuple[int, int]:
    """Of `at eight` the eight."""
    words = text[start:end]
    found = builtin.spans(kind, words, now=context.now, locale=context.locale)
    if len(found) != 1:
        return start, end
    return start + found[0][0], start + found[0][1]
