"""Timers that ring. A timer is a row in storage and an announcement of the same key."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sayso.fulfilment.handler import Announce, Request, Response

LONGEST = timedelta(hours=24)
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?")

Timer = dict[str, Any]  # key, name (may be empty), seconds, due (ISO 8601)


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response(f"{_left(request, _running(request))} For how long?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "Okay."
    with request.storage.transaction():
        return INTENTS.get(request.intent, _help)(request)


def _set(request: Request) -> Response | str:
    length = _length(request.slot("duration"))
    if length is None or not timedelta() < length <= LONGEST:
        return "I can time anything from a second to a day. For more, ask for a reminder."
    name = str(request.slots.get("name", "")).lower()
    running = _running(request)
    again = [timer for timer in running if name and timer["name"] == name]
    timer = _new(request, name, length, again)
    _save(request, [each for each in running if each not in again] + [timer])
    verb = "now rings" if again else "rings"
    return Response(f"{_title(timer)} {verb} in {_spoken(length)}.", announce=[_ring(timer)])


def _new(request: Request, name: str, length: timedelta, again: list[Timer]) -> Timer:
    number = int(request.storage.get("number", 0)) + 1
    request.storage["number"] = number
    due = request.now.astimezone(UTC) + length  # in UTC: clocks may change meanwhile
    key = again[0]["key"] if again else f"timer-{number}"
    seconds = length.total_seconds()
    return {"key": key, "name": name, "seconds": seconds, "due": due.isoformat()}


def _cancel(request: Request) -> Response | str:
    running = _running(request)
    found = _matching(request, running)
    if len(found) != 1:
        return _which(request, running, found)
    _save(request, [timer for timer in running if timer != found[0]])
    return Response(f"{_title(found[0])} is cancelled.", cancel=[found[0]["key"]])


def _cancel_all(request: Request) -> Response | str:
    running = _running(request)
    _save(request, [])
    if not running:
        return "No timer is running."
    said = "Your timer is" if len(running) == 1 else f"All {len(running)} timers are"
    return Response(f"{said} cancelled.", cancel=[timer["key"] for timer in running])


def _add_time(request: Request) -> Response | str:
    more = _length(request.slot("duration"))
    if not more:
        return Response("How much longer?", ask="duration")
    running = _running(request)
    found = _matching(request, running, by_length=False)
    if len(found) != 1:
        return _which(request, running, found)
    timer = found[0]
    due = _due(timer) + more
    if due - request.now > LONGEST:
        return "I can't time more than a day."
    timer.update(due=due.isoformat(), seconds=timer["seconds"] + more.total_seconds())
    _save(request, running)
    left = _spoken(due - request.now)
    return Response(f"{_title(timer)} now has {left} left.", announce=[_ring(timer)])


def _time_left(request: Request) -> Response | str:
    running = _running(request)
    found = _matching(request, running)
    return _left(request, found) if found else _which(request, running, found)


def _help(_request: Request) -> Response | str:
    return Response("Say for example: set a pasta timer for nine minutes.", ended=False)


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
INTENTS = {
    "SetTimer": _set,
    "CancelTimer": _cancel,
    "CancelAllTimers": _cancel_all,
    "AddTime": _add_time,
    "TimeLeft": _time_left,
}


def _matching(request: Request, running: list[Timer], *, by_length: bool = True) -> list[Timer]:
    """The timers a request is about; all of them where it names none."""
    name = str(request.slots.get("name", "")).lower()
    length = _length(request.slot("duration")) if by_length else None
    return [
        timer
        for timer in running
        if (not name or timer["name"] == name)
        and (length is None or timer["seconds"] == length.total_seconds())
    ]


def _which(request: Request, running: list[Timer], found: list[Timer]) -> Response | str:
    """What to say where not exactly one timer was meant."""
    if not running:
        return "No timer is running."
    if not found:
        return f"There is no such timer. {_left(request, running)}"
    if all(timer["name"] for timer in found):
        return Response(f"Which one? {_left(request, found)}", ask="name")
    return f"Say which one. {_left(request, found)}"


def _left(request: Request, timers: list[Timer]) -> str:
    if not timers:
        return "No timer is running."
    said = [f"{_title(timer)} has {_spoken(_due(timer) - request.now)} left" for timer in timers]
    return f"{'; '.join(said)}."


def _title(timer: Timer) -> str:
    length = _spoken(timedelta(seconds=timer["seconds"]))
    return f"The {timer['name']} timer" if timer["name"] else f"The timer of {length}"


def _ring(timer: Timer) -> Announce:
    return Announce(timer["key"], f"{_title(timer)} is done.", due=_due(timer))


def _due(timer: Timer) -> datetime:
    return datetime.fromisoformat(timer["due"])


def _running(request: Request) -> list[Timer]:
    """This person's timers that have not rung, the next one first."""
    mine: list[Timer] = request.storage.get(f"timers:{request.user}", [])
    return sorted((timer for timer in mine if _due(timer) > request.now), key=_due)


def _save(request: Request, timers: list[Timer]) -> None:
    request.storage[f"timers:{request.user}"] = timers


def _length(iso: str | None) -> timedelta | None:
    """An ISO 8601 duration; None for none, or for one of months and years."""
    found = _DURATION.fullmatch(iso or "")
    if found is None:
        return None
    weeks, days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _spoken(length: timedelta) -> str:
    """`1 hour and 30 minutes`; whole seconds, at least one."""
    minutes, seconds = divmod(max(1, round(length.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        f"{count} {unit}{'' if count == 1 else 's'}"
        for count, unit in ((hours, "hour"), (minutes, "minute"), (seconds, "second"))
        if count
    ]
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
