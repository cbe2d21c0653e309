"""Simulated turns in a home's own store, as if they had been said there: for demonstrations.

What a home would do on each turn (decide, call a back-end) has been done in the simulation; here
its log is written, through the same transactions that a turn goes through, signals and all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sayso.types.context import Context, Device
from sayso.types.lessons import LoggedTurn, Signal, SignalKind
from sayso.types.readings import (
    Basis,
    Decision,
    Hypothesis,
    Outcome,
    ResolutionStatus,
    Rewriting,
    SlotValue,
    Utterance,
)
from sayso.types.turns import Interaction, Reply, Trace, TurnRequest

if TYPE_CHECKING:
    from sayso.stores.store import Store

Tell = Callable[[int], None]


def keep(
    rows: Sequence[LoggedTurn],
    store: Store,
    *,
    time_zone: str = "UTC",
    tell: Tell = lambda done: None,
) -> None:
    """Log turns that were simulated, in their order. tell: how many are done.

    Rows of a conversation must come in the order of their turns. Raises StoreError.
    """
    for done, row in enumerate(rows, start=1):
        lease = store.begin(row.user, row.conversation)
        assert not isinstance(lease, Interaction), "no key was given"
        context = Context(
            row.conversation,
            row.at,
            row.user,
            _device(row),
            row.locale,
            time_zone,
            turn=row.turn + 1,
            last_speech=row.speech,
        )
        store.finish(lease, interaction(row, time_zone), context)
        tell(done)
    signals = [signal for row in rows for signal in signals_of(row)]
    if signals:
        store.signals.keep(signals, max(signal.at for signal in signals))


def interaction(row: LoggedTurn, time_zone: str = "UTC") -> Interaction:
    """The turn as a home logs it, as far as its row tells."""
    reading = _reading(row)
    outcome = Outcome(row.outcome)
    acted = outcome is Outcome.ACT
    rewriting = None
    if row.rewrite is not None:
        rewriting = Rewriting(row.rewrite, row.said, row.text, row.arm or "")
    decision = Decision(
        outcome,
        chosen=reading if acted else None,
        options=(reading,) if reading and not acted else (),
        hypotheses=(reading,) if reading else (),
        basis=Basis(row.basis),
    )
    return Interaction(
        id=row.id,
        at=row.at,
        user=row.user,
        conversation=row.conversation,
        turn=row.turn,
        request=TurnRequest(row.said, row.user, row.conversation, device=_device(row), now=row.at),
        utterance=Utterance(row.said, row.text, rewriting=rewriting),
        decision=decision,
        reply=Reply(
            row.speech,
            ended=row.ended,
            decision=decision,
            trace=Trace(failure="broke down" if row.failed else None),
            conversation=row.conversation,
            turn=row.turn,
        ),
        locale=row.locale,
        time_zone=time_zone,
    )


def signals_of(row: LoggedTurn) -> Iterator[Signal]:
    """What a client told of the turn."""
    told = (
        (SignalKind.BARGE_IN, row.barge_in_ms),
        (SignalKind.PLAYED, row.played_s),
        (SignalKind.HELPFUL, row.helpful),
        (SignalKind.UNDONE, row.undone),
    )
    at = row.at + timedelta(seconds=1)
    for kind, value in told:
        if value is not None:
            yield Signal(row.user, row.conversation, row.turn, kind, float(value), at)


def _device(row: LoggedTurn) -> Device:
    return Device(row.device, row.device_type)


def _reading(row: LoggedTurn) -> Hypothesis | None:
    if row.skill is None or row.intent is None:
        return None
    slots = tuple(
        SlotValue(name, "", value, normalised=value, status=ResolutionStatus.MATCHED)
        for name, value in json.loads(row.slots).items()
    )
    return Hypothesis(
        row.skill,
        row.intent,
        slots,
        confidence=row.confidence or 0.0,
        side_effects=row.side_effects,
    )
