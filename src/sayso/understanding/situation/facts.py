"""All that a context holds besides the words -> facts: short texts that readings lie near to."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import cast

import numpy as np

from sayso.types.context import Context, Device, Happening
from sayso.understanding.contract import Matrix, Vector
from sayso.understanding.heard import TextEncoder, hear
from sayso.understanding.situation.state import LONGEST, Report, bounded, reports, spoken

SIGNALS = ("state", "capabilities", "type", "place", "events", "used", "locale")
KINDS = {  # kind of fact -> the signal that it is of
    "on": "state",
    "off": "state",
    "reported": "state",
    "has": "capabilities",
    "lacks": "capabilities",
    "type": "type",
    "place": "place",
    "event": "events",
    "used": "used",
    "locale": "locale",
}
# What a device lacks that tells what it has, and what that is good for. A skill about cameras may
# well be meant by who speaks to a device without one: there only what the skill itself says counts.
TOLD = {"screen": "watch a video on the screen", "camera": ""}
MOST_REPORTS = 16  # of a state: those that say on or off come first
MOST_NAMED = 8  # capabilities, and things that happened
LATELY = timedelta(minutes=30)  # how long a thing that happened counts
FADES = timedelta(minutes=10)  # after which it counts half
WORDS = 8  # of a thing that happened


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is so.

    kind: of KINDS. text: what readings are compared with, in a few words, or nothing. clause: as a
    reason. name: what a skill's `suits` may hold, or what a habit goes by.
    skill: where it comes from, or None. weight: in (0, 1], how much of it still counts.
    """

    kind: str
    text: str
    clause: str
    name: str = ""
    skill: str | None = None
    weight: float = 1.0

    @property
    def signal(self) -> str:
        """What it is of, one of SIGNALS."""
        return KINDS[self.kind]

    @property
    def words(self) -> str:
        """What a reading may hold of it, word for word."""
        return self.name if self.signal == "capabilities" else self.text


@dataclass(frozen=True, slots=True)
class Around:
    """What goes on around a turn.

    facts: signal after signal; vectors: (facts, d), or None without an encoder.
    """

    facts: Sequence[Fact] = ()
    vectors: Matrix | None = field(default=None, compare=False)


NOTHING = Around()


def look_around(context: Context, encoder: TextEncoder | None) -> Around:
    """The facts of a context; none for one that has nothing but words."""
    device = context.device
    facts = [*_of_device(device), *_of_happenings(_happened(context), context.now)]
    if not facts:
        return NOTHING
    if encoder is None:
        return Around(facts)
    key = cast(Hashable, encoder)  # an encoder is its own key: it is neither copied nor changed
    return Around(facts, np.stack([_vector(key, fact.text) for fact in facts]))


def _happened(context: Context) -> Sequence[Happening]:
    """What happened lately; that a skill has asked something is no use of it.

    What answers it is told by the question; any other sentence is as likely meant for the others.
    """
    pending = context.awaiting.pending if context.awaiting is not None else None
    asks = pending.skill if pending is not None else None
    return [each for each in context.happened if not (each.used and each.skill == asks)]


@lru_cache(maxsize=4096)
def _vector(encoder: Hashable, text: str) -> Vector:
    """Things around a home are few and say the same for hours: they are encoded once."""
    pooled = cast(Vector, hear(text or "-", cast(TextEncoder, encoder)).pooled)
    return pooled if text else np.zeros_like(pooled)


def _of_device(device: Device) -> Iterator[Fact]:
    told = sorted(reports(bounded(device.state)), key=lambda report: report.active is None)
    yield from map(_of_report, dict.fromkeys(told[:MOST_REPORTS]))
    if device.capabilities is not None:
        yield from _of_capabilities(device.capabilities)
    if device.type not in ("", "unknown"):
        yield from _named("type", device.type, "this is a {}")
    yield from _named("place", device.place, "this is the {}")


def _of_report(report: Report) -> Fact:
    if report.active is not None:
        kind = "on" if report.active else "off"
        return Fact(kind, report.thing, f"the {report.thing} is {report.value}")
    text = f"{report.thing} {report.value}".strip()
    return Fact("reported", text, f"the {report.thing} is {report.value or 'reported'}")


def _of_capabilities(names: Sequence[str]) -> Iterator[Fact]:
    there = dict.fromkeys(spoken(name) for name in names[:MOST_NAMED])
    for name in filter(None, there):
        yield Fact("has", TOLD.get(name) or name, f"the device has a {name}", name)
    for name, text in TOLD.items():
        if name not in there:
            yield Fact("lacks", text, f"the device has no {name}", name)


def _named(kind: str, raw: str, clause: str) -> Iterator[Fact]:
    name = spoken(raw)
    if name:
        yield Fact(kind, name, clause.format(name), name)


def _of_happenings(happened: Sequence[Happening], now: datetime) -> Iterator[Fact]:
    """The latest of each; things that come by themselves before skills that were used."""
    facts = [fact for each in islice(happened, 2 * MOST_NAMED) for fact in _of_happening(each, now)]
    facts.sort(key=lambda fact: (fact.kind != "event", -fact.weight))
    return islice(facts, MOST_NAMED)


def _of_happening(happening: Happening, now: datetime) -> Iterator[Fact]:
    age = max(now - happening.at, timedelta()) if happening.at is not None else timedelta()
    source = spoken(happening.skill or "")
    text = " ".join(happening.text[:LONGEST].split()[:WORDS])
    if not (text or source) or age > LATELY:
        return
    weight = 0.5 ** (age / FADES)
    if happening.used:
        yield Fact("used", text, "it was used a moment ago", "", happening.skill, weight)
        return
    clause = text or f"{source} has just rung"
    yield Fact("event", text, clause, happening.name, happening.skill, weight)
