"""Lists of each person: shopping, to-do, packing, gift and hardware. Kept in storage."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sayso.fulfilment.handler import Card, Request, Response, Slot

NAMES = {
    "shopping": "shopping",
    "todo": "to-do",
    "packing": "packing",
    "gift": "gift",
    "hardware": "hardware",
}
USUAL = "shopping"
_LEADING = re.compile(r"^(?:(?:an?|the|some|any|more|another|my|our)\s+)+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+", re.IGNORECASE)


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        full = [f"{NAMES[name]}, {len(items)}" for name, items in _all(request).items() if items]
        said = f"Your lists: {'; '.join(full)}." if full else "All your lists are empty."
        return Response(f"{said} What shall I add?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "Okay."
    if request.intent not in INTENTS:
        return Response("Say for example: add milk to the shopping list.", ended=False)
    if "list" in request.slots and request.slots["list"].id not in NAMES:
        # Another list than the one named must not be changed, nor read out.
        return f"There is no list called {request.slots['list']}. I keep {_join(NAMES.values())}."
    with request.storage.transaction():
        return INTENTS[request.intent](request, _named(request))


def _add(request: Request, name: str | None) -> Response | str:
    name = name or USUAL
    items = _items(request, name)
    there: list[str] = []
    added: list[str] = []
    for words in _wanted(request):
        known = _find(items, words)
        (there if known else added).append(words)
        items += [] if known else [words]
    _save(request, name, items)
    if not added and not there:
        return Response("What shall I add?", ask="item")
    said = [f"I added {_join(added)} to your {NAMES[name]} list."] if added else []
    if there:
        is_are = "is" if len(there) == 1 else "are"
        said.append(f"{_capital(_join(there))} {is_are} already on your {NAMES[name]} list.")
    return " ".join(said)


def _remove(request: Request, name: str | None) -> Response | str:
    wanted = _wanted(request)
    if not wanted:
        return Response("What shall I take off?", ask="item")
    return " ".join(_take_off(request, words, name) for words in wanted)


def _take_off(request: Request, words: str, name: str | None) -> str:
    for each in [name] if name else NAMES:
        items = _items(request, each)
        found = _find(items, words)
        if found is not None:
            items.remove(found)
            _save(request, each, items)
            return f"I took {found} off your {NAMES[each]} list."
    return f"{_capital(words)} is not on {f'your {NAMES[name]} list' if name else 'any list'}."


def _has(request: Request, name: str | None) -> Response | str:
    wanted = _wanted(request)
    if not wanted:
        return Response("What shall I look for?", ask="item")
    words = wanted[0]
    for each in [name] if name else NAMES:
        found = _find(_items(request, each), words)
        if found is not None:
            return f"Yes, {found} is on your {NAMES[each]} list."
    return f"No, {words} is not on {f'your {NAMES[name]} list' if name else 'any list'}."


def _read(request: Request, name: str | None) -> Response | str:
    name = name or USUAL
    items = _items(request, name)
    if not items:
        return f"Your {NAMES[name]} list is empty."
    card = Card(title=f"{_capital(NAMES[name])} list", text="\n".join(items))
    return Response(f"On your {NAMES[name]} list: {_join(items)}.", card=card)


def _clear(request: Request, name: str | None) -> Response | str:
    full = [each for each, items in _all(request).items() if items]
    if name is None and len(full) > 1:  # what is lost must have been named
        return Response(f"Which list: {_join([NAMES[each] for each in full], 'or')}?", ask="list")
    name = name or (full[0] if full else USUAL)
    if name not in full:
        return f"Your {NAMES[name]} list is already empty."
    _save(request, name, [])
    return f"Your {NAMES[name]} list is empty now."


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
INTENTS = {
    "AddItem": _add,
    "RemoveItem": _remove,
    "HasItem": _has,
    "ReadList": _read,
    "ClearList": _clear,
}


def _named(request: Request) -> str | None:
    slot = request.slots.get("list")
    return slot.id if slot is not None else None


def _all(request: Request) -> dict[str, list[str]]:
    return {name: _items(request, name) for name in NAMES}


def _items(request: Request, name: str) -> list[str]:
    return list(request.storage.get(f"{request.user}:{name}", []))


def _save(request: Request, name: str, items: list[str]) -> None:
    request.storage[f"{request.user}:{name}"] = items


def _wanted(request: Request) -> list[str]:
    """The items said, as they were said: `a dozen eggs` keeps its dozen."""
    said = [slot for slot in request.said if slot.name == "item"]
    return [words for slot in said for words in _parts(slot) if words]


def _parts(slot: Slot) -> list[str]:
    whole = [slot.value] if slot.matched else _BETWEEN.split(slot.value)
    return [_LEADING.sub("", part.strip()) for part in whole]


def _find(items: list[str], words: str) -> str | None:
    """The item that is meant: the same but for its number, or one that ends so (`dozen eggs`)."""
    wanted = _singular(words)
    same = [item for item in items if _singular(item) == wanted]
    longer = [item for item in items if f" {_singular(item)}".endswith(f" {wanted}")]
    return next(iter(same), longer[0] if len(longer) == 1 else None)


def _singular(words: str) -> str:
    return re.sub(r"(?<=o)es$|s$", "", words.casefold())


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _join(words: Iterable[str], last: str = "and") -> str:
    *most, end = words
    return f"{', '.join(most)} {last} {end}" if most else end
