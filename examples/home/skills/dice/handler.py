"""Dice, coins and random numbers."""

from __future__ import annotations

from sayso.fulfilment.handler import Request, Response

MOST_THROWN = 20
MOST_SIDES = 1000
LARGEST = 1_000_000_000


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response("The cup is full. Dice, a coin or a number?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "Okay."
    if request.intent == "AMAZON.RepeatIntent":
        last = request.storage.get(f"last:{request.user}")
        return f"It was: {last}" if last else "Nothing has been thrown yet."
    if request.intent not in INTENTS:
        return Response("Say for example: roll two dice, or flip a coin.", ended=False)
    speech = INTENTS[request.intent](request)
    request.storage[f"last:{request.user}"] = speech
    return speech


def _roll(request: Request) -> str:
    count, sides = _whole(request, "count", 1), _whole(request, "sides", 6)
    if not 1 <= count <= MOST_THROWN:
        return f"I can throw 1 to {MOST_THROWN} dice."
    if not 2 <= sides <= MOST_SIDES:
        return f"A die of mine has 2 to {MOST_SIDES} sides."
    thrown = [request.random.randint(1, sides) for _ in range(count)]
    if count == 1:
        return f"A {thrown[0]}."
    return f"{', '.join(map(str, thrown))}: {sum(thrown)} in all."


def _flip(request: Request) -> str:
    count = _whole(request, "count", 1)
    if not 1 <= count <= MOST_THROWN:
        return f"I can flip 1 to {MOST_THROWN} coins."
    heads = sum(request.random.random() < 0.5 for _ in range(count))
    if count == 1:
        return "Heads." if heads else "Tails."
    return f"{heads} times heads and {count - heads} times tails."


def _pick(request: Request) -> str:
    low, high = _whole(request, "low", 1), _whole(request, "high", 100)
    low, high = min(low, high), max(low, high)
    if max(abs(low), abs(high)) > LARGEST:
        return "Those numbers are too large for my cup."
    return f"I pick {request.random.randint(low, high)}."


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
INTENTS = {"RollDice": _roll, "FlipCoin": _flip, "PickNumber": _pick}


def _whole(request: Request, name: str, default: int) -> int:
    """A slot's whole number; the default where none was said, 0 for what is no whole number."""
    value = request.slot(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        return 0
