"""What a turn knows of the conversation so far, and of what goes on around."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sayso.types.people import ANONYMOUS, ANYBODY, Person
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.skills import Carry, SlotType


@dataclass(frozen=True, slots=True)
class Device:
    """What the person speaks to.

    type: such as `speaker` or `car`. state: what it and the things around it report, such as
        `{"oven": "on"}` or `{"oven": {"power": "on", "temperature": 180}}`.
    capabilities: such as `screen` or `camera`; empty where it has none, None where it is not known.
    place: where it is, such as `kitchen`; empty where it is not known.
    """

    id: str = "default"
    type: str = "unknown"
    state: Mapping[str, Any] = field(default_factory=dict)
    capabilities: Sequence[str] | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened just before: an alarm rang, a skill was used.

    text: in a few words, such as `the doorbell rang`; may be empty where the skill says it all.
    skill: id of the skill that it came from, or None.
    at: aware; None means just now.
    used: the person used the skill; else it came by itself.
    """

    text: str = ""
    skill: str | None = None
    at: datetime | None = None
    used: bool = False

    @property
    def name(self) -> str:
        """What a habit goes by: the skill that it came from, else its words."""
        return self.skill or " ".join(self.text.casefold().split())[:40]


class Asked(StrEnum):
    """What the last reply asked the person."""

    SLOT = "slot"
    CONFIRM = "confirm"  # of the reading; of one value of it, where `Awaiting.slot` names it
    WHICH = "which"


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A question that hangs in the air: the next turn may be its answer.

    pending: the reading that goes on once it is answered (SLOT, CONFIRM).
    slot: the slot asked for (SLOT), or whose value is to be confirmed (CONFIRM).
    options: the readings to choose among (WHICH).
    misses: how often an answer was not understood.
    agreed: slots of which the value was confirmed; tried: slots that were asked for so far, once
        for each time. Neither has more names than the intent has slots, twice over.
    theirs: the back-end asked, or has handed the dialogue over: it is told of a no.
    """

    asked: Asked
    pending: Hypothesis | None = None
    slot: str | None = None
    options: Sequence[Hypothesis] = ()
    misses: int = 0
    agreed: Sequence[str] = ()
    tried: Sequence[str] = ()
    theirs: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """What was open when somebody asked for something else, and is come back to after it.

    The question and the session of `Context`, and the words in which to ask again.
    """

    awaiting: Awaiting | None = None
    active: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    session: str | None = None
    entities: Sequence[SlotType] = ()
    speech: str = ""
    opened: Hypothesis | None = None


@dataclass(frozen=True, slots=True)
class Doubted:
    """A turn of which the person was asked, in its reply, whether it was right, and its skill."""

    turn: int
    skill: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A value that was spoken of, and may be meant again by who says no more than `there`.

    skill, intent: what it was said for. value: as it was understood, with no place in a text.
    mode: how far it is carried: ONCE counts turns from when it was said, not from when it was
        carried last. user: who said it; nobody else has.
    turn, at: the turn and the aware time of that turn.
    """

    skill: str
    intent: str
    value: SlotValue
    mode: Carry
    user: str
    turn: int
    at: datetime


MOST_ASIDE = 3  # deeper nobody remembers what was asked


MOST_REPROMPT = 2000  # characters


@dataclass(frozen=True, slots=True)
class Context:
    """All that a turn knows besides the words; comes out of a turn and goes into the next.

    now: aware datetime in `time_zone`.
    active: id of the skill that holds the conversation open, or None.
    attributes: that skill's session attributes.
    session: id of the skill's session, None when none is open.
    turn: number of turns so far in this conversation.
    allowed: skills this person may use at all; None means all.
    person: what is known of the one who speaks; it is read anew for each turn and never kept here.
    trial: skills that are new and approved by nobody -> share of the latest requests that each
        was given; it is read anew for each turn and never kept here.
    entities: values of slot types that the active skill has set for its session.
    happened: what happened lately, the latest first.
    doubted: the turn before, if its reply asked whether it was right; nothing waits for the answer.
    aside: questions and sessions that wait behind this one, the latest last; at most MOST_ASIDE.
    silences: turns in a row in which nothing was said to the open session.
    reprompt: what is said if somebody does not answer; at most MOST_REPROMPT characters.
    done: the reading that was acted upon last, which may still be put right; opened: the one that
        opened the session. Both as they were read, without what they were ranked by.
    waiting: requests of a sentence that held several, not begun yet: the question comes first.
    spoken: values that were spoken of lately, the latest last; all that is carried over comes from
        here. Bounded in number, turns and time.
    failures: turns in a row in which the back-end of what is open has failed.
    """

    conversation: str
    now: datetime
    user: str = ANONYMOUS
    device: Device = field(default_factory=Device)
    locale: str = "en-US"
    time_zone: str = "UTC"
    active: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    session: str | None = None
    awaiting: Awaiting | None = None
    turn: int = 0
    last_speech: str = ""
    allowed: Sequence[str] | None = None
    person: Person = ANYBODY
    trial: Mapping[str, float] = field(default_factory=dict)
    entities: Sequence[SlotType] = ()
    happened: Sequence[Happening] = ()
    doubted: Doubted | None = None
    aside: Sequence[Aside] = ()
    silences: int = 0
    reprompt: str = ""
    done: Hypothesis | None = None
    opened: Hypothesis | None = None
    waiting: Sequence[str] = ()
    spoken: Sequence[Spoken] = ()
    failures: int = 0

    def closed(self) -> Context:
        """The same with no session open and no question in the air."""
        return replace(
            self,
            active=None,
            attributes={},
            session=None,
            awaiting=None,
            entities=(),
            doubted=None,
            silences=0,
            opened=None,
            failures=0,
        )

    def forgotten(self) -> Context:
        """Closed, and nothing of what was said before is come back to."""
        quiet = self.closed()
        return replace(quiet, aside=(), waiting=(), done=None, reprompt="", spoken=())
