"""What is left of a turn: its row in the log, and the context for the next one."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sayso.dialogue import several
from sayso.dialogue.helpful import asked as asking_whether_right
from sayso.runtime.engine import Engine, Turn
from sayso.runtime.surroundings import after
from sayso.stores.store import Lease, Store
from sayso.types.calls import Announcement
from sayso.types.context import MOST_REPROMPT, Context
from sayso.types.people import ANYBODY
from sayso.types.turns import Interaction, Reply, Trace, TurnRequest


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


@dataclass(slots=True)
class Done:
    """What fulfilling a turn came to. notes, asked: see `Trace`."""

    reply: Reply
    context: Context
    announcements: list[Announcement] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    failure: str | None = None
    notes: list[str] = field(default_factory=list)
    asked: str | None = None


def note(
    request: TurnRequest,
    before: Context,
    turn: Turn,
    done: Done,
    engine: Engine,
    store: Store,
    watch: Stopwatch,
) -> Reply:
    """Log a request of several that is done; the sentence's key is for the last of them."""
    unkeyed = replace(request, idempotency_key=None)
    reply = _traced(done.reply, before, turn, done, engine, watch)
    store.note(
        _interaction(unkeyed, before, turn, reply),
        announcements=done.announcements,
        cancelled=done.cancelled,
    )
    return reply


def save(
    lease: Lease,
    request: TurnRequest,
    before: Context,
    turn: Turn,
    done: Done,
    engine: Engine,
    store: Store,
    watch: Stopwatch,
    earlier: Sequence[Reply] = (),
) -> Reply:
    """Log the turn and keep the context, in one transaction.

    earlier: to the requests before this one in the same sentence; the reply tells them all.
    """
    chosen = turn.decision.chosen
    said = several.together((*earlier, done.reply), done.context)
    reply = _traced(said, before, turn, done, engine, watch)
    # Not this turn's failure: what failed is logged, and counted, with the request that did.
    notes = [each.trace.failure for each in earlier if each.trace.failure is not None]
    reply = replace(reply, trace=replace(reply.trace, notes=(*notes, *done.notes)))
    store.finish(
        lease,
        _interaction(request, before, turn, reply),
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


def _traced(
    said: Reply, before: Context, turn: Turn, done: Done, engine: Engine, watch: Stopwatch
) -> Reply:
    """The reply with its place in the conversation, and what happened inside the turn."""
    chosen = turn.decision.chosen
    versions = {"bundle": engine.version}
    if chosen is not None:
        versions["skill"] = turn.view.installed[chosen.skill].version
    rewriting = turn.heard.utterance.rewriting
    return replace(
        asking_whether_right(said, before.locale) if done.asked is not None else said,
        conversation=before.conversation,
        turn=before.turn,
        trace=Trace(
            watch.stop(),
            done.failure,
            versions,
            notes=tuple(done.notes),
            rewriting=rewriting,
            asked=done.asked,
        ),
    )


def _interaction(request: TurnRequest, before: Context, turn: Turn, reply: Reply) -> Interaction:
    return Interaction(
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
