"""What is known of the person who speaks, always from before the turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Use:
    """How a person uses a skill.

    count: turns that it served; last: the latest of them, aware, None if unknown.
    hours: hour of that person's day (0 to 23) -> turns; devices: type of device -> turns.
    """

    count: int = 0
    last: datetime | None = None
    hours: Mapping[int, int] = field(default_factory=dict)
    devices: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """Whose requests are ranked.

    enabled: skills that this person has chosen to have; the others may be found all the same.
    uses: skill -> how it was used.
    neutral: rank as for anybody, whatever is known.
    """

    enabled: Sequence[str] = ()
    uses: Mapping[str, Use] = field(default_factory=dict)
    neutral: bool = False


ANYBODY = Person()
