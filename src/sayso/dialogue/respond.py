"""Decision + Context -> a Move: a reply of Sayso's own, or a call to the skill's back-end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sayso.dialogue.phrases import either, phrase
from sayso.skills.templates import pieces
from sayso.types.skills import Intent, Language, Skill
from sayso.types.turns import (
    LAUNCH,
    Asked,
    Awaiting,
    Call,
    CallKind,
    Context,
    Decision,
    Hypothesis,
    Outcome,
    Reply,
)

CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent")
HELP, REPEAT, NO = "AMAZON.HelpIntent", "AMAZON.RepeatIntent", "AMAZON.NoIntent"
MISSES = 1  # answers not understood before a question is dropped: nobody is held in a loop


@dataclass(frozen=True, slots=True)
class Move:
    """What happens next.

    Exactly one of `reply` and `call` is set. ending: another skill's session to close first.
    """

    context: Context
    reply: Reply | None = None
    call: Call | None = None
    ending: Call | None = None


def respond(decision: Decision, context: Context, skills: Mapping[str, Skill]) -> Move:
    """The move that follows a decision. Skills are those installed, by id."""
    if decision.outcome is Outcome.ASK:
        return _ask_which(decision, context, skills)
    if decision.chosen is None:
        return _not_understood(decision, context)
    skill = skills[decision.chosen.skill]
    language = skill.language(context.locale) or skill.languages[0]
    return _act(decision, decision.chosen, skill, language, context)


def _act(
    decision: Decision, chosen: Hypothesis, skill: Skill, language: Language, context: Context
) -> Move:
    if chosen.intent == NO and context.awaiting and context.awaiting.asked is not Asked.SLOT:
        return _cancelled(decision, context)  # a no to Sayso's own question
    intent = language.intent(chosen.intent)
    if intent is None and chosen.intent != LAUNCH:
        return _standard(decision, chosen, skill, language, context)
    if intent is not None:
        question = next_question(intent, chosen, context, confirmed=_confirmed(chosen, context))
        if question is not None:
            speech, awaiting = question
            ready = replace(_entered(context, skill.id), awaiting=awaiting)
            return _say(speech, decision, ready, ended=False, ending=_ending(context, skill.id))
    return _call(chosen, skill.id, context)


def next_question(
    intent: Intent, chosen: Hypothesis, context: Context, *, confirmed: bool
) -> tuple[str, Awaiting] | None:
    """What must be asked before the skill is called: a required slot, then a yes; or None.

    confirmed: the person has said yes to this very reading.
    """
    filled = {slot.name for slot in chosen.slots}
    for slot in intent.slots:
        if slot.required and slot.name not in filled:
            speech = slot.ask[0] if slot.ask else phrase("ask_slot", context.locale, slot=slot.name)
            return _fill(speech, chosen), Awaiting(Asked.SLOT, chosen, slot.name)
    if intent.confirm and not confirmed:
        return _fill(intent.confirm[0], chosen), Awaiting(Asked.CONFIRM, chosen)
    return None


def _confirmed(chosen: Hypothesis, context: Context) -> bool:
    """Whether the person has just said yes to this very reading."""
    awaiting = context.awaiting
    if awaiting is None or awaiting.asked is not Asked.CONFIRM or awaiting.pending is None:
        return False
    pending = awaiting.pending
    return (pending.skill, pending.intent, pending.slots) == (
        chosen.skill,
        chosen.intent,
        chosen.slots,
    )


def _fill(prompt: str, chosen: Hypothesis) -> str:
    """A developer's prompt with `{slot}` replaced by what was said."""
    for slot in chosen.slots:
        prompt = prompt.replace("{" + slot.name + "}", slot.value)
    return prompt


def _call(chosen: Hypothesis, skill: str, context: Context) -> Move:
    launch = chosen.intent == LAUNCH
    call = Call(
        kind=CallKind.LAUNCH if launch else CallKind.INTENT,
        skill=skill,
        hypothesis=None if launch else chosen,
        confirmed=_confirmed(chosen, context),
        new_session=context.active != skill,
    )
    return Move(_entered(context, skill), call=call, ending=_ending(context, skill))


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


