"""The lamps of the house: one shared state, kept in storage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sayso.fulfilment.handler import Request, Response

LAMPS = {
    "kitchen": "kitchen",
    "living_room": "living room",
    "bedroom": "bedroom",
    "bathroom": "bathroom",
    "hallway": "hallway",
    "office": "office",
    "kids_room": "kids' room",
    "porch": "porch",
}
HERE = "living_room"  # where the speaker stands that does not say where it stands
STEP = 25
DARK = {"on": False, "level": 100, "color": "warm white"}

Lamp = dict[str, Any]  # on, level (1 to 100), color


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response(f"{_burning(_house(request))} What shall I switch?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "Okay."
    if request.intent not in INTENTS:
        return Response("Say for example: dim the bedroom to thirty percent.", ended=False)
    if "light" in request.slots and request.slots["light"].id not in {*LAMPS, "all"}:
        # A lamp nobody knows: no other one may be touched in its place.
        said = f"There is no lamp called {request.slots['light'].value}."
        return f"{said} There are lamps in the {', '.join(LAMPS.values())}."
    with request.storage.transaction():
        return INTENTS[request.intent](request)


def _turn_on(request: Request) -> Response | str:
    _change(request, lambda lamp: {**lamp, "on": True})
    return f"{_title(request)} on."


def _turn_off(request: Request) -> Response | str:
    _change(request, lambda lamp: {**lamp, "on": False})
    return f"{_title(request)} off."


def _set_level(request: Request) -> Response | str:
    level = _number(request.slot("level"))
    if level is None or not 0 <= level <= 100:
        return Response("I can set 0 to 100 percent. How many?", ask="level")
    if level == 0:
        return _turn_off(request)
    _change(request, lambda lamp: {**lamp, "on": True, "level": level})
    return f"{_title(request)} at {level} percent."


def _brighter(request: Request) -> Response | str:
    changed = _change(request, _brightened)
    if len(changed) > 1:
        return f"{_title(request)} brighter."
    return f"{_title(request)} at {changed[0]['level']} percent."


def _brightened(lamp: Lamp) -> Lamp:
    """A step up; a dark lamp comes on as it last was."""
    return {**lamp, "on": True, "level": min(100, lamp["level"] + STEP * lamp["on"])}


def _dimmer(request: Request) -> Response | str:
    lit = [
        lamp for name, lamp in _house(request).items() if name in _targets(request) and lamp["on"]
    ]
    if not lit:
        return f"{_title(request)} already off."
    changed = _change(request, _dimmed)
    if len(changed) > 1:
        return f"{_title(request)} dimmer."
    return f"{_title(request)} at {changed[0]['level']} percent."


def _dimmed(lamp: Lamp) -> Lamp:
    return {**lamp, "level": max(5, lamp["level"] - STEP)} if lamp["on"] else lamp


def _set_color(request: Request) -> Response | str:
    color = request.slots.get("color")
    if color is None or not color.matched:
        return Response("The lamps don't know that color. Which one would you like?", ask="color")
    _change(request, lambda lamp: {**lamp, "on": True, "color": str(color)})
    return f"{_title(request)} {color}."


def _status(request: Request) -> Response | str:
    house = _house(request)
    slot = request.slots.get("light")
    if slot is None or slot.id == "all":
        return _burning(house)
    lamp = house[slot.id or HERE]
    if not lamp["on"]:
        return f"The {LAMPS[slot.id or HERE]} light is off."
    return f"The {LAMPS[slot.id or HERE]} light is on, {lamp['color']}, at {lamp['level']} percent."


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
INTENTS: dict[str, Callable[[Request], Response | str]] = {
    "TurnOn": _turn_on,
    "TurnOff": _turn_off,
    "SetBrightness": _set_level,
    "Brighter": _brighter,
    "Dimmer": _dimmer,
    "SetColor": _set_color,
    "LightStatus": _status,
}


def _targets(request: Request) -> list[str]:
    """The lamps meant: the one named, all if all were named, else those of this room."""
    slot = request.slots.get("light")
    if slot is not None:
        return list(LAMPS) if slot.id == "all" else [str(slot.id)]
    room = str(request.device.state.get("room", HERE)).lower().replace(" ", "_")
    return [room if room in LAMPS else HERE]


def _title(request: Request) -> str:
    """`Kitchen light`, `All lights`: what the verb of a reply stands after."""
    targets = _targets(request)
    return "All lights" if len(targets) > 1 else f"{LAMPS[targets[0]].capitalize()} light"


def _change(request: Request, change: Callable[[Lamp], Lamp]) -> list[Lamp]:
    house, targets = _house(request), _targets(request)
    request.storage["house"] = {**house, **{name: change(house[name]) for name in targets}}
    return [_house(request)[name] for name in targets]


def _house(request: Request) -> dict[str, Lamp]:
    kept = request.storage.get("house", {})
    return {name: kept.get(name, DARK) for name in LAMPS}


def _burning(house: dict[str, Lamp]) -> str:
    lit = [LAMPS[name] for name, lamp in house.items() if lamp["on"]]
    if not lit:
        return "All lights are off."
    return f"{'Lights are' if len(lit) > 1 else 'The light is'} on in the {' and the '.join(lit)}."


def _number(value: str | None) -> int | None:
    try:
        return round(float(value or ""))
    except (ValueError, OverflowError):
        return None
