"""A turn with its surroundings: load the context, turn, fulfil, save."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from sayso.dialogue import several
from sayso.dialogue.conclude import conclude
from sayso.dialogue.expiry import ran_out
from sayso.dialogue.failing import after_failure, given_up
from sayso.dialogue.moves import Move
from sayso.dialogue.resume import resume
from sayso.fulfilment import Backends
from sayso.fulfilment.process import Progress, no_progress
from sayso.runtime.asking import keep_answer, why_ask
from sayso.runtime.engine import Engine, Turn
from sayso.runtime.habits import KnownHabits
from sayso.runtime.leaving import take_leave, tell_those_that_ran_out
from sayso.runtime.opinions import asked
from sayso.runtime.requests import alternatives
from sayso.runtime.saving import Done, Stopwatch, note, save
from sayso.runtime.surroundings import after, lately
from sayso.runtime.taking_back import TakenBack, take_back
from sayso.stores.store import Store
from sayso.types.context import Context, Doubted
from sayso.types.readings import Decision, Outcome, Utterance
from sayso.types.skills import Skill
from sayso.types.turns import Interaction, Reply, TurnRequest
from sayso.understanding.heard import clean
from sayso.understanding.online.entries import NOTHING, Undone
from sayso.understanding.online.habits import NOBODY, Habits
from sayso.understanding.split import MOST

MOST_CALLS = 4  # of a back-end in one turn: a skill that delegates for ever is cut off
BEST = 3  # alternatives of the recogniser that are tried


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
    can_fulfill_s: float = 0.0,
    progress: Progress = no_progress,
) -> Reply:
    """One turn of one conversation, logged; a repeated idempotency key gets the first reply.

    request: as `check` returned it, with time zone; now: aware, in the request's time zone.
    new_since: aware; a skill installed later is on trial until somebody approves it.
    thinking: held while the engine works, and not while a back-end is waited for.
    known: what people asked for before.
    ask: share of turns after which a person may be asked whether they were right.
    can_fulfill_s: how long skills may think about whether they are meant; 0 does not ask them.
    progress: told at once what a back-end says while it works.
    """
    watch = Stopwatch()
    conversation = request.conversation or f"{request.user}@{request.device.id}"
    begun = store.begin(request.user, conversation, request.idempotency_key, lease_s=lease_s)
    if isinstance(begun, Interaction):
        return begun.reply
    try:
        before = begun.context.happened if begun.context is not None else ()
        rang = store.announcements.rang(request.user, request.device.id, now)
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
        context = replace(context, trial=store.trials.shares(new_since))
        past = _past(context, engine, known)
        with thinking:
            watch.lap("wait")
            turn, left = _first(_turn(request, context, engine, watch, past), context, engine, past)
    except BaseException:
        store.release(begun)  # nothing has been done yet: the key may be used again
        raise
    turn = _heard_from(turn, context, engine, backends, can_fulfill_s, watch)
    tell_those_that_ran_out(ran_out(begun.context, now), turn.view.skills, backends)
    done = fulfil(turn, context, backends, watch, progress)
    keep_answer(context, turn.decision, store)
    left = (*left, *several.still_waiting(turn.decision, context, done.context))[: MOST - 1]
    replies: list[Reply] = []
    while left and several.may_go_on(done.context):
        replies.append(note(request, context, turn, done, engine, store, watch))
        held, context = done.context, _next(context, turn, done)
        with thinking:
            watch.lap("wait")
            part = _part(request, left[0])
            turn = engine.turn(part, context, watch.lap, past.habits, past.undone)
        turn = _heard_from(turn, context, engine, backends, can_fulfill_s, watch)
        done = fulfil(turn, context, backends, watch, progress)
        ending = several.displaced(done.context, held)
        if ending is not None and ending.skill in turn.view.skills:
            backends.answer(turn.view.skills[ending.skill], ending, held)
        done.context, left = several.back(done.context, held), left[1:]
    if not replies and not left:
        _ask(ask, turn, context, done, store)
    done.context = replace(done.context, waiting=left)
    return save(begun, request, context, turn, done, engine, store, watch, replies)


def _heard_from(
    turn: Turn,
    context: Context,
    engine: Engine,
    backends: Backends,
    limit_s: float,
    watch: Stopwatch,
) -> Turn:
    """The turn after the opinions of skills that offer one, where several may be meant.

    One that is part of a trial is left alone, or the trial could not be judged.
    """
    if turn.heard.utterance.rewriting is not None:
        return turn
    opinions = asked(turn.decision, context, turn.view.skills, backends, limit_s)
    if opinions:
        watch.lap("opinions")
    return engine.heard_from(turn, context, opinions)


def _first(turn: Turn, context: Context, engine: Engine, past: _Past) -> tuple[Turn, Sequence[str]]:
    """The turn for the first of the requests that were heard, and the others."""
    first, *others = engine.requests(turn, context)
    if not others:
        return turn, ()
    utterance = replace(turn.heard.utterance, text=first)
    return engine.turn(utterance, context, habits=past.habits, undone=past.undone), others


def _part(request: TurnRequest, text: str) -> Utterance:
    return Utterance(alternatives(request)[0].text, text, request.alternatives)


def _next(before: Context, turn: Turn, done: Done) -> Context:
    """What the next request of the same sentence knows: this one is a turn before it."""
    happened = after(before.happened, turn.decision, before.now)
    return replace(several.beside(done.context, before), happened=happened)


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


def fulfil(
    turn: Turn,
    before: Context,
    backends: Backends,
    watch: Stopwatch,
    progress: Progress = no_progress,
) -> Done:
    """Close a session that is left, call the back-end until there is something to say."""
    move, skills = turn.move, turn.view.skills
    take_leave(move, before, skills, backends)
    done = Done(Reply(""), move.context)
    first, undone = move.call, None
    for _ in range(MOST_CALLS):
        if move.call is None:
            break
        if undone is None:
            undone = take_back(move, turn.decision, skills, backends)
            move = undone.move if undone is not None else move
        called, held = move.call, move.context
        assert called is not None  # an undo takes no call away
        move = _call(move, turn.decision, skills[called.skill], backends, done, progress)
        take_leave(move, held, skills, backends)
        if move.call == replace(called, new_session=False):
            break  # asked the same it would do the same, and maybe has done it
    watch.lap("backend")
    if move.reply is None and move.call is not None:
        done.failure = f"{move.call.skill} delegates again and again and says nothing"
        move = given_up(move, turn.decision, skills[move.call.skill])
    if done.failure is None:
        done.context, done.reply = replace(move.context, failures=0), move.reply or done.reply
    else:
        called_first = skills[first.skill] if first is not None else None
        done.context, done.reply = after_failure(before, move, first, called_first)
    if undone is not None:
        _tell(undone, done)
    return done


def _tell(undone: TakenBack, done: Done) -> None:
    """What was taken back is told before the rest, and cannot be put right any more."""
    if undone.reply is None:
        # The turn itself has not failed, and the person hears that both are done.
        if undone.answer.failure is not None:
            done.notes.append(f"not taken back: {undone.answer.failure}")
        return
    done.announcements[:0] = undone.answer.announcements
    done.cancelled[:0] = undone.answer.cancelled
    if done.failure is not None:
        done.context = replace(done.context, done=None)
    done.reply = several.together([undone.reply, done.reply], done.context)


def _call(
    move: Move,
    decision: Decision,
    skill: Skill,
    backends: Backends,
    done: Done,
    progress: Progress,
) -> Move:
    assert move.call is not None
    answer = backends.answer(skill, move.call, move.context, progress)
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
