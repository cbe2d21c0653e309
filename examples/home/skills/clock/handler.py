"""Time and date, here and elsewhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sayso.fulfilment.handler import Request, Response


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response(f"{_time(request)} For which place would you like it?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "Okay."
    if request.intent not in INTENTS:
        return Response("Say for example: what time is it in Tokyo.", ended=False)
    place = request.slots.get("place")
    if place is not None and not place.matched:
        return f"I don't know the time in {place.value}."
    return INTENTS[request.intent](request)


def _time(request: Request) -> str:
    place = request.slots.get("place")
    if place is None:
        return f"It is {_clock(request.now)}."
    there = request.now.astimezone(ZoneInfo(place.id or "UTC"))
    days = (there.date() - request.now.date()).days
    day = {-1: " yesterday", 0: "", 1: " tomorrow"}[days]
    return f"In {_as_said(request)} it is {_clock(there)}{day}."


def _difference(request: Request) -> Response | str:
    place = request.slots.get("place")
    if place is None:
        return Response("For which place?", ask="place")
    here = request.now.utcoffset() or timedelta()
    there = request.now.astimezone(ZoneInfo(place.id or "UTC")).utcoffset() or timedelta()
    apart = (there - here) / timedelta(hours=1)
    if apart == 0:
        return f"{_as_said(request)} has the same time as here."
    hours = f"{abs(apart):g} hour{'' if abs(apart) == 1 else 's'}"
    return f"{_as_said(request)} is {hours} {'ahead of' if apart > 0 else 'behind'} us."


def _date(request: Request) -> str:
    said = request.slot("date")
    if said is None:
        return f"Today is {_spoken(request.now.date())}, {request.now.year}."
    day = _day(said)
    if day is None:
        return "Ask me for a single day, such as tomorrow or Christmas."
    days = (day - request.now.date()).days
    lead = {-1: "Yesterday was", 0: "Today is", 1: "Tomorrow is"}
    return f"{lead.get(days, 'That is' if days > 0 else 'That was')} {_spoken(day)}, {day.year}."


def _days_until(request: Request) -> Response | str:
    day = _day(request.slot("date"))
    if day is None:
        return Response("Until which day?", ask="date")
    days = (day - request.now.date()).days
    if days == 0:
        return "That is today!"
    count = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"{_spoken(day)} {f'is in {count}' if days > 0 else f'was {count} ago'}."


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
INTENTS = {
    "TellTime": _time,
    "TimeDifference": _difference,
    "TellDate": _date,
    "DaysUntil": _days_until,
}


def _as_said(request: Request) -> str:
    """The place in the person's own words: Osaka is not Tokyo, though its clocks agree."""
    words = request.slots["place"].value
    return words if words != words.lower() else words.title()


def _day(value: str | None) -> date | None:
    try:
        return datetime.strptime(value or "", "%Y-%m-%d").date()
    except ValueError:
        return None


def _clock(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at:%M %p}"


def _spoken(day: date) -> str:
    return f"{day:%A, %B} {day.day}"
