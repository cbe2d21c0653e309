"""What is said of the last reply where no question of Sayso's is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from sayso.dialogue.awaited import tagged
from sayso.dialogue.commands import SHORT, denies, standard, undoes
from sayso.dialogue.options import place_of
from sayso.dialogue.policy import REPEAT, START_OVER
from sayso.dialogue.said import is_correcting, is_denied, merged, said_of, same_value
from sayso.dialogue.undoing import undo_reading
from sayso.types.context import Context
from sayso.types.readings import Corrected, Hypothesis, SlotValue
from sayso.understanding.contract import Heard
from sayso.understanding.installed import Installed
from sayso.understanding.slots import live_of


def unasked(
    heard: Heard, context: Context, installed: Mapping[str, Installed]
) -> Hypothesis | None:
    """What is said of the last reply where no question of Sayso's is open."""
    active = installed.get(context.active or "")
    lately = context.done.skill if context.done else None
    lately = lately or next((x.skill for x in context.happened if x.used and x.skill), None)
    skill = context.active or lately
    if skill is None or skill not in installed:
        return None
    for word, known in ((REPEAT, context.last_speech), (START_OVER, context.opened)):
        # A skill that holds the conversation and knows the word is asked itself.
        own = active is not None and active.language.intent(word) is not None
        if known and not own and standard(heard, context.locale) == word:
            return Hypothesis(skill, word, confidence=1.0)
    if active is not None and (listed := _listed(heard, active, context)) is not None:
        return listed
    undone = _undone(heard, context, installed)
    if undone is not None:
        return undone
    # Who holds the conversation hears the correction of what it did last, and of nothing else.
    if context.done is None or context.active not in (None, context.done.skill):
        return None
    return _put_right(heard, context.done, context, installed)


def offered_back(
    heard: Heard, context: Context, installed: Mapping[str, Installed]
) -> Hypothesis | None:
    """The undo of what was done last, to be asked about: a bare no does not say what is wrong."""
    return _undo(context, installed) if denies(heard, context.locale) else None


def put_right_instead(
    heard: Heard, context: Context, installed: Mapping[str, Installed]
) -> Hypothesis | None:
    """What was done, with another value, where a no has the undo offered: `the bedroom`."""
    awaiting, done = context.awaiting, context.done
    if awaiting is None or done is None or [*awaiting.options] != [_undo(context, installed)]:
        return None
    return _put_right(heard, done, context, installed, after_a_no=True)


def _undone(
    heard: Heard, context: Context, installed: Mapping[str, Installed]
) -> Hypothesis | None:
    """The undo of what was done last, where its skill names one: `cancel that`."""
    return _undo(context, installed) if undoes(heard, context.locale) else None


def _undo(context: Context, installed: Mapping[str, Installed]) -> Hypothesis | None:
    done = context.done
    held = installed.get(done.skill) if done is not None else None
    if done is None or held is None or context.active is not None:
        return None
    return undo_reading(held.skill, held.language, done.intent, done.slots)


def _put_right(
    heard: Heard,
    done: Hypothesis,
    context: Context,
    installed: Mapping[str, Installed],
    *,
    after_a_no: bool = False,
) -> Hypothesis | None:
    """What was done, with another value: `no, seven`; or `seven`, if the no was said before."""
    held = installed.get(done.skill)
    intent = held.language.intent(done.intent) if held is not None else None
    if held is None or intent is None:
        return None
    # Told by its first or last words: most that is said puts nothing right.
    if not (after_a_no or is_correcting(heard, context.locale)):
        return None
    said = said_of(
        heard, done, held, context, tags=partial(tagged, heard, held, done.intent, context)
    )
    if not (said.plain and said.values):
        return None
    if all(any(same_value(each, had) for had in done.slots) for each in said.values):
        return _taken_out(heard, said.values, done, held, context)
    put_right = merged(done, said, intent, context)
    return replace(put_right, corrects=Corrected(done.slots))


def _taken_out(
    heard: Heard, values: Sequence[SlotValue], done: Hypothesis, held: Installed, context: Context
) -> Hypothesis | None:
    """The undo of what was done with these values alone: `no, not milk`."""
    if not all(is_denied(heard, each, context) for each in values):
        return None
    names = {each.name for each in values}
    others = (each for each in done.slots if each.name not in names)
    return undo_reading(held.skill, held.language, done.intent, (*others, *values))


def _listed(heard: Heard, active: Installed, context: Context) -> Hypothesis | None:
    """`The second one` of the values that the open session has named, if they are of one type.

    It goes to the intent that takes such a value and nothing else, if there is one alone.
    """
    place = place_of(heard, context) if 0 < len(heard.words) <= SHORT else 0
    if len(context.entities) != 1 or not 0 < place <= len(context.entities[0].values):
        return None
    kind = context.entities[0]
    takers = [
        intent
        for intent in active.language.intents
        if len(intent.slots) == 1 and intent.slots[0].type == kind.name
    ]
    if len(takers) != 1:
        return None
    value = active.resolver.resolve(
        kind.values[place - 1].value,
        takers[0].slots[0],
        now=context.now,
        locale=context.locale,
        live=live_of(active, context),
    )
    return Hypothesis(active.skill.id, takers[0].name, (value,), confidence=1.0)
