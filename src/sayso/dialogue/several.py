"""Several requests in one sentence: which go on at once, which wait, and the reply to them all.

the reply asks something   the others wait in `Context.waiting` until it is answered
it is answered             they go on; also after a no, which is about that request alone
stop, cancel               all of them are dropped
something else is said     they are dropped, unless the question stays open
a session stays open       the others go on beside it, and it is there again afterwards
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sayso.dialogue.markup import in_one
from sayso.dialogue.policy import CLOSING
from sayso.types.calls import Call, CallKind
from sayso.types.context import Context
from sayso.types.readings import Basis, Decision
from sayso.types.turns import Given, Reply
from sayso.understanding.split import MOST


def still_waiting(decision: Decision, before: Context, after: Context) -> tuple[str, ...]:
    """Which requests of an earlier sentence are still wanted after this decision."""
    if not before.waiting or before.awaiting is None:
        return ()
    chosen = decision.chosen
    if chosen is not None and chosen.intent in CLOSING:
        return ()
    goes_on = decision.basis is Basis.ANSWER or after.awaiting is not None
    return tuple(before.waiting[: MOST - 1]) if goes_on else ()


def may_go_on(after: Context) -> bool:
    """Whether the next request may begin: nothing is asked."""
    return after.awaiting is None


def beside(after: Context, before: Context) -> Context:
    """The context of the next request: the turn after, with no session in its way.

    after: as the request before it left it, before: as it found it.
    """
    quiet = after.closed() if after.active is not None else replace(after, doubted=None)
    return replace(quiet, turn=before.turn + 1)


def back(after: Context, held: Context) -> Context:
    """The context with the session that was open before again, where nothing else is now.

    held: as the request before left it.
    """
    if held.active is None or after.active is not None or after.awaiting is not None:
        return after
    return replace(
        after,
        active=held.active,
        attributes=held.attributes,
        session=held.session,
        entities=held.entities,
    )


def displaced(after: Context, held: Context) -> Call | None:
    """What the skill whose session was open before is told, if something else is open now."""
    if held.active is None or (after.active is None and after.awaiting is None):
        return None
    return Call(CallKind.SESSION_ENDED, held.active, new_session=False, reason="USER_INITIATED")


def together(replies: Sequence[Reply], after: Context) -> Reply:
    """The reply to several requests: all is said in order; the rest is the last one's.

    after: the context that they leave.
    """
    last = replies[-1]
    if len(replies) == 1:
        return last
    reprompts = [each.reprompt for each in replies if each.reprompt is not None]
    ended = after.active is None and after.awaiting is None
    return replace(
        last,
        speech=" ".join(each.speech for each in replies if each.speech),
        ssml=in_one(replies) if any(each.ssml is not None for each in replies) else None,
        reprompt=reprompts[-1] if reprompts and not ended else None,
        card=next((each.card for each in reversed(replies) if each.card is not None), None),
        ended=ended,
        earlier=tuple(_given(replies[:-1])),
    )


def _given(replies: Sequence[Reply]) -> Iterator[Given]:
    """What was given for programs, without what the readings were ranked by."""
    for each in replies:
        chosen = each.decision.chosen
        if chosen is not None and each.data is not None:
            yield Given(chosen.plain, each.data)
