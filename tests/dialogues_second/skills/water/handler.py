"""Glasses of water of each person and day. A glass counted twice shows."""

from __future__ import annotations

from sayso.fulfilment.handler import Request, Response

GOAL = 6  # glasses a day of one that has set none
MOST = 20  # glasses a day that make a sound goal


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response(f"{_how_many(request)} Shall I count one?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "Cheers."
    with request.storage.transaction():
        return INTENTS.get(request.intent, _help)(request)


def _drank(request: Request) -> Response | str:
    more = _number(request.slot("glasses", "1"))
    if more is None or more < 1:
        return Response("How many glasses?", ask="glasses")
    request.storage[_key(request)] = _count(request) + more
    return _how_many(request)


def _how_many(request: Request) -> str:
    goal = request.storage.get(f"goal:{request.user}", GOAL)
    return f"That makes {_count(request)} of {goal} glasses today."


def _set_goal(request: Request) -> Response | str:
    goal = _number(request.slot("glasses"))
    if goal is None or not 1 <= goal <= MOST:
        return Response(f"A goal is one to {MOST} glasses. How many?", ask="glasses")
    request.storage[f"goal:{request.user}"] = goal
    return f"Your goal is {goal} glasses a day."


def _help(_request: Request) -> Response:
    return Response("Say for example: I drank a glass of water.", ended=False)


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
INTENTS = {"Drank": _drank, "HowMany": _how_many, "SetGoal": _set_goal}


def _key(request: Request) -> str:
    return f"glasses:{request.user}:{request.now.date()}"


def _count(request: Request) -> int:
    return int(request.storage.get(_key(request), 0))


def _number(value: str | None) -> int | None:
    try:
        return int(float(value or ""))
    except ValueError:
        return None
