"""A plain turn to store, and its context."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from sayso.stores import rows, tables
from sayso.types.context import Context
from sayso.types.readings import Decision, Hypothesis, Outcome, Utterance
from sayso.types.turns import Interaction, Reply, TurnRequest

# Columns of `interactions` that the first migration does not make.
LATER = (
    "basis",
    "device_id",
    "device_type",
    "side_effects",
    "offered",
    "said",
    "rewrite",
    "arm",
    "asked",
)
NOW = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)


def a_turn(
    number: int = 1,
    *,
    user: str = "ana",
    conversation: str = "kitchen",
    key: str | None = None,
    at: datetime = NOW,
) -> Interaction:
    text = f"wake me at {number}"
    chosen = Hypothesis("alarms", "SetAlarm", confidence=0.9)
    decision = Decision(Outcome.ACT, chosen, hypotheses=(chosen,), shortlist=(("alarms", 0.9),))
    return Interaction(
        id=f"{user}/{conversation}/{number}",
        at=at,
        user=user,
        conversation=conversation,
        turn=number,
        request=TurnRequest(text, user, conversation, idempotency_key=key),
        utterance=Utterance(text, text),
        decision=decision,
        reply=Reply(f"Alarm {number} is set.", decision=decision, turn=number),
        locale="en-US",
        time_zone="UTC",
    )


def a_context(turn: int = 1, *, user: str = "ana", conversation: str = "kitchen") -> Context:
    return Context(conversation, NOW, user, turn=turn)


def write_old(connection: sa.Connection, turns: Sequence[Interaction], context: Context) -> None:
    """Turns and their context as rows of the first tables, which no `Store` of today writes."""
    old = [{k: v for k, v in rows.to_row(turn).items() if k not in LATER} for turn in turns]
    connection.execute(tables.interactions.insert(), old)
    conversation = {"user_id": context.user, "conversation": context.conversation}
    state = {"context": context, "version": len(turns), "updated_at": NOW}
    connection.execute(tables.conversations.insert(), conversation | state)
