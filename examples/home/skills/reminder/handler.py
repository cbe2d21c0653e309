"""Reminders. A reminder is a row in storage and an announcement of the same key."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sayso.fulfilment.handler import Announce, Request, Response

MORNING = time(9)  # when a reminder for a day comes that names no time
PARTS = {"MO": time(8), "AF": time(14), "EV": time(18), "NI": time(21)}
FARTHEST = timedelta(days=365)
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?")
_HALF_SAID = re.compile(
    r"\b([ap]\.?\s?m\b|morning|noon|afternoon|evening|night|midnight|0\d:)", re.I
)
_LEADING = re.compile(r"^(?:to|about|of|that)\s+", re.I)
_YOURS = {"my": "your", "me": "you", "i": "you", "mine": "yours", "myself": "yourself", "am": "are"}

Reminder = dict[str, Any]  # key, task (in the person's words), due (ISO 8601)


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response(f"{_list(request)} What shall I remind you of?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "Okay."
    with request.storage.transaction():
        return INTENTS.get(request.intent, _help)(request)


def _set(request: Request) -> Response | str:
    task = _task(request)
    if not task:
        return Response("What shall I remind you of?", ask="task")
    if not {"time", "date", "delay"} & set(request.slots):
        return Response("At what time?", ask="time")
    due = _due_of(request)
    if due is None:
        return Response("At what time exactly?", ask="time")
    if not timedelta() < due - request.now <= FARTHEST:
        past = due <= request.now
        return f"That is {'already past' if past else 'more than a year away'}."
    number = int(request.storage.get("number", 0)) + 1
    request.storage["number"] = number
    made = {"key": f"reminder-{number}", "task": task, "due": due.isoformat()}
    _save(request, [*_waiting(request), made])
    ring = Announce(made["key"], f"Here is your reminder: {task}.", due=due)
    return Response(f"I'll remind you {_when(request, due)}: {task}.", announce=[ring])


def _due_of(request: Request) -> datetime | None:
    """When it is due, in UTC: no change of clocks adds or takes an hour."""
    length = _length(request.slot("delay"))
    if length is not None:
        return request.now.astimezone(UTC) + length
    at, day = _time(request), _day(request.slot("date"))
    if at is None or ("date" in request.slots and day is None):
        return None
    zone, today = request.now.tzinfo, request.now.date()
    due = datetime.combine(day or today, at, zone).astimezone(UTC)
    if day is None and due <= request.now:
        due = datetime.combine(today + timedelta(days=1), at, zone).astimezone(UTC)
    return due


def _list(request: Request) -> Response | str:
    day = _day(request.slot("date"))
    zone = request.now.tzinfo
    waiting = [r for r in _waiting(request) if day in (None, _due(r).astimezone(zone).date())]
    if not waiting:
        return f"You have no reminders{' on that day' if day else ''}."
    said = [f"{_when(request, _due(each))}: {each['task']}" for each in waiting]
    return f"You have {len(said)} reminder{'' if len(said) == 1 else 's'}. {'; '.join(said)}."


def _cancel(request: Request) -> Response | str:
    waiting, task = _waiting(request), _task(request)
    if not waiting:
        return "You have no reminders."
    found = [r for r in waiting if _is_at(request, r) and (not task or _same(r["task"], task))]
    if not found:
        return f"I have no reminder like that. {_list(request)}"
    if len(found) > 1 and not task:
        return Response(f"{_list(request)} Which one?", ask="task")
    return _forget(request, found[:1], f"I won't remind you: {found[0]['task']}.")


def _is_at(request: Request, reminder: Reminder) -> bool:
    """Whether a reminder comes when the request says, as far as it says so."""
    due = _due(reminder).astimezone(request.now.tzinfo)
    day = _day(request.slot("date"))
    return day in (None, due.date()) and (
        "time" not in request.slots or due.time() == _time(request)
    )


def _cancel_all(request: Request) -> Response | str:
    waiting = _waiting(request)
    return _forget(request, waiting, "All reminders are gone.") if waiting else _list(request)


def _forget(request: Request, gone: list[Reminder], speech: str) -> Response:
    _save(request, [each for each in _waiting(request) if each not in gone])
    return Response(speech, cancel=[each["key"] for each in gone])


def _help(_request: Request) -> Response | str:
    return Response("Say for example: remind me to call mom at five.", ended=False)


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
INTENTS = {
    "SetReminder": _set,
    "ListReminders": _list,
    "CancelReminder": _cancel,
    "CancelAllReminders": _cancel_all,
}


def _task(request: Request) -> str:
    """What to do, as one says it to the person: `take your pills`."""
    slot = request.slots.get("task")
    words = _LEADING.sub("", slot.value.strip()).split() if slot is not None else []
    return " ".join(_YOURS.get(word.lower(), word) for word in words)


def _same(kept: str, said: str) -> bool:
    ours, theirs = kept.casefold(), said.casefold()
    return ours in theirs or theirs in ours


def _time(request: Request) -> time | None:
    """The time said; from one to six o'clock is the afternoon's unless the words say otherwise."""
    slot = request.slots.get("time")
    if slot is None:
        return MORNING
    try:
        at = PARTS.get(slot.normalised) or time.fromisoformat(slot.normalised)
    except ValueError:
        return None
    if 1 <= at.hour <= 6 and not _HALF_SAID.search(slot.value):
        return at.replace(hour=at.hour + 12)
    return at


def _day(value: str | None) -> date | None:
    try:
        return datetime.strptime(value or "", "%Y-%m-%d").date()
    except ValueError:
        return None


def _length(iso: str | None) -> timedelta | None:
    """An ISO 8601 duration; None for none, or for one of months and years."""
    found = _DURATION.fullmatch(iso or "")
    if found is None:
        return None
    weeks, days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _waiting(request: Request) -> list[Reminder]:
    """This person's reminders that have not come yet, the next one first."""
    mine: list[Reminder] = request.storage.get(f"reminders:{request.user}", [])
    return sorted((each for each in mine if _due(each) > request.now), key=_due)


def _save(request: Request, reminders: list[Reminder]) -> None:
    request.storage[f"reminders:{request.user}"] = reminders


def _due(reminder: Reminder) -> datetime:
    return datetime.fromisoformat(reminder["due"])


def _when(request: Request, due: datetime) -> str:
    local = due.astimezone(request.now.tzinfo)
    days = (local.date() - request.now.date()).days
    day = {0: "today", 1: "tomorrow"}.get(days, f"on {local:%A, %B} {local.day}")
    return f"{day} at {local.hour % 12 or 12}:{local:%M %p}"
