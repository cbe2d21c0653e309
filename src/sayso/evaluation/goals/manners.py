"""How people talk to a machine: what they put around values, how they hesitate, agree, correct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

HESITATIONS: Sequence[str] = (
    *("", "", "", "hm", "um", "i don't know", "no idea", "hm, later", "let me think"),
    *("wait a moment", "i'm not sure", "give me a second", "uh, what was that", "pardon"),
)
AGREEMENTS: Sequence[str] = (
    *("yes", "yes please", "yeah", "sure", "yes, do it", "yep, go ahead", "that's right", "okay"),
    *("of course", "absolutely", "yes, that's fine"),
)
AROUND: Sequence[str] = (
    "{}",
    "{}",
    "{} please",
    "um, {}",
    "let's say {}",
    "{}, thanks",
    "i'd say {}",
)
# Before anything was done and after it; the value stands as it is put beside others.
CORRECTIONS: Sequence[str] = (
    *("no, {}", "actually, {}", "sorry, i meant {}", "no wait, {}", "i mean {}", "make it {}"),
    *("actually make it {}", "oh no, {}"),
)
AT_ONCE: Sequence[str] = (
    "{wrong}, no, {right}",
    "{wrong}, i mean {right}",
    "{wrong} no wait {right}",
)
GIVING_UP: Sequence[str] = ("cancel", "never mind", "stop", "forget it")


class Slip(StrEnum):
    """When a wrong value that somebody said is put right."""

    NEVER = "none"
    AT_ONCE = "at once"
    LATER = "later"  # at the next question, or once it was done wrong


@dataclass(frozen=True, slots=True)
class Manner:
    """What a person does in one conversation, besides answering.

    partial: opens with less than is known; over: answers with more than was asked; hesitates:
    the first answer to a question is none; digresses: asks for something else in between.
    """

    partial: bool = False
    over: bool = False
    hesitates: bool = False
    digresses: bool = False
    slip: Slip = Slip.NEVER


def manner_of(lot: Random) -> Manner:
    """The manner of one conversation, by lot."""
    slips = (Slip.NEVER, Slip.AT_ONCE, Slip.LATER)
    return Manner(
        partial=lot.random() < 0.7,
        over=lot.random() < 0.4,
        hesitates=lot.random() < 0.25,
        digresses=lot.random() < 0.2,
        slip=lot.choices(slips, weights=(0.65, 0.1, 0.25))[0],
    )
