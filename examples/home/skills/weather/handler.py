"""What the weather usually is: a table of climate normals and, for a day, a guess around them.

There is no live forecast here, and the replies say so. The guess for a city and a day is always
the same: its chance grows from their names.
"""

from __future__ import annotations

import calendar
import random
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sayso.fulfilment.handler import Request, Response

SPREAD = 2.5  # degrees Celsius, standard deviation of a day around its normal
COLD_ENOUGH = 1.0  # degrees Celsius of the mean below which rain falls as snow
HEDGE = "I have no live forecast; going by an average year,"

Row = tuple[list[int], list[int], list[int]]  # highs, lows, wet days of the twelve months


def _read_table() -> dict[str, Row]:
    lines = Path(__file__).with_name("climate.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(";") for line in lines if not line.startswith("#")]
    return {
        row[0]: tuple([int(n) for n in part.split()] for part in row[1:])  # type: ignore[misc]
        for row in rows
    }


CLIMATE = _read_table()


@dataclass(frozen=True)
class Weather:
    """Of a day, or of a month on average. wet: chance of rain or snow in [0, 1]."""

    city: str
    when: str
    high: float
    low: float
    wet: float
    falls: bool | None  # whether the guess says that it rains or snows; None for a month

    @property
    def what(self) -> str:
        """What would fall, if it did."""
        return "snow" if (self.high + self.low) / 2 < COLD_ENOUGH else "rain"


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response("I know what the weather usually is. For which city?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "Okay."
    if request.intent not in (*INTENTS, "SetHomeCity"):
        return Response("Say for example: what's the weather like in Lisbon.", ended=False)
    city = request.slots.get("city")
    if city is not None and city.id not in CLIMATE:
        return f"{city.value} is not in my almanac."
    if request.intent == "SetHomeCity":
        return _set_home(request)
    known = (str(city.id), str(city)) if city is not None else _home(request)
    if known is None:
        return Response("For which city?", ask="city")
    weather = _weather(*known, request)
    if weather is None:
        return "Ask me about a day, a week or a month."
    return INTENTS[request.intent](weather)


def _set_home(request: Request) -> Response | str:
    city = request.slots.get("city")
    if city is None:
        return Response("Which city do you live in?", ask="city")
    request.storage[f"home:{request.user}"] = [city.id, str(city)]
    return f"I'll think of {city} when you name no city."


def _home(request: Request) -> tuple[str, str] | None:
    """The city this person lives in, else the one that the time zone is named after."""
    kept = request.storage.get(f"home:{request.user}")
    if kept:
        return kept[0], kept[1]
    name = request.time_zone.rpartition("/")[2].replace("_", " ")
    id = name.lower().replace(" ", "-")
    return (id, name) if id in CLIMATE else None


def _weather(id: str, city: str, request: Request) -> Weather | None:
    said, today = request.slot("date", "PRESENT_REF"), request.now.date()
    day = today if said == "PRESENT_REF" else _day(said or "")
    if day is not None:
        return _of_day(id, city, day, today)
    month = _month(said or "")
    if month is None:
        return None
    highs, lows, wet = CLIMATE[id]
    i, days = month.month - 1, calendar.monthrange(month.year, month.month)[1]
    return Weather(city, f"in {month:%B}", highs[i], lows[i], wet[i] / days, None)


def _of_day(id: str, city: str, day: date, today: date) -> Weather:
    """The month's normal, and a guess around it."""
    highs, lows, wet = CLIMATE[id]
    i, chance = day.month - 1, random.Random(f"{id} {day.isoformat()}")
    off = max(-2 * SPREAD, min(2 * SPREAD, chance.gauss(0, SPREAD)))
    share = wet[i] / calendar.monthrange(day.year, day.month)[1]
    when = {0: "today", 1: "tomorrow"}.get((day - today).days, f"on {day:%A, %B} {day.day}")
    return Weather(city, when, highs[i] + off, lows[i] + off, share, chance.random() < share)


def _day(value: str) -> date | None:
    """A day; of a weekend (`2026-W48-WE`) its Saturday."""
    try:
        if value.endswith("-WE"):
            return date.fromisoformat(f"{value.removesuffix('-WE')}-6")
        return datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        return None


def _month(value: str) -> date | None:
    """The first of a month (`2026-01`), or the Monday of a week (`2026-W48`)."""
    try:
        return date.fromisoformat(value if "W" in value else f"{value}-01")
    except ValueError:
        return None


def _forecast(w: Weather) -> str:
    if w.falls is None:
        sky = f"{w.what} on {w.wet:.0%} of days"
    else:
        sky = w.what if w.falls else "no rain"
    day, night = f"about {w.high:.0f} degrees by day", f"{w.low:.0f} at night"
    return f"{HEDGE} {w.city} has {day} {w.when}, {night}, and {sky}."


def _temperature(w: Weather) -> str:
    return f"{HEDGE} {w.city} has highs of {w.high:.0f} and lows of {w.low:.0f} degrees {w.when}."


def _rain(w: Weather) -> str:
    if w.falls is None:
        return f"{HEDGE} there is {w.what} in {w.city} on {w.wet:.0%} of days {w.when}."
    guess = "take an umbrella" if w.falls and w.what == "rain" else "you may leave the umbrella"
    return f"{HEDGE} the chance of {w.what} in {w.city} {w.when} is {w.wet:.0%}: {guess}."


def _snow(w: Weather) -> str:
    if w.what == "rain":
        return f"{HEDGE} {w.city} is too warm for snow {w.when}: about {w.high:.0f} degrees."
    return f"{HEDGE} the chance of snow in {w.city} {w.when} is {w.wet:.0%}."


def _clothes(w: Weather) -> str:
    layers = [(24, "a T-shirt"), (17, "a light jacket"), (9, "a sweater and a jacket")]
    wear = next((words for degrees, words in layers if w.high >= degrees), "a warm coat and gloves")
    wet = " and something against the rain" if w.falls and w.what == "rain" else ""
    return f"{HEDGE} wear {wear}{wet}: {w.city} has about {w.high:.0f} degrees {w.when}."


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
INTENTS = {
    "Forecast": _forecast,
    "OutsideTemperature": _temperature,
    "WillItRain": _rain,
    "WillItSnow": _snow,
    "WhatToWear": _clothes,
}
