"""The steps of the dialogue policy: what is said, asked or called, and what stays open then.

`policy.py` says when each of them is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sayso.dialogue.aside import set_aside
from sayso.dialogue.delegation import is_told_no, leads
from sayso.dialogue.naming import option, sentences
from sayso.dialogue.phrases import either, phrase
from sayso.dialogue.policy import Step
from sayso.dialogue.questions import agreed_to, fill, next_question, wording
from sayso.types.skills import Language, Skill, Slot
from sayso.types.turns import (
    LAUNCH,
    Asked,
    Awaiting,
    Basis,
    Call,
    CallKind,
    Context,
    Decision,
    Hypothesis,
    Progress,
    Reply,
)

MISSES = 1  # answers not understood before a question is dropped: nobody is held in a loop
TOO_OFTEN = "EXCEEDED_MAX_REPROMPTS"
Skills = Mapping[str, Skill]


@dataclass(frozen=True, slots=True)
class Move:
    """What happens next.

    Exactly one of `reply` and `call` is set. ending: another skill's session to close first.
    """

    context: Context
    reply: Reply | None = None
    call: Call | None = None
    ending: Call | None = None


def act(decision: Decision, context: Context, skills: Skills) -> Move:
    """Ask what is missing of the reading, else call the skill; one that leads is called at once."""
    chosen = decision.chosen
    if chosen is None:
        return apologise(decision, context, skills)
    skill, language = _spoken(chosen.skill, context, skills)
    intent = language.intent(chosen.intent)
    if intent is None and chosen.intent != LAUNCH:
        return call_off(decision, context, skills)  # a standard intent that it does not handle
    ending = _ending(context, skill.id)
    progress = Progress.COMPLETED
    if intent is not None:
        leading = leads(skill, language, intent)
        confirmed = _confirmed(chosen, decision, context)
        before = _answered(chosen, context)
        question = next_question(intent, chosen, context, confirmed=confirmed, before=before)
        if question is not None and question.futile:
            return _give_up(decision, context)
        if question is not None and not leading:
            theirs = is_told_no(skill, language, intent)
            awaiting = replace(question.awaiting, theirs=theirs)
            ready = replace(_entered(context, skill.id), awaiting=awaiting)
            return _say(question.speech, decision, ready, ended=False, ending=ending)
        if leading and before is None:
            progress = Progress.STARTED
        elif question is not None:
            progress = Progress.IN_PROGRESS
    return _call(chosen, decision, skill.id, context, ending, progress)


def digress(decision: Decision, context: Context, skills: Skills) -> Move:
    """Put aside what is open and act; a skill that was named takes its place for good."""
    if decision.basis is Basis.NAMED:
        return act(decision, context, skills)
    waiting, dropped = set_aside(context)
    move = act(decision, waiting, skills)
    if dropped is not None and dropped.active is not None:
        return replace(move, ending=_end(dropped.active))
    return move


def ask_which(decision: Decision, context: Context, skills: Skills) -> Move:
    """Name the options."""
    names = [option(each, decision, context, skills) for each in decision.options]
    question = "which" if len(names) > 1 else "whether"
    speech = phrase(question, context.locale, options=either(names, context.locale))
    awaiting = Awaiting(Asked.WHICH, options=decision.options)
    return _say(speech, decision, replace(context, awaiting=awaiting), ended=False)


def ask_again(decision: Decision, context: Context, skills: Skills) -> Move:
    """The same question once more, in other words if the skill has some; then give up."""
    awaiting = context.awaiting
    if awaiting is None:
        return apologise(decision, context, skills)
    slot = _slot(awaiting, context, skills)
    tried = awaiting.tried or ((slot.name,) if slot is not None else ())
    if awaiting.misses >= MISSES or (slot is not None and tried.count(slot.name) > MISSES):
        return _give_up(decision, context)
    if slot is not None:
        tried = (*tried, slot.name)
    again = replace(awaiting, misses=awaiting.misses + 1, tried=tried)
    sorry = phrase("not_understood", context.locale)
    question = (context.reprompt or context.last_speech).removeprefix(sorry).strip()
    if slot is not None and slot.reprompt and awaiting.pending is not None:
        question = fill(wording(slot, context, again=True), awaiting.pending)
    speech = question if decision.basis is Basis.SILENCE else f"{sorry} {question}"
    return _say(speech, decision, replace(context, awaiting=again), ended=False, reprompt=question)


def remind(decision: Decision, context: Context, skills: Skills) -> Move:
    """What the open session has asked, once more; it is closed if that is not answered either."""
    if context.silences >= MISSES:
        return _give_up(decision, context)
    speech = context.reprompt or context.last_speech
    return _say(speech, decision, replace(context, silences=context.silences + 1), ended=False)


def ask_anew(decision: Decision, context: Context, skills: Skills) -> Move:
    """A value that was said back was wrong: it is forgotten and asked for."""
    awaiting = context.awaiting
    pending = awaiting.pending if awaiting is not None else None
    if awaiting is None or pending is None or awaiting.slot is None:
        return call_off(decision, context, skills)
    skill, language = _spoken(pending.skill, context, skills)
    intent = language.intent(pending.intent)
    if awaiting.theirs and intent is not None and leads(skill, language, intent):
        told = replace(decision, chosen=pending)
        move = _call(pending, told, skill.id, context, None, Progress.IN_PROGRESS)
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
    move = _call(pending, decision, pending.skill, context, None, Progress.COMPLETED)
    return _refused(move, ())


def call_off(decision: Decision, context: Context, skills: Skills) -> Move:
    """The open question is dropped and the open session closed, which its skill is told."""
    ending = _end(context.active) if context.active is not None else None
    speech = phrase("cancelled", context.locale)
    return _say(speech, decision, context.closed(), ending=ending)


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
    _, language = _spoken(chosen.skill, context, skills)
    speech = phrase("help", context.locale, examples="; ".join(sentences(language)[:3]))
    if context.awaiting is None:
        return _say(speech, decision, context, ended=context.active is None)
    question = context.reprompt or context.last_speech
    return _say(f"{speech} {question}", decision, context, ended=False, reprompt=question)


def say_again(decision: Decision, context: Context, skills: Skills) -> Move:
    """What was said last, word for word; a session's own skill may know better."""
    if context.awaiting is None and context.active and _handles(decision, context, skills):
        return act(decision, context, skills)
    if not context.last_speech:
        return call_off(decision, context, skills)
    is_open = context.awaiting is not None or context.active is not None
    reprompt = context.reprompt or context.last_speech
    return _say(context.last_speech, decision, context, ended=not is_open, reprompt=reprompt)


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


