"""A turn with its surroundings: load the context, turn, fulfil, save."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime

from sayso.dialogue.conclude import conclude
from sayso.dialogue.helpful import asked as asking_whether_right
from sayso.dialogue.resume import resume
from sayso.dialogue.steps import Move
from sayso.fulfilment import Backends
from sayso.runtime.asking import keep_answer, why_ask
from sayso.runtime.engine import Engine, Turn
from sayso.runtime.habits import KnownHabits
from sayso.runtime.requests import alternatives
from sayso.runtime.surroundings import after, lately
from sayso.stores.store import Lease, Store
from sayso.types.people import ANYBODY
from sayso.types.skills import Skill
from sayso.types.turns import (
    MOST_REPROMPT,
    Announcement,
    Context,
    Decision,
    Doubted,
    Interaction,
    Outcome,
    Reply,
    Trace,
    TurnRequest,
    Utterance,
)
from sayso.understanding.heard import clean
from sayso.understanding.online.entries import NOTHING, Undone
from sayso.understanding.online.habits import NOBODY, Habits

MOST_CALLS = 4  # of a back-end in one turn: a skill that delegates for ever is cut off
BEST = 3  # alternatives of the recogniser that are tried


@dataclass(slots=True)
class Stopwatch:
    """Milliseconds of each stage of a turn."""

    timings: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)
    last: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str) -> None:
        """The stage that has just ended; laps of one name add up."""
        now = time.perf_counter()
        self.timings[stage] = self.timings.get(stage, 0.0) + round((now - self.last) * 1000, 3)
        self.last = now

    def stop(self) -> Mapping[str, float]:
        """All stages, and `total`."""
        total = round((time.perf_counter() - self.started) * 1000, 3)
        return {**self.timings, "total": total}


def take(
    request: TurnRequest,
    *,
    engine: Engine,
    store: Store,
    backends: Backends,
    now: datetime,
    lease_s: float,
    new_since: datetime,
    thinking: AbstractContextManager[object],
    known: KnownHabits,
    ask: float = 0.0,
) -> Reply:
    """One turn of one conversation, logged; a repeated idempotency key gets the first reply.

    request: as `check` returned it, with time zone; now: aware, in the request's time zone.
    new_since: aware; a skill installed later is on trial until somebody approves it.
    thinking: held while the engine works, and not while a back-end is waited for.
    known: what people asked for before.
    ask: share of turns after which a person may be asked whether they were right.
    """
    watch = Stopwatch()
    conversation = request.conversation or f"{request.user}@{request.device.id}"
    begun = store.begin(request.user, conversation, request.idempotency_key, lease_s=lease_s)
    if isinstance(begun, Interaction):
        return begun.reply
    try:
        before = begun.context.happened if begun.context is not None else ()
        rang = store.rang(request.user, request.device.id, now)
        happened = lately(before, request.happened, rang, now)
        # What is logged is what the turn knew: habits are counted from it.
        request = replace(request, happened=tuple(x for x in happened if not x.used))
        watch.lap("load")
        context = resume(
            begun.context,
            request,
            conversation=conversation,
            now=now,
            locale=request.locale or "",
            time_zone=request.time_zone or "",
            person=begun.person.among(engine.knows),
            happened=happened,
        )
        context = replace(context, trial=store.trial_shares(new_since))
        past = _past(context, engine, known)
        with thinking:
            watch.lap("wait")
            turn = _turn(request, context, engine, watch, past)
    except BaseException:
        store.release(begun)  # nothing has been done yet: the key may be used again
        raise
    done = _fulfil(turn, context, backends, watch)
    keep_answer(context, turn.decision, store)
    _ask(ask, turn, context, done, store)
    return _save(begun, request, context, turn, done, engine, store, watch)


@dataclass(frozen=True, slots=True)
class _Past:
    """What a person asked for before with success, and which rewritings they took back."""

    habits: Habits = NOBODY
    undone: Undone = NOTHING


def _past(context: Context, engine: Engine, known: KnownHabits) -> _Past:
    """Nothing is looked up where nothing would be done with it."""
    if engine.online is None and not len(engine.rewrites):
        return _Past()
    habits = known.of(context.user, context.locale, engine.online)
    return _Past(habits, known.undone(context.user))


def _turn(
    request: TurnRequest, context: Context, engine: Engine, watch: Stopwatch, past: _Past
) -> Turn:
    """The turn for the recogniser's best; the next best is tried where nothing is understood."""
    turns = []
    for said in alternatives(request)[:BEST]:
        utterance = Utterance(said.text, clean(said.text), request.alternatives)
        turn = engine.turn(utterance, context, watch.lap, past.habits, past.undone)
        if turn.decision.outcome is not Outcome.ABSTAIN:
            return turn
        turns.append(turn)
    return turns[0]


