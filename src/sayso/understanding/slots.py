"""What a model tagged -> the values of an intent's slots.

The tags are mended first: without commas and without what is the request itself, with the words
that a name lacks, a day apart from its time, each with the slot whose name it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sayso.types.context import Context
from sayso.types.readings import ResolutionStatus, SlotValue
from sayso.types.skills import Intent, Slot
from sayso.understanding.articles import articles_of
from sayso.understanding.contract import Heard, Tagged
from sayso.understanding.described.fill import fill
from sayso.understanding.edges import cleaned, shorter, widened, with_day_apart
from sayso.understanding.fold import fold
from sayso.understanding.installed import Installed
from sayso.understanding.values.live import Live, live, with_live

# What stands for a value that is not said: `please remove one thing from the list`.
_YET_TO_SAY = {
    "en": {"something", "something else", "one thing", "thing", "one more thing", "another thing"}
    | {"things", "few things", "two things", "item", "one item", "items", "entry", "stuff"},
    "de": {"etwas", "was", "noch etwas", "noch was", "sache", "sachen", "paar sachen"},
}


def slots_of(
    heard: Heard,
    held: Installed,
    name: str,
    tags: Sequence[Tagged],
    context: Context,
    *,
    as_answer: bool = True,
) -> tuple[Sequence[Tagged], tuple[SlotValue, ...]]:
    """All that is said of an intent's slots, of a request or an answer: the tags, and the values.

    tags: what the skill's own model has found; descriptions add, and take, what they know better.
    as_answer: whether it is read as the answer to what was asked, if anything was.
    """
    filled_in = fill(heard, held, name, tags, context, as_answer=as_answer)
    values = resolved(heard, held, name, filled_in.tags, context)
    return filled_in.tags, (*values, *filled_in.meant)


def resolved(
    heard: Heard, held: Installed, name: str, tags: Sequence[Tagged], context: Context
) -> tuple[SlotValue, ...]:
    """The slots found for the intent of that name, with their values looked up."""
    intent = held.language.intent(name)
    if intent is None:
        return ()
    text, values = heard.utterance.text, live_of(held, context)
    tags = [tag for tag in cleaned(tags, text) if not _is_request(tag, intent, text, held)]
    tags = widened(tags, text, lambda words, slot: _is_name(words, slot, intent, held))
    tags = with_day_apart(tags, intent, text, now=context.now, locale=context.locale)
    tags = _renamed(tags, intent, text, held)
    if values is not None:
        tags = with_live(tags, heard, intent, values)
    return tuple(
        value
        for tag in tags
        if (slot := intent.slot(tag.name)) is not None
        for value in _values(tag, slot, text, held, context, values)
    )


def _is_name(words: str, name: str, intent: Intent, held: Installed) -> bool:
    slot = intent.slot(name)
    return slot is not None and held.resolver.names(words, slot)


def _is_request(tag: Tagged, intent: Intent, text: str, held: Installed) -> bool:
    """Whether a tag's words are the request and no value: `there is a new appointment tomorrow`.

    They are where they are a sample of the intent by themselves, an article aside, or stand for
    what is to be said yet (`one thing`), and are no value that is known.
    """
    words = fold(text[tag.start : tag.end])
    first, _, rest = words.partition(" ")
    bare = rest if first in articles_of(held.locale) else words
    yet = bare in _YET_TO_SAY.get(held.locale.split("-")[0], ())
    asked = yet or held.known.get(bare) == intent.name
    return asked and not _is_name(words, tag.name, intent, held)


def _values(
    tag: Tagged, slot: Slot, text: str, held: Installed, context: Context, values: Live | None
) -> Sequence[SlotValue]:
    """The values of a tag; if they are none, of its words without a `please` or an `again`."""

    def looked_up(end: int) -> list[SlotValue]:
        return held.resolver.resolve_all(
            text[tag.start : end],
            slot,
            now=context.now,
            locale=context.locale,
            start=tag.start,
            end=end,
            confidence=tag.confidence,
            live=values,
        )

    whole = looked_up(tag.end)
    if whole[0].status is ResolutionStatus.MATCHED or held.language.type(slot.type) is None:
        return whole
    tries = (looked_up(tag.start + len(words)) for words in shorter(text[tag.start : tag.end]))
    return next((each for each in tries if each[0].status is ResolutionStatus.MATCHED), whole)


def _renamed(
    tags: Sequence[Tagged], intent: Intent, text: str, held: Installed
) -> Sequence[Tagged]:
    """Tags as those of the slots whose names they are: `the lounge` is no color but a room.

    Only where no name of the slot's own was said, and nothing was tagged as the other slot.
    """
    free = [slot for slot in intent.slots if slot.name not in {tag.name for tag in tags}]
    if not free or not tags:
        return tags
    found = []
    for tag in tags:
        words, slot = text[tag.start : tag.end], intent.slot(tag.name)
        own = held.language.type(slot.type) if slot is not None else None
        named = slot is None or own is None or held.resolver.names(words, slot)
        others = [] if named else [x for x in free if held.resolver.names(words, x)]
        found.append(replace(tag, name=others[0].name) if len(others) == 1 else tag)
        free = [x for x in free if x.name != found[-1].name]
    return found


def live_of(held: Installed, context: Context) -> Live | None:
    """The values that this conversation has for a skill: those of its own session, or None."""
    mine = context.entities if context.active == held.skill.id else ()
    return live(mine, held.locale.split("-")[0])