def apologise(decision: Decision, context: Context, skills: Skills) -> Move:
    """It was not understood."""
    speech = phrase("unknown", context.locale)
    return _say(speech, decision, context, ended=context.active is None)


def wait(decision: Decision, context: Context, skills: Skills) -> Move:
    """Nothing is open and nothing was said."""
    return _say("", decision, context)


STEPS: Mapping[Step, Callable[[Decision, Context, Skills], Move]] = {
    Step.ACT: act,
    Step.DIGRESS: digress,
    Step.ASK_WHICH: ask_which,
    Step.ASK_AGAIN: ask_again,
    Step.REMIND: remind,
    Step.ASK_ANEW: ask_anew,
    Step.DENY: deny,
    Step.CALL_OFF: call_off,
    Step.CLOSE: close,
    Step.HELP: help_with,
    Step.SAY_AGAIN: say_again,
    Step.BEGIN_ANEW: begin_anew,
    Step.APOLOGISE: apologise,
    Step.WAIT: wait,
}


def _spoken(skill: str, context: Context, skills: Skills) -> tuple[Skill, Language]:
    found = skills[skill]
    return found, found.language(context.locale) or found.languages[0]


def _handles(decision: Decision, context: Context, skills: Skills) -> bool:
    """Whether the skill has an intent of its own for the standard word that was said."""
    chosen = decision.chosen
    if chosen is None:
        return False
    return _spoken(chosen.skill, context, skills)[1].intent(chosen.intent) is not None


def _slot(awaiting: Awaiting, context: Context, skills: Skills) -> Slot | None:
    """The slot that was asked for, None where something else was."""
    pending = awaiting.pending
    if awaiting.asked is not Asked.SLOT or pending is None or pending.skill not in skills:
        return None
    intent = _spoken(pending.skill, context, skills)[1].intent(pending.intent)
    return intent.slot(awaiting.slot or "") if intent is not None else None


def _refused(move: Move, slots: Sequence[str]) -> Move:
    """The same, with a no to these slots in its call, or to the whole where there are none."""
    if move.call is None:
        return move
    agreed = tuple(name for name in move.call.agreed if name not in slots)
    call = replace(move.call, confirmed=False, denied=not slots, refused=slots, agreed=agreed)
    return replace(move, call=call)


def _answered(chosen: Hypothesis, context: Context) -> Awaiting | None:
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


def _call(
    chosen: Hypothesis,
    decision: Decision,
    skill: str,
    context: Context,
    ending: Call | None,
    progress: Progress,
) -> Move:
    launch = chosen.intent == LAUNCH
    before = _answered(chosen, context)
    call = Call(
        kind=CallKind.LAUNCH if launch else CallKind.INTENT,
        skill=skill,
        hypothesis=None if launch else chosen,
        confirmed=_confirmed(chosen, decision, context),
        new_session=context.active != skill,
        agreed=agreed_to(chosen, before),
        progress=progress,
        tried=before.tried if before is not None else (),
    )
    return Move(_entered(context, skill), call=call, ending=ending)


def _entered(context: Context, skill: str) -> Context:
    """The context once a skill is addressed: its own session goes on, another's is left."""
    if context.active == skill:
        return replace(context, awaiting=None)
    session = f"{context.conversation}.{context.turn}.{skill}"
    return replace(context.closed(), session=session)


def _ending(context: Context, skill: str) -> Call | None:
    if context.active is None or context.active == skill:
        return None
    return _end(context.active)


def _end(skill: str, reason: str = "USER_INITIATED") -> Call:
    return Call(CallKind.SESSION_ENDED, skill, new_session=False, reason=reason)


def _give_up(decision: Decision, context: Context) -> Move:
    """Nobody is asked a third time: all that is open or waits is dropped."""
    ending = _end(context.active, TOO_OFTEN) if context.active is not None else None
    speech = phrase("cancelled", context.locale)
    return _say(speech, decision, context.forgotten(), ending=ending)


def _say(
    speech: str,
    decision: Decision,
    context: Context,
    *,
    ended: bool = True,
    ending: Call | None = None,
    reprompt: str = "",
) -> Move:
    again = None if ended else reprompt or speech
    reply = Reply(speech=speech, reprompt=again, ended=ended, decision=decision)
    return Move(context, reply=reply, ending=ending)