@dataclass(slots=True)
class Done:
    """What fulfilling a turn came to. asked: see `Trace`."""

    reply: Reply
    context: Context
    announcements: list[Announcement] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    failure: str | None = None
    asked: str | None = None


def _fulfil(turn: Turn, before: Context, backends: Backends, watch: Stopwatch) -> Done:
    """Close a session that is left, call the back-end until there is something to say."""
    move, skills = turn.move, turn.view.skills
    if move.ending is not None and move.ending.skill in skills:
        backends.answer(skills[move.ending.skill], move.ending, before)
    done = Done(Reply(""), move.context)
    for _ in range(MOST_CALLS):
        if move.call is None:
            break
        move = _call(move, turn.decision, skills[move.call.skill], backends, done)
    watch.lap("backend")
    done.context = move.context
    done.reply = move.reply or replace(done.reply, decision=turn.decision)
    if move.reply is None:
        done.failure = f"the skill delegated {MOST_CALLS} times and said nothing"
    return done


def _call(move: Move, decision: Decision, skill: Skill, backends: Backends, done: Done) -> Move:
    assert move.call is not None
    answer = backends.answer(skill, move.call, move.context)
    done.announcements += answer.announcements
    done.cancelled += answer.cancelled
    done.failure = answer.failure or done.failure
    return conclude(answer, move.call, decision, move.context, skill)


def _ask(share: float, turn: Turn, before: Context, done: Done, store: Store) -> None:
    """Decide whether the reply asks if it was right."""
    chosen = turn.decision.chosen
    if done.failure is not None or chosen is None:
        return
    utterance, decision = turn.heard.utterance, turn.decision
    done.asked = why_ask(share, before, done.context, utterance, decision, done.reply, store)
    if done.asked is not None:
        done.context = replace(done.context, doubted=Doubted(before.turn, chosen.skill))


def _save(
    lease: Lease,
    request: TurnRequest,
    before: Context,
    turn: Turn,
    done: Done,
    engine: Engine,
    store: Store,
    watch: Stopwatch,
) -> Reply:
    """Log the turn and keep the context, in one transaction."""
    chosen = turn.decision.chosen
    versions = {"bundle": engine.version}
    if chosen is not None:
        versions["skill"] = turn.view.installed[chosen.skill].version
    rewriting = turn.heard.utterance.rewriting
    said = done.reply
    reply = replace(
        asking_whether_right(said, before.locale) if done.asked is not None else said,
        conversation=before.conversation,
        turn=before.turn,
        trace=Trace(watch.stop(), done.failure, versions, rewriting=rewriting, asked=done.asked),
    )
    interaction = Interaction(
        id=uuid.uuid4().hex,
        at=before.now,
        user=before.user,
        conversation=before.conversation,
        turn=before.turn,
        request=request,
        utterance=turn.heard.utterance,
        decision=turn.decision,
        reply=reply,
        locale=before.locale,
        time_zone=before.time_zone,
    )
    store.finish(
        lease,
        interaction,
        replace(
            done.context,
            last_speech=said.speech or before.last_speech,
            reprompt=(said.reprompt or "")[:MOST_REPROMPT],
            person=ANYBODY,
            trial={},
            happened=after(before.happened, turn.decision, before.now),
        ),
        skill=chosen.skill if chosen is not None else None,
        announcements=done.announcements,
        cancelled=done.cancelled,
    )
    return reply
