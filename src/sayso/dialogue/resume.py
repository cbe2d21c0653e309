"""The stored Context + a new request -> the Context of this turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sayso.dialogue.expiry import has_expired
from sayso.types.context import Context, Happening
from sayso.types.people import ANYBODY, Person
from sayso.types.turns import TurnRequest


def resume(
    stored: Context | None,
    request: TurnRequest,
    *,
    conversation: str,
    now: datetime,
    locale: str,
    time_zone: str,
    person: Person = ANYBODY,
    happened: Sequence[Happening] = (),
) -> Context:
    """The context with what is known of the person, the device, the place and the time now."""
    context = stored or Context(conversation=conversation, now=now)
    if has_expired(context, now):
        context = context.forgotten()
    if context.user != request.user:
        context = replace(context, done=None)  # what one did the other does not go on from
    return replace(
        context,
        user=request.user,
        device=request.device,
        now=now,
        locale=locale,
        time_zone=time_zone,
        turn=context.turn + 1,
        person=person,
        happened=happened,
    )
