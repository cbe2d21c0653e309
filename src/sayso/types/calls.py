"""What a back-end is told, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sayso.types.readings import Hypothesis
from sayso.types.skills import SlotType


class CallKind(StrEnum):
    """What a skill's back-end is told: the three request types of Alexa's protocol."""

    LAUNCH = "launch"
    INTENT = "intent"
    SESSION_ENDED = "session_ended"


class Progress(StrEnum):
    """How far the dialogue about an intent is when its back-end is called."""

    STARTED = "STARTED"  # the person has just asked for it
    IN_PROGRESS = "IN_PROGRESS"  # they have answered a question
    COMPLETED = "COMPLETED"  # all that the skill file wants is known and agreed to, or refused


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a skill's back-end.

    hypothesis: the reading to act upon (INTENT), None otherwise.
    confirmed: the person was asked and said yes. agreed: slots for whose values they did.
    denied: they said no. refused: slots for whose values they did.
    progress: of the dialogue about the intent. tried: slots that were asked for, see `Awaiting`.
    new_session: whether this call opens the skill's session.
    reason: why the session ended (SESSION_ENDED): USER_INITIATED, EXCEEDED_MAX_REPROMPTS or ERROR.
    undoes: nobody asked for it by name: it takes back what is put right.
    """

    kind: CallKind
    skill: str
    hypothesis: Hypothesis | None = None
    confirmed: bool = False
    new_session: bool = True
    reason: str | None = None
    agreed: Sequence[str] = ()
    denied: bool = False
    refused: Sequence[str] = ()
    progress: Progress = Progress.COMPLETED
    tried: Sequence[str] = ()
    undoes: bool = False


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something a skill will say by itself: a timer that rings, a reminder.

    key: chosen by the skill; a later announcement of the same skill, user and key replaces it.
    due: aware datetime.
    """

    key: str
    speech: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """What a screen may show beside the speech.

    kind: `plain`; or what a back-end asks of the person, which Sayso can only show: `link_account`,
        `permissions`.
    """

    title: str = ""
    text: str = ""
    image: str | None = None
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a back-end said, in Sayso's own terms, whatever its kind.

    speech: plain text to say; ssml: the same with markup, or None.
    ended: whether the skill's session is over.
    ask_slot / confirm: the skill asks for a slot, or for a yes (Dialog.ElicitSlot, ConfirmIntent).
    confirm_slot: the slot for whose value alone `confirm` wants a yes (Dialog.ConfirmSlot).
    delegate: the skill hands the dialogue back (Dialog.Delegate).
    agreed: slots of `updated` that the skill itself calls confirmed.
    announcements, cancelled: things to say later, and keys of such things to forget.
    entities: values of slot types from now on, in place of those set before in this session (none
        of them where it is empty); None leaves them as they are.
    failure: None, or what went wrong in words for the trace (never for the person).
    data: the same for programs, as JSON values; None where there is only something to say.
    corrected: it was a correction, and the skill has taken back what it did before.
    """

    speech: str = ""
    ssml: str | None = None
    reprompt: str | None = None
    ended: bool = True
    attributes: Mapping[str, Any] = field(default_factory=dict)
    card: Card | None = None
    ask_slot: str | None = None
    confirm: bool = False
    confirm_slot: str | None = None
    delegate: bool = False
    updated: Hypothesis | None = None
    agreed: Sequence[str] = ()
    announcements: Sequence[Announcement] = ()
    cancelled: Sequence[str] = ()
    entities: Sequence[SlotType] | None = None
    failure: str | None = None
    data: Any = None
    corrected: bool = False


class Opinion(StrEnum):
    """What a skill thinks of a request that may be for it (CanFulfillIntentRequest)."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"
