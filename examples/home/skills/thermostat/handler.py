"""Heating of a simulated house: rooms drift to what they are set to, as walls let them."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

from sayso.fulfilment.handler import Request, Response

ROOMS = {
    "kitchen": "kitchen",
    "living_room": "living room",
    "bedroom": "bedroom",
    "bathroom": "bathroom",
    "office": "office",
    "kids_room": "kids' room",
}
HERE = "living_room"
COLDEST, WARMEST = 5.0, 30.0  # degrees Celsius that can be set
UNHEATED, ECO = 14.0, 17.0  # what a room drifts to when the heating is off, or on eco
HALF_LIFE_S = 2400.0  # seconds in which a room goes half of the way

Room = dict[str, Any]  # target, warmth (degrees Celsius when last changed), at (ISO 8601)


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response(f"{_inside(request)} How warm would you like it?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "Okay."
    if request.intent not in INTENTS:
        return Response("Say for example: set the bedroom to eighteen degrees.", ended=False)
    if "zone" in request.slots and request.slots["zone"].id not in {*ROOMS, "all"}:
        # A room nobody knows: no other one may be heated in its place.
        said = f"There is no thermostat called {request.slots['zone'].value}."
        return f"{said} There is one in the {', '.join(ROOMS.values())}."
    with request.storage.transaction():
        return INTENTS[request.intent](request)


def _set(request: Request) -> Response | str:
    degrees = _number(request.slot("degrees"))
    if degrees is None:
        return Response("To how many degrees?", ask="degrees")
    return _heat(request, dict.fromkeys(_zones(request), degrees))


def _warmer(request: Request) -> Response | str:
    return _shift(request, +1.0)


def _cooler(request: Request) -> Response | str:
    return _shift(request, -1.0)


def _shift(request: Request, sign: float) -> Response | str:
    by = _number(request.slot("degrees"))
    step = sign * (1.0 if by is None else abs(by))
    house = _house(request)
    return _heat(request, {name: house[name]["target"] + step for name in _zones(request)})


def _heat(request: Request, targets: dict[str, float]) -> Response | str:
    if not all(COLDEST <= degrees <= WARMEST for degrees in targets.values()):
        return f"I can heat to between {COLDEST:g} and {WARMEST:g} degrees Celsius."
    woken = _mode(request) != "on"
    house = _house(request)
    _save(
        request,
        {n: {**room, "target": targets.get(n, room["target"])} for n, room in house.items()},
    )
    request.storage["mode"] = "on"
    degrees = set(targets.values())
    said = f"to {degrees.pop():g} degrees" if len(degrees) == 1 else "differently"
    return f"{'The heating is on again, ' if woken else 'I set '}{_title(request)} {said}."


def _set_mode(request: Request) -> Response | str:
    mode = request.slots.get("mode")
    if mode is None or not mode.matched:
        return Response("The heating knows on, eco and off. Which one?", ask="mode")
    _save(request, _house(request))  # as warm as it is now, before it drifts elsewhere
    request.storage["mode"] = mode.id
    return f"The heating is {'on ' if mode.id == 'eco' else ''}{mode.id}."


def _inside(request: Request) -> Response | str:
    house, zones = _house(request), _zones(request)
    if len(zones) > 1:
        warmth = sum(room["warmth"] for room in house.values()) / len(house)
        return f"It is {warmth:.0f} degrees in the house on average. {_setting(request)}"
    room = house[zones[0]]
    set_to = f"It is set to {room['target']:g}." if _mode(request) == "on" else _setting(request)
    return f"It is {room['warmth']:.0f} degrees in the {ROOMS[zones[0]]}. {set_to}"


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
INTENTS = {
    "SetTemperature": _set,
    "Warmer": _warmer,
    "Cooler": _cooler,
    "SetMode": _set_mode,
    "IndoorTemperature": _inside,
}


def _zones(request: Request) -> list[str]:
    """The rooms meant: the one named, all if the house was named, else this room."""
    slot = request.slots.get("zone")
    if slot is not None:
        return list(ROOMS) if slot.id == "all" else [str(slot.id)]
    room = str(request.device.state.get("room", HERE)).lower().replace(" ", "_")
    return [room if room in ROOMS else HERE]


def _title(request: Request) -> str:
    zones = _zones(request)
    return "the whole house" if len(zones) > 1 else f"the {ROOMS[zones[0]]}"


def _house(request: Request) -> dict[str, Room]:
    """All rooms, as warm as they are by now."""
    kept, mode, now = request.storage.get("rooms", {}), _mode(request), request.now
    fresh = {"target": 20.0, "warmth": 19.0, "at": now.isoformat()}
    return {name: _drift(kept.get(name, fresh), mode, now) for name in ROOMS}


def _drift(room: Room, mode: str, now: datetime) -> Room:
    goal = {"on": room["target"], "eco": ECO, "off": UNHEATED}[mode]
    elapsed_s = max(0.0, (now - datetime.fromisoformat(room["at"])).total_seconds())
    rest = math.exp(-math.log(2) * elapsed_s / HALF_LIFE_S)
    return {**room, "warmth": goal + (room["warmth"] - goal) * rest, "at": now.isoformat()}


def _save(request: Request, house: dict[str, Room]) -> None:
    request.storage["rooms"] = house


def _mode(request: Request) -> str:
    return str(request.storage.get("mode", "on"))


def _setting(request: Request) -> str:
    mode = _mode(request)
    return f"The heating is {'on ' if mode == 'eco' else ''}{mode}."


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None
