"""Recipes, read out step by step. The open recipe is remembered, also beyond the session."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sayso.fulfilment.handler import Card, Request, Response

RECIPES: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("recipes.json").read_text(encoding="utf-8")
)
OPEN_FOR = timedelta(hours=3)  # how long after its last step a recipe can be gone on with
NEXT = "Say next when you are ready."


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response("Welcome to the recipe box. What would you like to cook?", ended=False)
    if request.kind == "session_ended":
        return ""
    if request.intent in CLOSING:
        request.storage.pop(f"open:{request.user}", None)
        return "Enjoy your meal."
    for name in ("dish", "ingredient"):
        slot = request.slots.get(name)
        if slot is not None and slot.id is None:  # nothing else is cooked in its place
            known = f" I know {_some(list(RECIPES))}." if name == "dish" else ""
            return Response(f"I have no recipe with {slot.value}.{known}", ended=False)
    return INTENTS.get(request.intent, _help)(request)


def _start(request: Request) -> Response | str:
    dish = _dish_said(request)
    if dish is None:
        return Response("What would you like to cook?", ask="dish")
    recipe = RECIPES[dish]
    lead = (
        f"{_capital(recipe['name'])}, for {recipe['serves']}, in about {recipe['minutes']} minutes."
    )
    return _read(request, dish, 0, lead)


def _next(request: Request) -> Response | str:
    return _move(request, 1)


def _previous(request: Request) -> Response | str:
    return _move(request, -1)


def _repeat(request: Request) -> Response | str:
    return _move(request, 0)


def _move(request: Request, by: int) -> Response | str:
    dish, step = _where(request)
    if dish is None:
        return Response("No recipe is open. What would you like to cook?", ended=False)
    if step + by >= len(RECIPES[dish]["steps"]):
        request.storage.pop(f"open:{request.user}", None)
        return f"That was the last step. Enjoy your {RECIPES[dish]['name']}!"
    return _read(request, dish, max(0, step + by), "That's the first step." * (step + by < 0))


def _read(request: Request, dish: str, step: int, lead: str = "") -> Response:
    steps = RECIPES[dish]["steps"]
    _remember(request, dish, step)
    speech = f"{lead} Step {step + 1} of {len(steps)}: {steps[step]}".strip()
    return Response(speech, reprompt=NEXT, card=Card(RECIPES[dish]["name"], steps[step]))


def _ingredients(request: Request) -> Response | str:
    dish = _dish_said(request) or _where(request)[0]
    if dish is None:
        return Response("For which dish?", ask="dish")
    amounts = list(RECIPES[dish]["ingredients"].values())
    said = f"For {RECIPES[dish]['name']} you need {', '.join(amounts[:-1])} and {amounts[-1]}."
    return _reply(request, said, Card(RECIPES[dish]["name"], "\n".join(amounts)))


def _how_much(request: Request) -> Response | str:
    dish = _dish_said(request) or _where(request)[0]
    ingredient = request.slots.get("ingredient")
    if dish is None:
        return Response("For which dish?", ask="dish")
    if ingredient is None:
        return Response("Of what?", ask="ingredient")
    recipe = RECIPES[dish]
    amount = recipe["ingredients"].get(ingredient.id)
    if amount is None:
        return _reply(request, f"There is no {ingredient} in {recipe['name']}.")
    return _reply(request, f"{_capital(amount)} for {recipe['name']}.")


def _how_long(request: Request) -> Response | str:
    dish = _dish_said(request) or _where(request)[0]
    if dish is None:
        return Response("For which dish?", ask="dish")
    recipe = RECIPES[dish]
    said = f"{_capital(recipe['name'])}: about {recipe['minutes']} minutes, for {recipe['serves']}."
    return _reply(request, said)


def _idea(request: Request) -> Response | str:
    ingredient = request.slots.get("ingredient")
    fit = [d for d, r in RECIPES.items() if ingredient is None or ingredient.id in r["ingredients"]]
    if not fit:
        return f"I have nothing with {ingredient}."
    some = request.random.sample(fit, min(3, len(fit)))
    with_it = f" with {ingredient}" if ingredient is not None else ""
    return Response(
        f"How about {_some(some)}{with_it}? Say: let's cook, and its name.", ended=False
    )


def _reply(request: Request, speech: str, card: Card | None = None) -> Response:
    """An answer between two steps keeps the recipe open."""
    return Response(speech, card=card, ended=_where(request)[0] is None)


def _help(_request: Request) -> Response | str:
    return Response("Say for example: how do I make pancakes; and then: next step.", ended=False)


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NoIntent")
INTENTS = {
    "StartRecipe": _start,
    "Ingredients": _ingredients,
    "HowMuch": _how_much,
    "CookingTime": _how_long,
    "DinnerIdea": _idea,
    "NextStep": _next,
    "AMAZON.NextIntent": _next,
    "AMAZON.YesIntent": _next,
    "PreviousStep": _previous,
    "AMAZON.PreviousIntent": _previous,
    "RepeatStep": _repeat,
    "AMAZON.RepeatIntent": _repeat,
}


def _dish_said(request: Request) -> str | None:
    slot = request.slots.get("dish")
    return slot.id if slot is not None else None


def _where(request: Request) -> tuple[str | None, int]:
    """The open recipe and its step: of this session, or one left open not long ago."""
    kept = dict(request.attributes) or request.storage.get(f"open:{request.user}") or {}
    if kept.get("dish") not in RECIPES:
        return None, 0
    fresh = request.now - datetime.fromisoformat(kept["at"]) <= OPEN_FOR
    return (kept["dish"], kept["step"]) if fresh else (None, 0)


def _remember(request: Request, dish: str, step: int) -> None:
    kept = {"dish": dish, "step": step, "at": request.now.isoformat()}
    request.attributes.update(kept)
    request.storage[f"open:{request.user}"] = kept


def _some(dishes: list[str]) -> str:
    names = [RECIPES[dish]["name"] for dish in dishes]
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
