"""How people talk: what they put around values, whether they hesitate, digress, correct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random


@dataclass(frozen=True, slots=True)
class Phrases:
    """What people say around values, and in their place. No text among `hesitations` is silence.

    around, corrections: `{}` is a value; at_once: `{wrong}` and `{right}` are.
    """

    hesitations: Sequence[str]
    agreements: Sequence[str]
    around: Sequence[str]
    corrections: Sequence[str]
    at_once: Sequence[str]
    giving_up: Sequence[str]


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
