"""The back-end's Answer + Context -> Reply + Context."""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.phrases import phrase
from sayso.dialogue.respond import Move, next_question
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
    speech = answer.speech
    if answer.ask_slot is not None and chosen is not None:
        held = replace(held, awaiting=Awaiting(Asked.SLOT, chosen, answer.ask_slot))
    elif answer.confirm and chosen is not None:
        held = replace(held, awaiting=Awaiting(Asked.CONFIRM, chosen))
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
    )
    return Move(held, reply=reply)


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
        speech, awaiting = question
        reply = Reply(speech=speech, reprompt=speech, ended=False, decision=decision)
        return Move(replace(held, awaiting=awaiting), reply=reply)
    again = replace(call, hypothesis=chosen, confirmed=True, new_session=False)
    return Move(held, call=again)
