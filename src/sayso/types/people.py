"""What is known of the person who speaks, always from before the turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import TypeVar

ANONYMOUS = "anonymous"  # who does not say who they are: nothing is kept of them
HALF_LIFE = timedelta(days=30)  # after which a use counts half: habits drift
MOST_DEVICES = 8  # types of device that a habit tells apart
MOST_BEFORE = 8  # things before it that a habit tells apart
Key = TypeVar("Key")


def pseudonym(key: bytes, user: str) -> int:
    """A number in [0, 2**63) that stands for a user; nobody without the key can tell for whom.

    BLAKE2b with the key (up to 64 bytes) of the name in UTF-8: the first eight bytes, big-endian,
    halved. The same on every machine. A lone surrogate counts as it would be written in UTF-8.
    """
    digest = blake2b(user.encode("utf-8", "surrogatepass"), key=key, digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


@dataclass(frozen=True, slots=True)
class Use:
    """How a person uses a skill.

    count: turns that it served, each of them halved for every HALF_LIFE between it and `last`.
    last: the latest of them, aware, None if unknown.
    hours: hour of that person's day (0 to 23) -> turns; devices: type of device -> turns; after:
        what had happened just before -> turns; all halved as `count` is.
    """

    count: float = 0.0
    last: datetime | None = None
    hours: Mapping[int, float] = field(default_factory=dict)
    devices: Mapping[str, float] = field(default_factory=dict)
    after: Mapping[str, float] = field(default_factory=dict)

    def weight(self, now: datetime) -> float:
        """`count` as it stands now, halved for what has passed since. now: aware."""
        return self.count * _faded(self.last, now)

    def again(self, at: datetime, device: str, after: Sequence[str] = ()) -> Use:
        """With one more turn. The order in which turns are told makes no difference.

        at: aware, in the person's time zone; device: type of what was spoken to; after: what had
        happened just before, each once.
        """
        last = at if self.last is None else max(self.last, at)
        old, new = _faded(self.last, last), _faded(at, last)
        return Use(
            self.count * old + new,
            last,
            _with(self.hours, [at.hour], old, new),
            _most(_with(self.devices, [device], old, new), MOST_DEVICES),
            _most(_with(self.after, after, old, new), MOST_BEFORE),
        )


def _faded(then: datetime | None, now: datetime) -> float:
    """What is left of one turn. A clock that went backwards takes nothing away."""
    return 1.0 if then is None else 0.5 ** max(0.0, (now - then) / HALF_LIFE)


def _with(
    shares: Mapping[Key, float], keys: Sequence[Key], old: float, new: float
) -> dict[Key, float]:
    faded = {each: share * old for each, share in shares.items()}
    return faded | {key: faded.get(key, 0.0) + new for key in keys}


def _most(shares: Mapping[str, float], most: int) -> dict[str, float]:
    """The largest of them, the largest first."""
    kept = sorted(shares, key=lambda kind: (-shares[kind], kind))[:most]
    return {kind: shares[kind] for kind in kept}


class EnabledBy(StrEnum):
    """Who enabled a skill."""

    PERSON = "person"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Enabled:
    """A skill that a person has chosen to have, since when (aware), and by whose word."""

    skill: str
    at: datetime
    by: EnabledBy = EnabledBy.PERSON


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

    def among(self, installed: Callable[[str], bool]) -> Person:
        """The same without skills that are not installed: a removed one leaves no trace."""
        return replace(
            self,
            enabled=tuple(skill for skill in self.enabled if installed(skill)),
            uses={skill: use for skill, use in self.uses.items() if installed(skill)},
        )


ANYBODY = Person()
