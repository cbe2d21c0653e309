"""A calendar of each person. An event is a row in storage: title, date and, maybe, time."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Any

from sayso.fulfilment.handler import Card, Request, Response

PARTS = {"MO": "09:00", "AF": "14:00", "EV": "19:00", "NI": "21:00"}
_HALF_SAID = re.compile(
    r"\b([ap]\.?\s?m\b|morning|noon|afternoon|evening|night|midnight|0\d:)", re.I
)
_LEADING = re.compile(r"^(?:an?|the|my|our)\s+", re.I)

Event = dict[str, Any]  # title, date (ISO 8601), time (`15:00`, or empty for all day)


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response(f"{_next(request)} What shall I look up or add?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "Okay."
    with request.storage.transaction():
        return INTENTS.get(request.intent, _help)(request)


def _add(request: Request) -> Response | str:
    title = _title(request)
    if not title:
        return Response("What is it called?", ask="event")
    day = _days(request.slot("date"))
    if day is None or day[0] != day[1]:
        return Response("On which day?", ask="date")
    if day[0] < request.now.date():
        return "That day is already past."
    at = _time(request)
    if at is None:
        return Response("At what time?", ask="time")
    event = {"title": title, "date": day[0].isoformat(), "time": at}
    clash = [e for e in _events(request) if at and (e["date"], e["time"]) == (event["date"], at)]
    _save(request, [*_events(request), event])
    also = f" You also have {clash[0]['title']} then." if clash else ""
    return f"I added {title}, {_when(request, event)}.{also}"


def _agenda(request: Request) -> Response | str:
    said = request.slot("date", "PRESENT_REF")
    days = _days(request.now.date().isoformat() if said == "PRESENT_REF" else said)
    if days is None:
        return Response("For which day?", ask="date")
    first, last = (day.isoformat() for day in days)
    planned = [event for event in _events(request) if first <= event["date"] <= last]
    when = _spoken(request, days[0]) if first == last else f"from {_spoken(request, days[0])} on"
    if not planned:
        return f"You have nothing planned {when}."
    rows = [f"{event['title']} {_when(request, event)}" for event in planned]
    card = Card(title="Calendar", text="\n".join(rows))
    return Response(
        f"You have {len(rows)} thing{'s' * (len(rows) > 1)} planned {when}: {'; '.join(rows)}.",
        card=card,
    )


def _next(request: Request) -> Response | str:
    coming = _coming(request)
    if not coming:
        return "Your calendar is empty."
    return f"Next is {coming[0]['title']}, {_when(request, coming[0])}."


def _when_is(request: Request) -> Response | str:
    title = _title(request)
    if not title:
        return Response("Which event do you mean?", ask="event")
    found = _matching(_coming(request), title)
    if not found:
        return f"I find no {title} in your calendar."
    return f"{_capital(found[0]['title'])} is {_when(request, found[0])}."


def _delete(request: Request) -> Response | str:
    title, days = _title(request), _days(request.slot("date"))
    if not title:
        return Response("Which event shall I delete?", ask="event")
    if "date" in request.slots and days is None:
        return Response("On which day is it?", ask="date")
    first, last = (day.isoformat() for day in days) if days else ("", "9999")
    found = [e for e in _matching(_coming(request), title) if first <= e["date"] <= last]
    if not found:
        return f"I find no {title} in your calendar{' then' if days else ''}."
    if len(found) > 1:
        said = " or ".join(_when(request, event) for event in found)
        return Response(f"There are {len(found)}: {said}. On which day?", ask="date")
    _save(request, [event for event in _events(request) if event != found[0]])
    return f"I took {found[0]['title']}, {_when(request, found[0])}, off your calendar."


def _help(_request: Request) -> Response | str:
    return Response("Say for example: what's on my calendar tomorrow.", ended=False)


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
INTENTS = {
    "AddEvent": _add,
    "Agenda": _agenda,
    "NextEvent": _next,
    "WhenIs": _when_is,
    "DeleteEvent": _delete,
}


def _title(request: Request) -> str:
    slot = request.slots.get("event")
    return _LEADING.sub("", str(slot).strip()) if slot is not None else ""


def _matching(events: list[Event], title: str) -> list[Event]:
    wanted = title.casefold()
    same = [event for event in events if event["title"].casefold() == wanted]
    return same or [event for event in events if wanted in event["title"].casefold()]


def _events(request: Request) -> list[Event]:
    """This person's events, in order of time."""
    mine: list[Event] = request.storage.get(f"events:{request.user}", [])
    return sorted(mine, key=lambda event: (event["date"], event["time"]))


def _coming(request: Request) -> list[Event]:
    """Those that have not begun; one of all day is coming all day."""
    today, now = request.now.date().isoformat(), f"{request.now:%H:%M}"
    return [e for e in _events(request) if (e["date"], e["time"] or "24") > (today, now)]


def _save(request: Request, events: list[Event]) -> None:
    request.storage[f"events:{request.user}"] = events


def _days(value: str | None) -> tuple[date, date] | None:
    """First and last day of a day, weekend (`2026-W48-WE`) or week (`2026-W48`)."""
    try:
        if value and value.endswith("-WE"):
            first = date.fromisoformat(f"{value.removesuffix('-WE')}-6")
            return first, first + timedelta(days=1)
        first = date.fromisoformat(value or "")
    except ValueError:
        return None
    return first, first + timedelta(days=6 if "W" in (value or "") else 0)


def _time(request: Request) -> str | None:
    """`15:00`, empty where no time was said; one to six o'clock is the afternoon's unless said."""
    slot = request.slots.get("time")
    if slot is None:
        return ""
    try:
        at = time.fromisoformat(PARTS.get(slot.normalised, slot.normalised))
    except ValueError:
        return None
    late = 1 <= at.hour <= 6 and not _HALF_SAID.search(slot.value)
    return f"{at.replace(hour=at.hour + 12 * late):%H:%M}"


def _when(request: Request, event: Event) -> str:
    day = _spoken(request, date.fromisoformat(event["date"]))
    if not event["time"]:
        return day
    at = time.fromisoformat(event["time"])
    return f"{day} at {at.hour % 12 or 12}:{at:%M %p}"


def _spoken(request: Request, day: date) -> str:
    near = {0: "today", 1: "tomorrow"}
    return near.get((day - request.now.date()).days, f"on {day:%A, %B} {day.day}")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
