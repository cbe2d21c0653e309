"""`POST /v1/signals`: what a client saw of turns after their replies.

A device sends them when it is at leisure, late, twice or in any order: each replaces an earlier one
of the same turn and kind, unless that is of a later moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from sayso.runtime.signalling import LATEST_TURN, MOST_SIGNALS
from sayso.server.api.turns import Name, Now
from sayso.server.door import ADoor, Caller, user_of
from sayso.server.errors import documented
from sayso.server.limits import StrictRoute
from sayso.types.lessons import Signal, SignalKind

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["turns"])


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class SignalBody(_Body):
    """What was seen of one turn."""

    user: Name | None = Field(None, description="A talk key's own user if absent.")
    conversation: Name = Field(description="As the reply names it.")
    turn: Annotated[int, Field(strict=True, ge=0, le=LATEST_TURN)] = Field(
        description="As the reply names it."
    )
    kind: SignalKind
    value: float = Field(
        1.0,
        description="`barge_in`: milliseconds after the reply began; `played`: seconds; `helpful`: "
        "1 for yes, 0 for no; `undone`: 1.",
    )
    at: Now | None = Field(None, description="When, with its offset; just now if absent.")


class SignalsBody(_Body):
    """One signal or many."""

    signals: Annotated[list[SignalBody], Field(min_length=1, max_length=MOST_SIGNALS)]


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a signal; `not_found`: the user has no such turn."""

    status: Literal["kept", "not_found"]


@dataclass(frozen=True, slots=True)
class KeptAll:
    """What became of each signal, in their order."""

    signals: Sequence[Kept]


@router.post("/signals", responses=documented(400, 401, 403, 413, 415, 422))
async def keep_signals(body: SignalsBody, door: ADoor, caller: Caller) -> KeptAll:
    """Tell how turns went: spoken over, left on, helpful or not, undone."""
    now = datetime.now(UTC)
    seen = [
        Signal(
            user_of(caller, each.user),
            each.conversation,
            each.turn,
            each.kind,
            each.value,
            each.at or now,
        )
        for each in body.signals
    ]
    known = await door.queue.run(door.home.signals, seen)
    for signal, kept in zip(seen, known, strict=True):
        door.meters.signal(signal.kind, kept=kept)
    return KeptAll([Kept("kept" if kept else "not_found") for kept in known])
