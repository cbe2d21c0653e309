"""What the slots of a reading say for it: how sure they are, and how much they took.

Words that any text may fill fit every sentence. A reading that takes much of it as free text has
explained little, one whose slots hold known values has explained more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.readings import ResolutionStatus, SlotValue
from sayso.understanding.contract import Tagged
from sayso.understanding.edges import DATE, TIME


def filled(
    text: str, slots: Sequence[SlotValue], tags: Sequence[Tagged] = ()
) -> Mapping[str, float]:
    """Figures of a reading's slots, by the names that the ranker has for them.

    tags: as the model had them. A time that was told apart from its day is no more evidence than
    both were together.
    """
    said = {(slot.start, slot.end): slot for slot in slots if slot.start is not None}.values()
    size = max(len(text), 1)
    return {
        "matched": float(
            sum(slot.status is ResolutionStatus.MATCHED for slot in slots)
            - sum(_is_halved(tag, slots) for tag in tags)
        ),
        "doubt": 1.0 - min((slot.confidence for slot in slots), default=1.0),
        "taken": sum(len(slot.value) for slot in said) / size,
        "free": sum(len(slot.value) for slot in said if slot.type == FREE_TEXT) / size,
    }


def _is_halved(tag: Tagged, slots: Sequence[SlotValue]) -> bool:
    """Whether one tag became a day and a time."""
    within = [x for x in slots if x.start is not None and x.end is not None]
    kinds = {x.type for x in within if tag.start <= (x.start or 0) and (x.end or 0) <= tag.end}
    return {DATE, TIME} <= kinds
