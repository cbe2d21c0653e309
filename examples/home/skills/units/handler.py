"""Conversion of units: each is so many of its kind's first unit; temperatures have a zero too."""

from __future__ import annotations

import math

from sayso.fulfilment.handler import Request, Response

# id -> kind, how many of the kind's base unit it is, one of it, several of it
UNITS: dict[str, tuple[str, float, str, str]] = {
    "mm": ("a length", 0.001, "millimeter", "millimeters"),
    "cm": ("a length", 0.01, "centimeter", "centimeters"),
    "m": ("a length", 1.0, "meter", "meters"),
    "km": ("a length", 1000.0, "kilometer", "kilometers"),
    "in": ("a length", 0.0254, "inch", "inches"),
    "ft": ("a length", 0.3048, "foot", "feet"),
    "yd": ("a length", 0.9144, "yard", "yards"),
    "mi": ("a length", 1609.344, "mile", "miles"),
    "nmi": ("a length", 1852.0, "nautical mile", "nautical miles"),
    "g": ("a weight", 1.0, "gram", "grams"),
    "kg": ("a weight", 1000.0, "kilogram", "kilograms"),
    "t": ("a weight", 1_000_000.0, "metric ton", "metric tons"),
    "oz": ("a weight", 28.349523125, "ounce", "ounces"),
    "lb": ("a weight", 453.59237, "pound", "pounds"),
    "st": ("a weight", 6350.29318, "stone", "stones"),
    "ml": ("a volume", 1.0, "milliliter", "milliliters"),
    "l": ("a volume", 1000.0, "liter", "liters"),
    "tsp": ("a volume", 4.92892159375, "teaspoon", "teaspoons"),
    "tbsp": ("a volume", 14.78676478125, "tablespoon", "tablespoons"),
    "floz": ("a volume", 29.5735295625, "fluid ounce", "fluid ounces"),
    "cup": ("a volume", 236.5882365, "cup", "cups"),
    "pt": ("a volume", 473.176473, "pint", "pints"),
    "gal": ("a volume", 3785.411784, "gallon", "gallons"),
    "c": ("a temperature", 1.0, "degree Celsius", "degrees Celsius"),
    "f": ("a temperature", 5 / 9, "degree Fahrenheit", "degrees Fahrenheit"),
    "k": ("a temperature", 1.0, "kelvin", "kelvins"),
    "kmh": ("a speed", 1 / 3.6, "kilometer per hour", "kilometers per hour"),
    "mph": ("a speed", 0.44704, "mile per hour", "miles per hour"),
    "ms": ("a speed", 1.0, "meter per second", "meters per second"),
    "kn": ("a speed", 1852 / 3600, "knot", "knots"),
    "m2": ("an area", 1.0, "square meter", "square meters"),
    "ft2": ("an area", 0.09290304, "square foot", "square feet"),
    "acre": ("an area", 4046.8564224, "acre", "acres"),
    "ha": ("an area", 10_000.0, "hectare", "hectares"),
    "s": ("a time", 1.0, "second", "seconds"),
    "min": ("a time", 60.0, "minute", "minutes"),
    "h": ("a time", 3600.0, "hour", "hours"),
    "d": ("a time", 86_400.0, "day", "days"),
    "wk": ("a time", 604_800.0, "week", "weeks"),
}
ZERO_C = {"c": 0.0, "f": -160 / 9, "k": -273.15}  # degrees Celsius where a scale says 0


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response("What shall I convert?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "Okay."
    if request.intent != "Convert":
        return Response("Say for example: how many grams are in an ounce.", ended=False)
    return _convert(request)


def _convert(request: Request) -> Response | str:
    for name in ("from", "to"):
        slot = request.slots.get(name)
        if slot is None:
            return Response("Which unit?", ask=name)
        if slot.id not in UNITS:
            return f"I don't know the unit {slot.value}."
    amount = _amount(request)
    if amount is None:
        return Response("How many?", ask="amount")
    source, target = str(request.slots["from"].id), str(request.slots["to"].id)
    if UNITS[source][0] != UNITS[target][0]:
        one, other = UNITS[source], UNITS[target]
        return f"{one[3].capitalize()} measure {one[0]} and {other[3]} {other[0]}: that won't go."
    verb = "is" if amount == 1 else "are"
    return f"{_said(amount, source)} {verb} {_said(converted(amount, source, target), target)}."


def converted(amount: float, source: str, target: str) -> float:
    """So many of one unit in another of the same kind."""
    shift = ZERO_C.get(source, 0.0) - ZERO_C.get(target, 0.0)
    return (amount * UNITS[source][1] + shift) / UNITS[target][1]


def _amount(request: Request) -> float | None:
    """How many; one where no number was said (`how many grams in an ounce`)."""
    try:
        amount = float(request.slot("amount") or 1)
    except ValueError:
        return None
    return amount if math.isfinite(amount) else None


def _said(amount: float, unit: str) -> str:
    rounded = float(f"{amount:.4g}") if abs(amount) < 1000 else round(amount, 1)
    about = "" if math.isclose(rounded, amount, rel_tol=1e-9, abs_tol=1e-9) else "about "
    _, _, one, several = UNITS[unit]
    number = f"{rounded:,.10f}".rstrip("0").rstrip(".")
    return f"{about}{number} {one if rounded == 1 else several}"


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
