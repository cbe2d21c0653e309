"""Signals as they come in: what one may say, checked before it reaches the store."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sayso.errors import RequestError
from sayso.runtime.requests import check_name
from sayso.types.lessons import Signal, SignalKind

MOST_SIGNALS = 1000  # at once
LATEST_TURN = 2**31 - 1
# What is more is a clock or a client gone wrong, not a person: an hour of speech, a week of music.
_MOST = {SignalKind.BARGE_IN: 3_600_000.0, SignalKind.PLAYED: 604_800.0}
_CHOICES = {SignalKind.HELPFUL: (0.0, 1.0), SignalKind.UNDONE: (1.0,)}


def check(signals: Sequence[Signal]) -> Sequence[Signal]:
    """The signals, if all are sound. Raises RequestError that names the first that is not."""
    if len(signals) > MOST_SIGNALS:
        raise RequestError(
            f"{len(signals)} signals are too many; send {MOST_SIGNALS} at once", field="signals"
        )
    for number, signal in enumerate(signals):
        try:
            _check(signal)
        except RequestError as error:
            raise RequestError(str(error), field=f"signals.{number}.{error.field}") from error
    return signals


def kind_of(name: str) -> SignalKind:
    """The kind of that name. Raises RequestError if there is none."""
    try:
        return SignalKind(name)
    except ValueError:
        kinds = ", ".join(SignalKind)
        raise RequestError(
            f'"{name}" is no kind of signal; there are {kinds}', field="kind"
        ) from None


def _check(signal: Signal) -> None:
    check_name(signal.user, "user")
    check_name(signal.conversation, "conversation")
    if not 0 <= signal.turn <= LATEST_TURN:
        raise RequestError("is no number of a turn; take it from the reply", field="turn")
    if signal.at.tzinfo is None:
        raise RequestError("has no time zone; write 2026-05-04T07:00:00+02:00", field="at")
    _check_value(signal.kind, signal.value)


def _check_value(kind: SignalKind, value: float) -> None:
    choices, most = _CHOICES.get(kind), _MOST.get(kind)
    if choices is not None and value not in choices:
        allowed = " or ".join(f"{choice:g}" for choice in choices)
        raise RequestError(f"must be {allowed} for {kind}", field="value")
    if most is not None and not (math.isfinite(value) and 0 <= value <= most):
        unit = "milliseconds" if kind is SignalKind.BARGE_IN else "seconds"
        raise RequestError(f"must be 0 to {most:.0f} {unit} for {kind}", field="value")
