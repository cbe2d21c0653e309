"""`The second one` of the values that a question has named: `the afternoon or the late showing?`"""

from __future__ import annotations

from sayso.dialogue.commands import SHORT
from sayso.dialogue.options import ordinal_of
from sayso.types.context import Context
from sayso.types.readings import SlotValue
from sayso.types.skills import Slot, TypeValue
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.installed import Installed
from sayso.understanding.slots import live_of

MOST_LISTED = 100  # values of a catalogue that a question may have named


def by_place(heard: Heard, slot: Slot, held: Installed, context: Context) -> SlotValue | None:
    """The value of the slot's catalogue that stood at that place in what was asked last."""
    if not 0 < len(heard.words) <= SHORT:
        return None
    place = ordinal_of(heard, context)
    named = _named(slot, held, context) if place else []
    if len(named) < 2 or not 0 < place <= len(named):
        return None
    return held.resolver.resolve(
        named[place - 1], slot, now=context.now, locale=context.locale, live=live_of(held, context)
    )


def _named(slot: Slot, held: Installed, context: Context) -> list[str]:
    """Values that the last question names, in its order."""
    own, live = held.language.type(slot.type), live_of(held, context)
    values = list(own.values) if own is not None else []
    if live is not None and slot.type in live.catalogues:
        values = [x for each in context.entities if each.name == slot.type for x in each.values]
    question = f" {fold(context.last_speech)} "
    places = [
        (min(at), each.value)
        for each in values[:MOST_LISTED]
        if (at := [x for x in (question.find(f" {fold(w)} ") for w in _forms(each)) if x >= 0])
    ]
    return [value for _, value in sorted(places)]


def _forms(value: TypeValue) -> tuple[str, ...]:
    return (value.value, *value.synonyms)
