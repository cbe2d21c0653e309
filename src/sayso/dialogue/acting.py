"""The steps that act: ask what a reading lacks, else call the skill; or put aside what is open."""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.aside import set_aside, taken_up, waiting_for
from sayso.dialogue.delegation import is_told_no, leads
from sayso.dialogue.moves import Move, Skills, end, give_up, say, spoken
from sayso.dialogue.phrases import phrase
from sayso.dialogue.questions import agreed_to, next_question
from sayso.dialogue.undoing import stays_done
from sayso.types.calls import Call, CallKind, Progress
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.readings import LAUNCH, Basis, Decision, Hypothesis


def act(decision: Decision, context: Context, skills: Skills) -> Move:
    """Ask what is missing of the reading, else call the skill; one that leads is called at once."""
    chosen = decision.chosen
    if chosen is None:
        return apologise(decision, context, skills)
    skill, language = spoken(chosen.skill, context, skills)
    intent = language.intent(chosen.intent)
    if intent is None and chosen.intent != LAUNCH:
        return call_off(decision, context, skills)  # a standard intent that it does not handle
    ending = _ending(context, skill.id)
    progress = Progress.COMPLETED
    if intent is not None:
        leading = leads(skill, language, intent)
        confirmed = _confirmed(chosen, decision, context)
        before = answered(chosen, context)
        question = next_question(intent, chosen, context, confirmed=confirmed, before=before)
        if question is not None and question.futile:
            return give_up(decision, context)
        if question is not None and not leading:
            theirs = is_told_no(skill, language, intent)
            awaiting = replace(question.awaiting, theirs=theirs)
            ready = replace(_entered(context, skill.id), awaiting=awaiting)
            speech = question.speech
            if question.is_whole and stays_done(chosen, skill, language):
                speech = f"{phrase('both_done', context.locale)} {speech}"
            return say(speech, decision, ready, ended=False, ending=ending)
        if leading and before is None:
            progress = Progress.STARTED
        elif question is not None:
            progress = Progress.IN_PROGRESS
    return call(chosen, decision, skill.id, context, progress, ending)


def digress(decision: Decision, context: Context, skills: Skills) -> Move:
    """Put aside what is open and act; a skill that was named takes its place for good."""
    if decision.basis is Basis.NAMED:
        return act(decision, context, skills)
    return act(decision, set_aside(context), skills)


def take_up(decision: Decision, context: Context, skills: Skills) -> Move:
    """Answer the question that waits behind the open session, which waits in its place."""
    chosen = decision.chosen
    place = waiting_for(chosen, context) if chosen is not None else None
    return act(decision, context if place is None else taken_up(context, place), skills)


def call_off(decision: Decision, context: Context, skills: Skills) -> Move:
    """The open question is dropped and the open session closed, which its skill is told."""
    ending = end(context.active) if context.active is not None else None
    speech = phrase("cancelled", context.locale)
    return say(speech, decision, context.closed(), ending=ending)


def apologise(decision: Decision, context: Context, skills: Skills) -> Move:
    """It was not understood."""
    speech = phrase("unknown", context.locale)
    return say(speech, decision, context, ended=context.active is None)


def wait(decision: Decision, context: Context, skills: Skills) -> Move:
    """Nothing is open and nothing was said."""
    return say("", decision, context)


def answered(chosen: Hypothesis, context: Context) -> Awaiting | None:
    """The open question, if the reading goes on from it rather than begins anew."""
    awaiting = context.awaiting
    pending = awaiting.pending if awaiting is not None else None
    if pending is None or (pending.skill, pending.intent) != (chosen.skill, chosen.intent):
        return None
    return awaiting


def _confirmed(chosen: Hypothesis, decision: Decision, context: Context) -> bool:
    """Whether the person has just said yes to this very reading: to ask for it again is no yes."""
    awaiting = context.awaiting
    if awaiting is None or awaiting.asked is not Asked.CONFIRM or awaiting.pending is None:
        return False
    pending = awaiting.pending
    same = (pending.skill, pending.intent, pending.slots) == (
        chosen.skill,
        chosen.intent,
        chosen.slots,
    )
    return same and awaiting.slot is None and decision.basis is Basis.ANSWER


def call(
    chosen: Hypothesis,
    decision: Decision,
    skill: str,
    context: Context,
    progress: Progress,
    ending: Call | None = None,
) -> Move:
    """The skill's back-end is called for a reading. ending: of another skill's session."""
    launch = chosen.intent == LAUNCH
    before = answered(chosen, context)
    told = Call(
        kind=CallKind.LAUNCH if launch else CallKind.INTENT,
        skill=skill,
        hypothesis=None if launch else chosen,
        confirmed=_confirmed(chosen, decision, context),
        new_session=context.active != skill,
        agreed=agreed_to(chosen, before),
        progress=progress,
        tried=before.tried if before is not None else (),
    )
    return Move(_entered(context, skill), call=told, ending=ending)


def _entered(context: Context, skill: str) -> Context:
    """The context once a skill is addressed: its own session goes on, another's is left."""
    if context.active == skill:
        return replace(context, awaiting=None)
    session = f"{context.conversation}.{context.turn}.{skill}"
    return replace(context.closed(), session=session)


def _ending(context: Context, skill: str) -> Call | None:
    if context.active is None or context.active == skill:
        return None
    return end(context.active)
