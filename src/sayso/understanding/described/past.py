"""What a reader of descriptions knows besides the words: what was asked, offered, filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sayso.understanding.described.slots import DescribedSlot

DONT_CARE = "dontcare"  # the value of a slot of which a person says that anything will do


class Named(StrEnum):
    """What the system did when it named a value."""

    CONFIRM = "confirm"
    OFFER = "offer"
    INFORM = "inform"
    ASK = "ask"  # is it this one? would you like this or that?


@dataclass(frozen=True, slots=True)
class Offer:
    """A value that the system has named for a slot.

    age: system turns since then, 0 in the last reply. beside: how many values of the slot the
    system named together with this one.
    """

    slot: str
    value: str
    named: Named
    age: int = 0
    beside: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """A value of another skill's slot in this conversation.

    age: turns since that skill was spoken of; offered: the system named it, nobody took it.
    """

    slot: DescribedSlot
    value: str
    skill: str
    age: int = 0
    offered: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """All that a turn knows of one skill besides the words.

    intent: the one before, None at first. filled: slot -> value. asked: slots that the last reply
    asked for. offers: values that it named, the latest of a slot. proposed: an intent that the last
    reply proposed to do. did: acts of the last reply, as SGD names them. fresh: nobody has spoken
    of the skill in this conversation. known: values of other skills.
    """

    intent: str | None = None
    filled: Mapping[str, str] = field(default_factory=dict)
    asked: Sequence[str] = ()
    offers: Sequence[Offer] = ()
    proposed: str | None = None
    did: Sequence[str] = ()
    fresh: bool = True
    known: Sequence[Known] = ()
