"""An intent called by its name, with its slots as arguments: a turn that needs no understanding.

It is a turn like any other: it asks for what is missing and for a yes where the skill wants one,
calls the back-end once, and is logged with the words that it was called for, if these are known.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sayso.dialogue.expiry import ran_out
from sayso.dialogue.phrases import phrase
from sayso.dialogue.respond import respond
from sayso.dialogue.resume import resume
from sayso.errors import SkillError
from sayso.fulfilment import Backends
from sayso.runtime.arguments import slot_values
from sayso.runtime.conversation import fulfil
from sayso.runtime.engine import Engine, Turn
from sayso.runtime.leaving import tell_those_that_ran_out
from sayso.runtime.people import check_known
from sayso.runtime.saving import Stopwatch, save
from sayso.skills.builtin_intents import PREFIX
from sayso.stores.store import Store
from sayso.types.context import Asked, Awaiting, Context, Device
from sayso.types.people import ANONYMOUS
from sayso.types.readings import Basis, Decision, Hypothesis, Outcome, Utterance
from sayso.types.turns import Interaction, Reply, TurnRequest
from sayso.understanding.contract import Heard
from sayso.understanding.heard import clean
from sayso.understanding.installed import Installed


@dataclass(frozen=True, slots=True)
class NamedCall:
    """An intent that somebody wants to be done, and with what.

    arguments: slot -> JSON value. text: what the person had asked for, in their words; the
    intent's name if that is not known. confirmed: the person was asked, and said yes.
    conversation: None for one of its own.
    """

    skill: str
    intent: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    confirmed: bool = False
    user: str = ANONYMOUS
    conversation: str | None = None
    device: Device = field(default_factory=Device)
    locale: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """What came of it.

    asks: what has to be known or agreed to before it is done, None where it was done (or tried,
    see `reply.trace.failure`); the words of the question are in the reply. acted: whether the
    back-end was called; it may have a question of its own.
    """

    reply: Reply
    asks: Awaiting | None = None
    acted: bool = True

    @property
    def missing(self) -> str | None:
        """The slot that is needed first."""
        asked = self.asks is not None and self.asks.asked is Asked.SLOT
        return self.asks.slot if self.asks is not None and asked else None


def call(
    asked: NamedCall,
    request: TurnRequest,
    *,
    engine: Engine,
    store: Store,
    backends: Backends,
    now: datetime,
    lease_s: float,
    thinking: AbstractContextManager[object],
) -> Called:
    """Do it, or say what it lacks. The turn is logged either way.

    request: the call as a turn, checked, with locale and time zone; now: aware.
    Raises SkillError for an unknown skill or intent, RequestError for wrong arguments: neither is
    logged, as nothing was done.
    """
    watch = Stopwatch()
    locale = request.locale or ""
    check_known(engine, [asked.skill])
    view = engine.view(locale)
    held = view.installed.get(asked.skill)
    intent = held.language.intent(asked.intent) if held is not None else None
    if held is None or intent is None or intent.name.startswith(PREFIX):
        raise SkillError(_unknown(asked, held, locale))
    values = slot_values(asked.arguments, intent, held, now, locale)
    chosen = Hypothesis(
        asked.skill,
        asked.intent,
        values,
        confidence=1.0,
        side_effects=held.skill.has_side_effects(asked.intent),
    )
    conversation = request.conversation or f"call-{uuid.uuid4().hex}"
    begun = store.begin(request.user, conversation, request.idempotency_key, lease_s=lease_s)
    if isinstance(begun, Interaction):
        return Called(begun.reply)
    try:
        watch.lap("load")
        context = resume(
            begun.context,
            request,
            conversation=conversation,
            now=now,
            locale=locale,
            time_zone=request.time_zone or "",
            person=begun.person.among(engine.knows),
        )
        context = replace(context, awaiting=None, aside=(), waiting=())
        with thinking:
            turn = _turn(asked, request, chosen, context, engine)
        watch.lap("dialogue")
    except BaseException:
        store.release(begun)
        raise
    tell_those_that_ran_out(ran_out(begun.context, now), turn.view.skills, backends)
    done = fulfil(turn, context, backends, watch)
    asks = done.context.awaiting
    # Whoever calls by name brings the answer with the next call: no question is left hanging.
    done.context = replace(done.context, awaiting=None, aside=(), waiting=())
    reply = save(begun, request, context, turn, done, engine, store, watch)
    return Called(reply, asks, acted=turn.move.call is not None)


def _turn(
    asked: NamedCall, request: TurnRequest, chosen: Hypothesis, context: Context, engine: Engine
) -> Turn:
    """The turn as if the skill had been named, or, with a yes, the question been answered."""
    view = engine.view(context.locale)
    decision = Decision(
        Outcome.ACT,
        chosen,
        hypotheses=(chosen,),
        reason="called by its name",
        basis=Basis.ANSWER if asked.confirmed else Basis.NAMED,
    )
    if asked.confirmed:
        context = replace(context, awaiting=Awaiting(Asked.CONFIRM, pending=chosen))
    heard = Heard(Utterance(request.text, clean(request.text)), ())
    move = respond(decision, context, view.skills)
    if move.call is not None and chosen.side_effects and not asked.confirmed:
        # A person's own words are weighed before a turn acts on them; here there are none.
        awaiting = Awaiting(Asked.CONFIRM, pending=chosen)
        speech = phrase("confirm", context.locale)
        question = Reply(speech, reprompt=speech, ended=False, decision=decision)
        move = replace(
            move, call=None, reply=question, context=replace(move.context, awaiting=awaiting)
        )
    return Turn(heard, decision, move, view)


def _unknown(asked: NamedCall, held: Installed | None, locale: str) -> str:
    if held is None:
        return f'skill "{asked.skill}" does not speak {locale}; give another locale'
    known = [x.name for x in held.language.intents if not x.name.startswith(PREFIX)]
    some = ", ".join(known[:5]) + (", …" if len(known) > 5 else "")
    return f'skill "{asked.skill}" has no intent "{asked.intent}"; it has {some or "none"}'
