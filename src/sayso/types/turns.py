"""A turn, from what a door asks for to the row that is logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sayso.types.calls import Card
from sayso.types.context import Device, Happening
from sayso.types.people import ANONYMOUS
from sayso.types.readings import Alternative, Decision, Hypothesis, Outcome, Rewriting, Utterance


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """What a door hands to the runtime: one thing said by one person to one device.

    text: what was said; or give `alternatives`, the recogniser's n-best, best first.
    now: aware datetime; None means the runtime's clock.
    locale, time_zone: None means the home's.
    idempotency_key: a repeated key (of the same user) returns the first reply and acts once.
    happened: what happened just before, as far as Sayso cannot know it by itself.
    silence: nothing was said though the microphone was open; `text` is empty then.
    """

    text: str = ""
    user: str = ANONYMOUS
    conversation: str | None = None
    alternatives: Sequence[Alternative] = ()
    device: Device = field(default_factory=Device)
    locale: str | None = None
    time_zone: str | None = None
    now: datetime | None = None
    idempotency_key: str | None = None
    happened: Sequence[Happening] = ()
    silence: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened inside a turn.

    timings: stage -> milliseconds, in the order of the stages; `backend` is the skill's own.
    failure: what went wrong, in words, or None.
    versions: of the bundle (`bundle`) and of the chosen skill (`skill`).
    notes: what else went wrong and failed nothing: requests before this one, an undo.
    rewriting: of what was heard, where one fitted.
    asked: why the reply asks whether it was right; None where it does not.
    """

    timings: Mapping[str, float] = field(default_factory=dict)
    failure: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    rewriting: Rewriting | None = None
    asked: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What a back-end gave for programs, and the reading that it was given for."""

    chosen: Hypothesis
    data: Any


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person hears, with what was decided and why.

    ended: whether the conversation is over (nothing more is awaited).
    data: what the back-end gave for programs, as JSON values, or None.
    earlier: the same of the requests before it in the same sentence, in order.
    """

    speech: str
    reprompt: str | None = None
    ended: bool = True
    ssml: str | None = None
    card: Card | None = None
    decision: Decision = field(default_factory=lambda: Decision(Outcome.ABSTAIN))
    trace: Trace = field(default_factory=Trace)
    conversation: str = ""
    turn: int = 0
    data: Any = None
    earlier: Sequence[Given] = ()


@dataclass(frozen=True, slots=True)
class Interaction:
    """One turn as it is logged."""

    id: str
    at: datetime
    user: str
    conversation: str
    turn: int
    request: TurnRequest
    utterance: Utterance
    decision: Decision
    reply: Reply
    locale: str
    time_zone: str
