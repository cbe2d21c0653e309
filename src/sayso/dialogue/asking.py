"""The steps that ask: which one was meant, once more, of the session that is open, anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sayso.dialogue.acting import act, apologise, call, call_off
from sayso.dialogue.delegation import leads
from sayso.dialogue.moves import Move, Skills, give_up, say, spoken
from sayso.dialogue.naming import option
from sayso.dialogue.phrases import either, phrase
from sayso.dialogue.questions import fill, wording
from sayso.types.calls import Progress
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.readings import Basis, Decision
from sayso.types.skills import Slot

MISSES = 1  # answers not understood before a question is dropped: nobody is held in a loop


def ask_which(decision: Decision, context: Context, skills: Skills) -> Move:
    """Name the options."""
    names = [option(each, decision, context, skills) for each in decision.options]
    question = "which" if len(names) > 1 else "whether"
    speech = phrase(question, context.locale, options=either(names, context.locale))
    awaiting = Awaiting(Asked.WHICH, options=decision.options)
    return say(speech, decision, replace(context, awaiting=awaiting), ended=False)


def ask_again(decision: Decision, context: Context, skills: Skills) -> Move:
    """The same question once more, in other words if the skill has some; then give up."""
    awaiting = context.awaiting
    if awaiting is None:
        return apologise(decision, context, skills)
    slot = _slot(awaiting, context, skills)
    tried = awaiting.tried or ((slot.name,) if slot is not None else ())
    if awaiting.misses >= MISSES or (slot is not None and tried.count(slot.name) > MISSES):
        return give_up(decision, context)
    if slot is not None:
        tried = (*tried, slot.name)
    again = replace(awaiting, misses=awaiting.misses + 1, tried=tried)
    sorry = phrase("not_understood", context.locale)
    question = (context.reprompt or context.last_speech).removeprefix(sorry).strip()
    if slot is not None and slot.reprompt and awaiting.pending is not None:
        question = fill(wording(slot, context, again=True), awaiting.pending)
    speech = question if decision.basis is Basis.SILENCE else f"{sorry} {question}"
    return say(speech, decision, replace(context, awaiting=again), ended=False, reprompt=question)


def remind(decision: Decision, context: Context, skills: Skills) -> Move:
    """What the open session has asked, once more; it is closed if that is not answered either."""
    if context.silences >= MISSES:
        return give_up(decision, context)
    speech = context.reprompt or context.last_speech
    return say(speech, decision, replace(context, silences=context.silences + 1), ended=False)


def ask_anew(decision: Decision, context: Context, skills: Skills) -> Move:
    """A value that was said back was wrong: it is forgotten and asked for."""
    awaiting = context.awaiting
    pending = awaiting.pending if awaiting is not None else None
    if awaiting is None or pending is None or awaiting.slot is None:
        return call_off(decision, context, skills)
    skill, language = spoken(pending.skill, context, skills)
    intent = language.intent(pending.intent)
    if awaiting.theirs and intent is not None and leads(skill, language, intent):
        told = replace(decision, chosen=pending)
        move = call(pending, told, skill.id, context, Progress.IN_PROGRESS)
        return _refused(move, (awaiting.slot,))
    slots = tuple(each for each in pending.slots if each.name != awaiting.slot)
    chosen = replace(pending, slots=slots)
    return act(replace(decision, chosen=chosen), context, skills)


def deny(decision: Decision, context: Context, skills: Skills) -> Move:
    """The back-end that asked for a yes, or left it to Sayso to ask, is told that it was a no."""
    awaiting = context.awaiting
    pending = awaiting.pending if awaiting is not None else None
    if awaiting is None or pending is None or not awaiting.theirs:
        return call_off(decision, context, skills)
    move = call(pending, decision, pending.skill, context, Progress.COMPLETED)
    return _refused(move, ())


def _refused(move: Move, slots: Sequence[str]) -> Move:
    """The same, with a no to these slots in its call, or to the whole where there are none."""
    if move.call is None:
        return move
    agreed = tuple(name for name in move.call.agreed if name not in slots)
    told = replace(move.call, confirmed=False, denied=not slots, refused=slots, agreed=agreed)
    return replace(move, call=told)


def _slot(awaiting: Awaiting, context: Context, skills: Skills) -> Slot | None:
    """The slot that was asked for, None where something else was."""
    pending = awaiting.pending
    if awaiting.asked is not Asked.SLOT or pending is None or pending.skill not in skills:
        return None
    intent = spoken(pending.skill, context, skills)[1].intent(pending.intent)
    return intent.slot(awaiting.slot or "") if intent is not None else None
