"""The doors of the house: one shared state, kept in storage. All are locked at first."""

from __future__ import annotations

from sayso.fulfilment.handler import Request, Response

DOORS = {
    "front": "front door",
    "back": "back door",
    "garage": "garage door",
    "patio": "patio door",
    "gate": "garden gate",
    "basement": "basement door",
}


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response(f"{_unlocked(request)} Which door shall I lock?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "Okay."
    if request.intent not in INTENTS:
        return Response("Say for example: lock the front door.", ended=False)
    slot = request.slots.get("door")
    if slot is not None and slot.id not in DOORS:  # no other door in its place
        return f"There is no door called {slot.value}. There are: {', '.join(DOORS.values())}."
    with request.storage.transaction():
        return INTENTS[request.intent](request, slot.id if slot is not None else None)


def _lock(request: Request, door: str | None) -> Response | str:
    if door is None:
        return Response("Which door?", ask="door")
    if door not in _open(request):
        return f"The {DOORS[door]} is already locked."
    request.storage["unlocked"] = [each for each in _open(request) if each != door]
    return f"The {DOORS[door]} is locked."


def _unlock(request: Request, door: str | None) -> Response | str:
    if door is None:
        return Response("Which door?", ask="door")
    if not request.confirmed:
        return Response(f"Shall I really unlock the {DOORS[door]}?", confirm=True)
    request.storage["unlocked"] = sorted({*_open(request), door})
    return f"The {DOORS[door]} is unlocked."


def _status(request: Request, door: str | None) -> Response | str:
    if door is None:
        return _unlocked(request)
    return f"The {DOORS[door]} is {'unlocked' if door in _open(request) else 'locked'}."


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
INTENTS = {"LockDoor": _lock, "UnlockDoor": _unlock, "DoorStatus": _status}


def _open(request: Request) -> list[str]:
    return list(request.storage.get("unlocked", []))


def _unlocked(request: Request) -> str:
    doors = [DOORS[door] for door in _open(request)]
    if not doors:
        return "All doors are locked."
    return f"Unlocked: {', '.join(doors)}."
