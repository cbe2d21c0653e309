"""The back-end's Answer + Context -> Reply + Context."""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.aside import come_back, dropped
from sayso.dialogue.delegation import hears_no
from sayso.dialogue.markup import with_more
from sayso.dialogue.moves import Move, give_up
from sayso.dialogue.phrases import phrase
from sayso.dialogue.policy import HELP
from sayso.dialogue.questions import MOST_QUESTIONS, agreed_to, next_question
from sayso.dialogue.undoing import is_undone, leaves_something, stays_done, undo_reading
from sayso.skills.builtin_intents import PREFIX
from sayso.types.calls import Answer, Call, Progress
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.readings import Decision, Hypothesis
from sayso.types.skills import FulfilmentKind, Skill
from sayso.types.turns import Reply


def conclude(
    answer: Answer, call: Call, decision: Decision, context: Context, skill: Skill
) -> Move:
    """What follows from what a skill answered: a reply, or one more call (Dialog.Delegate)."""
    chosen = answer.updated or call.hypothesis
    held = in_session(answer, context, skill.id)
    if answer.delegate and chosen is not None:
        return _delegated(answer, chosen, call, decision, held, skill)
    if call.hypothesis is not None and call.hypothesis.intent == HELP and held.aside:
        held = held.closed()  # help is for the question that waits, and goes back to it
    speech = answer.speech
    if (answer.ask_slot or answer.confirm) and chosen is not None:
        awaiting = _asked(answer, chosen, call, context, skill)
        if awaiting.tried.count(answer.ask_slot or "") > MOST_QUESTIONS:
            gone = give_up(decision, held)
            return replace(gone, dropped=dropped(held, gone.context))
        held = replace(held, awaiting=awaiting)
    if answer.confirm and chosen is not None:
        speech = speech or phrase("confirm", context.locale)
    if answer.failure is not None and not speech:
        speech = phrase("failed", context.locale, name=skill.name)
    ssml = answer.ssml
    if chosen is not None and _both_done(answer, chosen, call, held, skill):
        told = phrase("both_done", context.locale)
        speech, ssml = f"{speech} {told}".strip(), with_more(ssml, told)
    reply = Reply(
        speech=speech,
        ssml=ssml,
        reprompt=answer.reprompt,
        ended=held.active is None and held.awaiting is None,
        card=answer.card,
        decision=decision,
        data=answer.data,
    )
    if answer.failure is None and not call.denied:
        before = held.done if chosen is not None and _outlasts(chosen, skill, held) else None
        held = _remembered(held, chosen, call, open_before=context.active == skill.id)
        held = replace(held, done=before or held.done)
    held, reply = come_back(held, reply)
    return Move(held, reply=reply)


def _both_done(answer: Answer, chosen: Hypothesis, call: Call, held: Context, skill: Skill) -> bool:
    """Whether what was put right stays done, and the person does not know it yet."""
    language = skill.language(held.locale) or skill.languages[0]
    if chosen.corrects is None or not is_undone(answer) or answer.corrected or call.denied:
        return False
    if held.active is not None or skill.fulfilment.kind is FulfilmentKind.CLIENT:
        return False  # in the middle of something, or left to whoever asked: they tell it
    known = undo_reading(skill, language, chosen.intent, chosen.corrects.slots) is not None
    # Else it was told in the question, if there was one.
    return known or (not call.confirmed and stays_done(chosen, skill, language))


def _asked(
    answer: Answer, chosen: Hypothesis, call: Call, context: Context, skill: Skill
) -> Awaiting:
    """The question that the back-end asks, with what was agreed to and asked for before it."""
    asked = Asked.SLOT if answer.ask_slot else Asked.CONFIRM
    slot = answer.ask_slot or answer.confirm_slot
    agreed = tuple(name for name in _agreed(answer, chosen, call) if name != slot)
    tried = _tried(answer, chosen, call, context)
    if answer.ask_slot:
        tried = (*tried, answer.ask_slot)
    return Awaiting(asked, chosen, slot, agreed=agreed, tried=tried, theirs=hears_no(skill))


def _agreed(answer: Answer, chosen: Hypothesis, call: Call) -> tuple[str, ...]:
    """Slots that need no yes any more: the person gave it, or the back-end takes it on itself."""
    before = Awaiting(Asked.CONFIRM, call.hypothesis, agreed=call.agreed)
    return tuple(dict.fromkeys((*agreed_to(chosen, before), *answer.agreed)))


def _tried(answer: Answer, chosen: Hypothesis, call: Call, context: Context) -> tuple[str, ...]:
    """What was asked for so far on the way to where the skill still is.

    A skill that has put down something new, or is about another reading, goes on: the next
    question of a quiz may well be for the same slot.
    """
    before = call.hypothesis
    if before is None or before.intent != chosen.intent:
        return ()
    went_on = context.active is not None and answer.attributes != context.attributes
    return () if went_on else tuple(call.tried)


def _remembered(
    context: Context, chosen: Hypothesis | None, call: Call, *, open_before: bool
) -> Context:
    """The context with what was done, which may be put right, and what opened the session."""
    if chosen is None or chosen.intent.startswith(PREFIX):
        return context
    opened = context.opened if open_before else chosen.plain
    return replace(
        context,
        opened=opened if context.active is not None else None,
        done=chosen.plain if context.awaiting is None else context.done,
    )


def _outlasts(chosen: Hypothesis, skill: Skill, context: Context) -> bool:
    """Whether what was done before may be put right still: thanks and small talk leave nothing."""
    language = skill.language(context.locale) or skill.languages[0]
    intent = language.intent(chosen.intent)
    bare = intent is not None and not intent.slots and context.active is None
    return bare and not leaves_something(skill, language, chosen.intent)


def in_session(answer: Answer, context: Context, skill: str) -> Context:
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
    # What the person said no to is asked for anew, unless the skill has put something else there.
    had = call.hypothesis.slots if call.hypothesis is not None else ()
    kept = tuple(x for x in chosen.slots if not (x.name in call.refused and x in had))
    chosen = replace(chosen, slots=kept)
    agreed = _agreed(answer, chosen, call)
    before = Awaiting(Asked.CONFIRM, chosen, agreed=agreed, tried=call.tried)
    question = None
    if intent is not None and not call.denied:
        question = next_question(intent, chosen, held, confirmed=confirmed, before=before)
    if question is not None and question.futile:
        speech = phrase("cancelled", held.locale)
        return Move(held.forgotten(), reply=Reply(speech=speech, decision=decision))
    if question is not None:
        speech = question.speech
        reply = Reply(speech=speech, reprompt=speech, ended=False, decision=decision)
        awaiting = replace(question.awaiting, theirs=hears_no(skill))
        return Move(replace(held, awaiting=awaiting), reply=reply)
    again = replace(
        call,
        hypothesis=chosen,
        confirmed=confirmed,
        agreed=agreed,
        refused=(),
        progress=Progress.COMPLETED,
        new_session=False,
    )
    return Move(held, call=again)
