"""What a turn knows of its surroundings: what the door was told, what rang, what was used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from sayso.errors import RequestError
from sayso.stores.store import Event
from sayso.types.context import Happening
from sayso.types.readings import Decision, Outcome
from sayso.types.turns import TurnRequest
from sayso.understanding.situation import LATELY, bounded

MOST_CAPABILITIES = 16  # of a device, the first ones
MOST_HAPPENED = 8  # things kept between turns, the latest ones
MOST_TEXT = 200  # characters of any of them


def checked(request: TurnRequest) -> TurnRequest:
    """The request with what it says of the surroundings cut to what is read, shown and logged.

    What a device reports may be anything and is never an error. Raises RequestError for a thing
    that happened at a moment without a time zone.
    """
    device = request.device
    names = device.capabilities
    if names is not None:
        texts = (name for name in names if isinstance(name, str) and 0 < len(name) <= MOST_TEXT)
        names = tuple(islice(texts, MOST_CAPABILITIES))
    for each in request.happened:
        if each.at is not None and each.at.tzinfo is None:
            field = "happened.at"
            raise RequestError("has no time zone; write 2026-05-04T07:00:00+02:00", field=field)
    happened = (replace(x, text=x.text[:MOST_TEXT]) for x in request.happened[:MOST_HAPPENED])
    device = replace(device, state=bounded(device.state), capabilities=names)
    return replace(request, device=device, happened=tuple(happened))


def lately(
    before: Sequence[Happening],
    told: Sequence[Happening],
    rang: Iterable[Event],
    now: datetime,
) -> tuple[Happening, ...]:
    """What happened up to now, the latest first, each thing once.

    before: as the last turn kept it; told: with this turn; rang: events of this person and device.
    """
    found = [replace(each, at=each.at or now) for each in told]
    found += [Happening(skill=event.skill, at=event.rung_at) for event in rang]
    found += before
    recent = [each for each in found if each.at is not None and now - each.at <= LATELY]
    recent.sort(key=lambda each: each.at or now, reverse=True)
    once: dict[tuple[str, str | None, bool], Happening] = {}
    for each in recent:
        once.setdefault((each.text, each.skill, each.used), each)
    return tuple(islice(once.values(), MOST_HAPPENED))


def after(happened: Sequence[Happening], decision: Decision, now: datetime) -> Sequence[Happening]:
    """What the next turn is told: the same, and the skill that this one used."""
    if decision.outcome is not Outcome.ACT or decision.chosen is None:
        return happened
    skill = decision.chosen.skill
    others = (x for x in happened if not (x.used and x.skill == skill))
    return (Happening(skill=skill, at=now, used=True), *others)[:MOST_HAPPENED]
