"""Alarms at a time of day. An alarm is a row in storage and an announcement of the same key."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from sayso.fulfilment.handler import Announce, Request, Response

SNOOZE_MINUTES = 9.0
AWAKE = timedelta(minutes=30)  # after which a rung alarm is over and cannot be snoozed
PARTS = {"MO": time(8), "AF": time(14), "EV": time(18), "NI": time(21)}
_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response(f"{_said(request, _alarms(request))} When shall I wake you?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "Okay."
    with request.storage.transaction():
        return INTENTS.get(request.intent, _help)(request)


def _set(request: Request) -> Response | str:
    at = _time(request.slot("time"))
    if at is None:
        return Response("At what time?", ask="time")
    day = request.slot("date")
    if day is not None and _day(day) is None:
        return "For an alarm I need a single day, such as tomorrow or Friday."
    due = _moment(request, at, _day(day))
    if due <= request.now:
        return f"{_spoken(request, due)} is already past."
    return _ring_at(request, due, f"I'll wake you {_spoken(request, due)}.")


def _snooze(request: Request) -> Response | str:
    since = request.now - AWAKE
    if not any(since <= due <= request.now for due in _alarms(request, since=since)):
        return "No alarm is ringing."
    due = request.now.astimezone(UTC) + timedelta(minutes=_minutes(request.slot("duration")))
    return _ring_at(request, due, f"I'll wake you again {_spoken(request, due)}.")


def _ring_at(request: Request, due: datetime, speech: str) -> Response:
    kept = _alarms(request, since=request.now - AWAKE)
    _save(request, [*(each for each in kept if each != due), due])
    wake = f"Good morning! It is {_clock(due.astimezone(request.now.tzinfo))}."
    ring = wake if due.astimezone(request.now.tzinfo).hour < 12 else wake[len("Good morning! ") :]
    return Response(speech, announce=[Announce(_key(due), f"Beep, beep. {ring}", due=due)])


def _cancel(request: Request) -> Response | str:
    alarms = _alarms(request)
    if not alarms:
        return "No alarm is set."
    wanted, wanted_day = request.slot("time"), request.slot("date")
    at, day = _time(wanted), _day(wanted_day)
    zone = request.now.tzinfo
    found = [
        each
        for each in alarms
        if (wanted is None or each.astimezone(zone).time() == at)
        and (wanted_day is None or each.astimezone(zone).date() == day)
    ]
    if not found:
        return f"There is no alarm at that time. {_said(request, alarms)}"
    if len(found) > 1 and wanted is None:
        return Response(f"Which one? {_said(request, found)}", ask="time")
    return _forget(request, found[:1], f"I won't wake you {_spoken(request, found[0])}.")


def _cancel_all(request: Request) -> Response | str:
    alarms = _alarms(request)
    if not alarms:
        return "No alarm is set."
    return _forget(request, alarms, "All alarms are off.")


def _forget(request: Request, alarms: list[datetime], speech: str) -> Response:
    _save(request, [due for due in _alarms(request) if due not in alarms])
    return Response(speech, cancel=[_key(due) for due in alarms])


def _list(request: Request) -> Response | str:
    return _said(request, _alarms(request))


def _help(_request: Request) -> Response | str:
    return Response("Say for example: wake me at half past six.", ended=False)


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
INTENTS = {
    "SetAlarm": _set,
    "CancelAlarm": _cancel,
    "CancelAllAlarms": _cancel_all,
    "ListAlarms": _list,
    "Snooze": _snooze,
}


def _moment(request: Request, at: time, day: date | None) -> datetime:
    """That time on that day, else the next time it is that time.

    Goes through UTC, so that a time that the change of clocks leaves out becomes one that exists.
    """
    zone, today = request.now.tzinfo, request.now.date()
    due = datetime.combine(day or today, at, zone).astimezone(UTC)
    if day is None and due <= request.now:
        due = datetime.combine(today + timedelta(days=1), at, zone).astimezone(UTC)
    return due


def _alarms(request: Request, since: datetime | None = None) -> list[datetime]:
    """This person's alarms after `since` (now, if not given), the next one first."""
    rows = map(datetime.fromisoformat, request.storage.get(f"alarms:{request.user}", []))
    return sorted(due for due in rows if due > (since or request.now))


def _save(request: Request, alarms: list[datetime]) -> None:
    request.storage[f"alarms:{request.user}"] = [due.isoformat() for due in sorted(alarms)]


def _key(due: datetime) -> str:
    return f"alarm-{due.astimezone(UTC):%Y%m%dT%H%M%S}"


def _time(value: str | None) -> time | None:
    """A time as AMAZON.TIME gives it: `06:30`, or a part of the day such as `MO`."""
    try:
        return PARTS.get(value or "") or time.fromisoformat(value or "")
    except ValueError:
        return None


def _day(value: str | None) -> date | None:
    try:
        return datetime.strptime(value or "", "%Y-%m-%d").date()
    except ValueError:
        return None


def _minutes(value: str | None) -> float:
    found = _DURATION.fullmatch(value or "")
    hours, minutes, seconds = (float(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return hours * 60 + minutes + seconds / 60 or SNOOZE_MINUTES


def _said(request: Request, alarms: list[datetime]) -> str:
    if not alarms:
        return "No alarm is set."
    times = [_spoken(request, due) for due in alarms]
    return f"You have {'an alarm' if len(times) == 1 else 'alarms'} {' and '.join(times)}."


def _spoken(request: Request, due: datetime) -> str:
    """`tomorrow at 6:30 AM`."""
    local = due.astimezone(request.now.tzinfo)
    days = (local.date() - request.now.date()).days
    day = {0: "today", 1: "tomorrow"}.get(days, f"on {local:%A, %B} {local.day}")
    return f"{day} at {_clock(local)}"


def _clock(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at:%M %p}"
