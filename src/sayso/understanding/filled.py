"""What the slots of a reading say for it: how sure they are, and how much they took.

Words that any text may fill fit every sentence. A reading that takes much of it as free text has
explained little, one whose slots hold known values has explained more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sayso.skills.builtin_types import FREE_TEXT
from sayso.types.turns import ResolutionStatus, SlotValue


def filled(text: str, slots: Sequence[SlotValue]) -> Mapping[str, float]:
    """Figures of a reading's slots, by the names that the ranker has for them."""
    said = {(slot.start, slot.end): slot for slot in slots if slot.start is not None}.values()
    size = max(len(text), 1)
    return {
        "matched": float(sum(slot.status is ResolutionStatus.MATCHED for slot in slots)),
        "doubt": 1.0 - min((slot.confidence for slot in slots), default=1.0),
        "taken": sum(len(slot.value) for slot in said) / size,
        "free": sum(len(slot.value) for slot in said if slot.type == FREE_TEXT) / size,
    }
