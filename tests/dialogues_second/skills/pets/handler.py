"""Who has been fed today: one page of a diary, shared by the household, kept in storage."""

from __future__ import annotations

from collections.abc import Iterable

from sayso.fulfilment.handler import Request, Response

PETS = {
    "olive": "Olive",
    "biscuit": "Biscuit",
    "captain": "Captain",
    "pebbles": "Pebbles",
    "hugo": "Hugo",
}


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response(f"{_hungry(request)} Whom did you feed?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "Okay."
    with request.storage.transaction():
        return INTENTS.get(request.intent, _help)(request)


def _feed(request: Request) -> Response | str:
    said = [slot for slot in request.said if slot.name == "pet"]
    strangers = [slot.value for slot in said if slot.id not in PETS]
    if strangers or not said:
        lead = f"{strangers[0]} is not in the diary. " if strangers else ""
        return Response(f"{lead}Who has eaten?", ask="pet")
    fed = [*_fed(request), *(str(slot.id) for slot in said)]
    _save(request, fed)
    return f"{_join(PETS[str(slot.id)] for slot in said)} fed."


def _not_fed(request: Request) -> Response | str:
    pet = request.slots.get("pet")
    if pet is None or pet.id not in PETS:
        return Response("Who has not eaten?", ask="pet")
    _save(request, [each for each in _fed(request) if each != pet.id])
    return f"{PETS[pet.id]} is hungry again."


def _hungry(request: Request) -> str:
    hungry = [name for id, name in PETS.items() if id not in _fed(request)]
    return f"Still hungry: {_join(hungry)}." if hungry else "Everybody has been fed."


def _has_eaten(request: Request) -> Response | str:
    pet = request.slots.get("pet")
    if pet is None or pet.id not in PETS:
        return Response("Whom do you mean?", ask="pet")
    return f"{PETS[pet.id]} {'has eaten' if pet.id in _fed(request) else 'is still hungry'}."


def _new_day(request: Request) -> str:
    _save(request, [])
    return "The page is empty."


def _help(_request: Request) -> Response:
    return Response("Say for example: I fed the cat.", ended=False)


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
INTENTS = {
    "Fed": _feed,
    "NotFed": _not_fed,
    "WhoIsHungry": _hungry,
    "HasEaten": _has_eaten,
    "NewDay": _new_day,
}


def _fed(request: Request) -> list[str]:
    return list(request.storage.get(f"fed:{request.now.date()}", []))


def _save(request: Request, fed: Iterable[str]) -> None:
    request.storage[f"fed:{request.now.date()}"] = sorted(set(fed))


def _join(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
