"""Sums, percentages, square roots, tips and split bills; exact where decimals can be."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DecimalException, DivisionByZero, InvalidOperation, localcontext

from sayso.fulfilment.handler import Request, Response

USUAL_TIP = Decimal(10)  # percent
LARGEST_POWER = 100
CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response("What shall I work out?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "Okay."
    if request.intent not in INTENTS:
        return Response("Say for example: what is seventeen times twenty three.", ended=False)
    work, names = INTENTS[request.intent]
    for name in names:
        if _number(request, name) is None:
            return Response("Which number?", ask=name)
    try:
        with localcontext() as exact:
            exact.prec = 30
            return work(request, *(_number(request, name) or Decimal(0) for name in names))
    except DecimalException:
        return "That number is too large for me."


def _calculate(request: Request, first: Decimal, second: Decimal) -> Response | str:
    operator = request.slots.get("operator")
    if operator is None or operator.id not in OPERATIONS:
        return "I can add, subtract, multiply, divide and raise to a power."
    sign, operation = OPERATIONS[operator.id]
    if operator.id == "power" and abs(second) > LARGEST_POWER:
        return f"I raise to powers up to {LARGEST_POWER}."
    try:
        result = operation(first, second)
    except (DivisionByZero, InvalidOperation):
        return "That has no answer." if operator.id == "power" else "Nothing can be divided by 0."
    return f"{_said(first)} {sign} {_said(second)} is {_said(result)}."


OPERATIONS: dict[str, tuple[str, Callable[[Decimal, Decimal], Decimal]]] = {
    "add": ("plus", lambda a, b: a + b),
    "subtract": ("minus", lambda a, b: a - b),
    "multiply": ("times", lambda a, b: a * b),
    "divide": ("divided by", lambda a, b: a / b),
    "power": ("to the power of", lambda a, b: a**b),
}


def _percentage(_request: Request, percent: Decimal, whole: Decimal) -> Response | str:
    return f"{_said(percent)} percent of {_said(whole)} is {_said(percent * whole / 100)}."


def _root(_request: Request, number: Decimal) -> Response | str:
    if number < 0:
        return "A negative number has no real square root."
    return f"The square root of {_said(number)} is {_said(number.sqrt())}."


def _split(request: Request, total: Decimal, people: Decimal) -> Response | str:
    if people < 1 or people != int(people) or total < 0:
        return "I can split a bill between one or more people."
    tip = _number(request, "tip")
    whole = total * (1 + (tip or Decimal(0)) / 100)
    with_tip = f" with {_said(tip)} percent tip" if tip else ""
    return f"{_money(total)} between {int(people)}{with_tip} is {_money(whole / people)} each."


def _tip(request: Request, total: Decimal) -> Response | str:
    percent = _number(request, "percent") or USUAL_TIP
    tip = total * percent / 100
    in_all = f"{_money(total + tip)} in all"
    return f"{_said(percent)} percent of {_money(total)} is {_money(tip)}, {in_all}."


INTENTS: dict[str, tuple[Callable[..., Response | str], tuple[str, ...]]] = {
    "Calculate": (_calculate, ("first", "second")),
    "Percentage": (_percentage, ("percent", "whole")),
    "SquareRoot": (_root, ("number",)),
    "SplitBill": (_split, ("total", "people")),
    "Tip": (_tip, ("total",)),
}


def _number(request: Request, name: str) -> Decimal | None:
    try:
        number = Decimal(request.slot(name) or "")
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _said(number: Decimal) -> str:
    """Up to six places, without zeros at the end; `about` where that is not all of it."""
    rounded = round(number, 6)
    about = "" if rounded == number else "about "
    digits = f"{rounded:,f}"
    return about + (digits.rstrip("0").rstrip(".") if "." in digits else digits)


def _money(amount: Decimal) -> str:
    return f"{round(amount, 2):,f}".removesuffix(".00")
