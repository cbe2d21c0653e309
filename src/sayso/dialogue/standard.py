"""The steps for words about the conversation itself: stop, help, repeat, start over, thanks."""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.acting import act, apologise, call_off, digress
from sayso.dialogue.moves import Move, Skills, say, spoken
from sayso.dialogue.naming import sentences
from sayso.dialogue.phrases import phrase
from sayso.types.context import Context
from sayso.types.readings import Decision


def close(decision: Decision, context: Context, skills: Skills) -> Move:
    """All that is open or waits is dropped; a skill that handles the word itself is called."""
    mine = replace(context, aside=(), done=None)
    if _handles(decision, context, skills):
        return act(decision, mine, skills)
    return call_off(decision, mine, skills)


def help_with(decision: Decision, context: Context, skills: Skills) -> Move:
    """The skill's own help, else things to say; what is open stays open."""
    chosen = decision.chosen
    if chosen is None:
        return apologise(decision, context, skills)
    if _handles(decision, context, skills):
        asked = context.awaiting is not None
        return digress(decision, context, skills) if asked else act(decision, context, skills)
    _, language = spoken(chosen.skill, context, skills)
    speech = phrase("help", context.locale, examples="; ".join(sentences(language)[:3]))
    if context.awaiting is None:
        return say(speech, decision, context, ended=context.active is None)
    question = context.reprompt or context.last_speech
    return say(f"{speech} {question}", decision, context, ended=False, reprompt=question)


def say_again(decision: Decision, context: Context, skills: Skills) -> Move:
    """What was said last, word for word; a session's own skill may know better."""
    if context.awaiting is None and context.active and _handles(decision, context, skills):
        return act(decision, context, skills)
    if not context.last_speech:
        return call_off(decision, context, skills)
    is_open = context.awaiting is not None or context.active is not None
    reprompt = context.reprompt or context.last_speech
    return say(context.last_speech, decision, context, ended=not is_open, reprompt=reprompt)


def begin_anew(decision: Decision, context: Context, skills: Skills) -> Move:
    """What is open is begun from its first question, with nothing of what was said so far."""
    pending = context.awaiting.pending if context.awaiting is not None else context.opened
    if context.awaiting is None and (pending is None or _handles(decision, context, skills)):
        return act(decision, context, skills)
    if pending is None:
        return call_off(decision, context, skills)
    slots = pending.slots if context.awaiting is None else ()
    chosen = replace(pending, slots=slots)
    fresh = replace(context, awaiting=None)
    return act(replace(decision, chosen=chosen), fresh, skills)


def welcome(decision: Decision, context: Context, skills: Skills) -> Move:
    """Thanks are heard, and nothing changes by them."""
    return say(phrase("welcome", context.locale), decision, context)


def admit(decision: Decision, context: Context, skills: Skills) -> Move:
    """What was done stays done, and the person is told so."""
    return say(phrase("cannot_undo", context.locale), decision, context)


def _handles(decision: Decision, context: Context, skills: Skills) -> bool:
    """Whether the skill has an intent of its own for the standard word that was said."""
    chosen = decision.chosen
    if chosen is None:
        return False
    return spoken(chosen.skill, context, skills)[1].intent(chosen.intent) is not None
