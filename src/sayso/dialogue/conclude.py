"""The back-end's Answer + Context -> Reply + Context."""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.aside import come_back
from sayso.dialogue.phrases import phrase
from sayso.dialogue.policy import HELP
from sayso.dialogue.questions import next_question
from sayso.dialogue.steps import Move
from sayso.skills.builtin_intents import PREFIX
from sayso.types.skills import Skill
from sayso.types.turns import (
    Answer,
    Asked,
    Awaiting,
    Call,
    Context,
    Decision,
    Hypothesis,
    Reply,
)


def conclude(
    answer: Answer, call: Call, decision: Decision, context: Context, skill: Skill
) -> Move:
    """What follows from what a skill answered: a reply, or one more call (Dialog.Delegate)."""
    chosen = answer.updated or call.hypothesis
    held = _session(answer, context, skill.id)
    if answer.delegate and chosen is not None:
        return _delegated(answer, chosen, call, decision, held, skill)
    if call.hypothesis is not None and call.hypothesis.intent == HELP and held.aside:
        held = held.closed()  # help is for the question that waits, and goes back to it
    speech = answer.speech
    if answer.ask_slot is not None and chosen is not None:
        held = replace(held, awaiting=Awaiting(Asked.SLOT, chosen, answer.ask_slot))
    elif answer.confirm and chosen is not None:
        held = replace(held, awaiting=Awaiting(Asked.CONFIRM, chosen, answer.confirm_slot))
        speech = speech or phrase("confirm", context.locale)
    if answer.failure is not None and not speech:
        speech = phrase("failed", context.locale, name=skill.name)
    reply = Reply(
        speech=speech,
        ssml=answer.ssml,
        reprompt=answer.reprompt,
        ended=held.active is None and held.awaiting is None,
        card=answer.card,
        decision=decision,
        data=answer.data,
    )
    if answer.failure is None:
        held = _remembered(held, chosen, call, open_before=context.active == skill.id)
    held, reply = come_back(held, reply)
    return Move(held, reply=reply)


def _remembered(
    context: Context, chosen: Hypothesis | None, call: Call, *, open_before: bool
) -> Context:
    """The context with what was done, which may be put right, and what opened the session."""
    if chosen is None or chosen.intent.startswith(PREFIX):
        return context
    plain = replace(chosen, features={}, personal={}, situation={})
    opened = context.opened if open_before else plain
    return replace(
        context,
        opened=opened if context.active is not None else None,
        done=plain if context.awaiting is None else context.done,
    )


def _session(answer: Answer, context: Context, skill: str) -> Context:
    """The context with the skill's session kept open, or closed."""
    if answer.ended and not (answer.ask_slot or answer.confirm or answer.delegate):
        return context.closed()
    entities = context.entities if answer.entities is None else answer.entities
    return replace(
        context, active=skill, attributes=answer.attributes, awaiting=None, entities=entities
    )


def _delegated(
    answer: Answer, chosen: Hypothesis, call: Call, decision: Decision, held: Context, skill: Skill
) -> Move:
    """The skill hands the dialogue back: ask what is missing, else call it with all it needs."""
    language = skill.language(held.locale) or skill.languages[0]
    intent = language.intent(chosen.intent)
    # A yes was to the reading as it was: a skill that changes it has the person asked again.
    confirmed = call.confirmed and chosen == call.hypothesis
    question = (
        next_question(intent, chosen, held, confirmed=confirmed) if intent is not None else None
    )
    if question is not None:
        speech = question.speech
        reply = Reply(speech=speech, reprompt=speech, ended=False, decision=decision)
        return Move(replace(held, awaiting=question.awaiting), reply=reply)
    again = replace(call, hypothesis=chosen, confirmed=True, new_session=False)
    return Move(held, call=again)
