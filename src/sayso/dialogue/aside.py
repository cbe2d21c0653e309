"""A question or a session that waits while something else is done, and is come back to."""

from __future__ import annotations

from dataclasses import replace

from sayso.dialogue.markup import with_more
from sayso.types.context import MOST_ASIDE, Aside, Context
from sayso.types.readings import Hypothesis
from sayso.types.turns import Reply


def set_aside(context: Context) -> Context:
    """The context with what is open put aside; what waited longest falls off the far end."""
    if context.active is None and context.awaiting is None:
        return context
    open_now = Aside(
        context.awaiting,
        context.active,
        context.attributes,
        context.session,
        context.entities,
        context.reprompt or context.last_speech,
        context.opened,
    )
    waiting = (*context.aside, open_now)
    return replace(context.closed(), aside=waiting[-MOST_ASIDE:])


def dropped(before: Context, after: Context) -> tuple[Aside, ...]:
    """The sessions that waited before and are neither open nor waiting any more."""
    there = {each.session for each in after.aside} | {after.session}
    return tuple(x for x in before.aside if x.active is not None and x.session not in there)


def as_it_was(aside: Aside, context: Context) -> Context:
    """The context in which the session that waits was open: its own attributes, its own values."""
    return replace(
        context.closed(),
        active=aside.active,
        attributes=aside.attributes,
        session=aside.session,
        entities=aside.entities,
    )


def waiting_for(chosen: Hypothesis, context: Context) -> int | None:
    """Which of what waits is the question that a reading answers; None if none is.

    The skill that holds the conversation hears its own answers.
    """
    if context.awaiting is not None or context.active in (None, chosen.skill):
        return None
    for place in reversed(range(len(context.aside))):
        waiting = context.aside[place].awaiting
        pending = waiting.pending if waiting is not None else None
        if pending is not None and (pending.skill, pending.intent) == (chosen.skill, chosen.intent):
            return place
    return None


def taken_up(context: Context, place: int) -> Context:
    """The context with one of what waits open again, and what was open waiting in its stead."""
    back = context.aside[place]
    others = (*context.aside[:place], *context.aside[place + 1 :])
    return _open_again(set_aside(replace(context, aside=others)), back)


def _open_again(context: Context, back: Aside) -> Context:
    return replace(
        context,
        awaiting=back.awaiting,
        active=back.active,
        attributes=back.attributes,
        session=back.session,
        entities=back.entities,
        opened=back.opened,
    )


def come_back(context: Context, reply: Reply) -> tuple[Context, Reply]:
    """The latest of what waits is open again and asked again, once nothing else is open."""
    if context.active is not None or context.awaiting is not None or not context.aside:
        return context, reply
    back = context.aside[-1]
    context = _open_again(replace(context, aside=context.aside[:-1]), back)
    speech = f"{reply.speech} {back.speech}".strip()
    # Markup without an end has no place for more: the question follows as the reprompt.
    ssml = with_more(reply.ssml, back.speech)
    return context, replace(reply, speech=speech, ssml=ssml, reprompt=back.speech, ended=False)