def _cancelled(decision: Decision, context: Context, reason: str = "USER_INITIATED") -> Move:
    """An open question is dropped and an open session closed, which its skill is told."""
    ending = _end(context.active, reason) if context.active is not None else None
    return _say(phrase("cancelled", context.locale), decision, context.closed(), ending=ending)


def _standard(
    decision: Decision, chosen: Hypothesis, skill: Skill, language: Language, context: Context
) -> Move:
    """A standard intent that the skill does not handle itself."""
    if chosen.intent == HELP:
        speech = phrase("help", context.locale, examples="; ".join(_sentences(language)[:3]))
        return _say(speech, decision, context, ended=context.active is None)
    if chosen.intent == REPEAT and context.last_speech:
        return _say(context.last_speech, decision, context, ended=context.active is None)
    return _cancelled(decision, context)


def _sentences(language: Language) -> Sequence[str]:
    """Things to say that need no slot; the skill's own examples first."""
    plain = [s for intent in language.intents for s in intent.samples if "{" not in s]
    return [*language.examples, *plain] or [language.invocation_name]


def _ask_which(decision: Decision, context: Context, skills: Mapping[str, Skill]) -> Move:
    names = [_option(option, decision, context, skills) for option in decision.options]
    question = "which" if len(names) > 1 else "whether"
    speech = phrase(question, context.locale, options=either(names, context.locale))
    awaiting = Awaiting(Asked.WHICH, options=decision.options)
    return _say(speech, decision, replace(context, awaiting=awaiting), ended=False)


def _option(
    option: Hypothesis, decision: Decision, context: Context, skills: Mapping[str, Skill]
) -> str:
    """How an option is named: its skill; with an example where that does not tell what it does.

    It does not where two are of the same skill, nor where one alone is asked about.
    """
    skill = skills[option.skill]
    others = [other.skill for other in decision.options if other is not option]
    if others and option.skill not in others:
        return skill.name
    language = skill.language(context.locale) or skill.languages[0]
    intent = language.intent(option.intent)
    example = _example(intent, option) if intent else option.intent
    spoken = example.replace("{", "").replace("}", "").replace("_", " ")
    return phrase("option", context.locale, name=skill.name, example=spoken)


def _example(intent: Intent, option: Hypothesis) -> str:
    """A sample with as many of the option's values as one has; the first, if none fits."""
    filled = {slot.name for slot in option.slots}
    slots = {
        sample: {piece.slot for piece in pieces(sample) if piece.slot} for sample in intent.samples
    }
    fitting = [sample for sample in intent.samples if slots[sample] <= filled]
    best = max(fitting, key=lambda sample: len(slots[sample]), default=None)
    if best is None or not slots[best]:
        return next(iter(intent.samples), option.intent)
    return _fill(best, option)


def _not_understood(decision: Decision, context: Context) -> Move:
    if context.awaiting is None:
        speech = phrase("unknown", context.locale)
        return _say(speech, decision, context, ended=context.active is None)
    if context.awaiting.misses >= MISSES:
        return _cancelled(decision, context, "EXCEEDED_MAX_REPROMPTS")
    again = replace(context.awaiting, misses=context.awaiting.misses + 1)
    question = context.last_speech.removeprefix(phrase("not_understood", context.locale)).strip()
    speech = f"{phrase('not_understood', context.locale)} {question}"
    return _say(speech, decision, replace(context, awaiting=again), ended=False)


def _say(
    speech: str,
    decision: Decision,
    context: Context,
    *,
    ended: bool = True,
    ending: Call | None = None,
) -> Move:
    reprompt = None if ended else speech
    reply = Reply(speech=speech, reprompt=reprompt, ended=ended, decision=decision)
    return Move(context, reply=reply, ending=ending)
