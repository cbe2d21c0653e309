"""Is what was heard the answer to the question in the air? Then which reading goes on?

Here is what the words leave no doubt of. `loose.py` has what is an answer if it is nothing else,
`unasked.py` what is said where nothing was asked, `options.py` the answers to "which one?".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sayso.dialogue.awaited import asked_for, words_for
from sayso.dialogue.commands import SHORT, agreement, standard
from sayso.dialogue.listing import by_place
from sayso.dialogue.mentions import LONGEST_NAME
from sayso.dialogue.options import which_of
from sayso.dialogue.policy import NO, YES
from sayso.dialogue.said import Said, merged
from sayso.dialogue.unasked import unasked
from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.readings import Hypothesis, ResolutionStatus, SlotValue
from sayso.types.skills import Slot
from sayso.understanding.contract import Heard
from sayso.understanding.installed import Installed
from sayso.understanding.slots import live_of


def answer(heard: Heard, context: Context, installed: Mapping[str, Installed]) -> Hypothesis | None:
    """The reading that follows from an answer, or None if this is no answer to the question.

    Only what the words leave no doubt of: a word for the question, values and nothing else. What
    may be an answer if nothing else is understood is for the caller to find out, see
    `loose_answer`.
    """
    awaiting = context.awaiting
    if awaiting is None:
        return unasked(heard, context, installed)
    if awaiting.asked is Asked.WHICH:
        return which_of(heard, context, awaiting, installed)
    pending = awaiting.pending
    if pending is None or pending.skill not in installed:
        return None
    word = standard(heard, context.locale)
    if word is not None:
        return Hypothesis(pending.skill, word, confidence=1.0)
    said = words_for(heard, awaiting, installed[pending.skill], context)
    if awaiting.asked is Asked.CONFIRM:
        return _confirm(heard, pending, said, installed[pending.skill], context)
    return _value(heard, awaiting, pending, said, installed[pending.skill], context)


def _confirm(
    heard: Heard,
    pending: Hypothesis,
    said: Said,
    held: Installed,
    context: Context,
) -> Hypothesis | None:
    """A yes, a no, or values: with a no, with a yes, or instead of them."""
    intent = held.language.intent(pending.intent)
    changed = pending
    # "Yes, do it now" is a yes.
    at_once = ("PRESENT_REF", context.now.strftime("%H:%M"))
    word = agreement(heard, context.locale)
    agrees = word == YES
    values = [x for x in said.values if not (agrees and x.normalised in at_once)]
    if intent is not None and said.plain and values:
        said = replace(said, values=values)
        changed = merged(pending, said, intent, context)
    if changed.slots != pending.slots:
        return changed
    if agrees:
        return pending
    return Hypothesis(pending.skill, NO, confidence=1.0) if word == NO else None


def _value(
    heard: Heard,
    awaiting: Awaiting,
    pending: Hypothesis,
    said: Said,
    held: Installed,
    context: Context,
) -> Hypothesis | None:
    """The reading with the value that was asked for, or with others that were said."""
    intent, slot = asked_for(pending, awaiting, held)
    if intent is None or slot is None or slot.type == FREE_TEXT or said.open:
        return None
    offered = by_place(heard, slot, held, context) if _is_listed(slot, held, context) else None
    if offered is not None:
        return merged(pending, Said([offered]), intent, context)
    if said.plain and _is_listed(slot, held, context):
        return merged(pending, said, intent, context)
    # A longer sentence is no name, and to look for one that is like it takes long.
    if len(heard.words) > LONGEST_NAME + SHORT and _is_listed(slot, held, context):
        return None
    values = held.resolver.resolve_all(
        heard.utterance.text,
        slot,
        now=context.now,
        locale=context.locale,
        start=0,
        end=len(heard.utterance.text),
        live=live_of(held, context),
    )
    exact = all(each.status is ResolutionStatus.MATCHED for each in values)
    # "Tomorrow at eight" is a day for a grammar, and more than a day where a time is wanted, too.
    several = said.plain and len({each.name for each in said.values}) > 1
    if exact and not several and _is_closed(slot, held, context) and not said.corrects:
        return merged(pending, Said(_as_said(values, said)), intent, context)
    return merged(pending, said, intent, context) if said.plain else None


def _as_said(values: Sequence[SlotValue], said: Said) -> Sequence[SlotValue]:
    """The values in the words that are theirs alone: of `at two, please` the two."""
    mine = [each for each in said.values if each.name == values[0].name]
    same = [each.normalised for each in mine] == [each.normalised for each in values]
    return mine if same else values


def _is_listed(slot: Slot, held: Installed, context: Context) -> bool:
    """Whether the slot has a catalogue of names: the skill's, or this conversation's."""
    live = live_of(held, context)
    own = held.language.type(slot.type)
    known = own is not None and len(own.values) > 0
    return known or (live is not None and slot.type in live.catalogues)


def _is_closed(slot: Slot, held: Installed, context: Context) -> bool:
    """Whether not just any words are a value of the slot."""
    return held.resolver.is_read(slot) or _is_listed(slot, held, context)
