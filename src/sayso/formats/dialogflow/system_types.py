"""Dialogflow's system entities, as built-in types of ours."""

from __future__ import annotations

from sayso.skills.builtin_types import FREE_TEXT

IGNORED = "sys.ignore"  # words that the developer marked as meaning nothing
_TYPES = {
    "any": FREE_TEXT,
    "number": "AMAZON.NUMBER",
    "number-integer": "AMAZON.NUMBER",
    "cardinal": "AMAZON.NUMBER",
    "ordinal": "AMAZON.Ordinal",
    "age": "AMAZON.NUMBER",
    "number-sequence": "AMAZON.NUMBER",
    "percentage": "AMAZON.NUMBER",
    "unit-currency": "AMAZON.NUMBER",
    "temperature": "AMAZON.NUMBER",
    "unit-length": "AMAZON.NUMBER",
    "unit-weight": "AMAZON.NUMBER",
    "date": "AMAZON.DATE",
    "date-time": "AMAZON.DATE",
    "date-period": "AMAZON.DATE",
    "time": "AMAZON.TIME",
    "time-period": "AMAZON.TIME",
    "duration": "AMAZON.DURATION",
    "phone-number": "AMAZON.PhoneNumber",
    "zip-code": "AMAZON.PostalCode",
    "color": "AMAZON.Color",
    "language": "AMAZON.Language",
    "geo-city": "AMAZON.City",
    "geo-city-us": "AMAZON.US_CITY",
    "geo-city-gb": "AMAZON.GB_CITY",
    "geo-country": "AMAZON.Country",
    "geo-country-code": "AMAZON.Country",
    "geo-state": "AMAZON.Region",
    "geo-state-us": "AMAZON.US_STATE",
    "location": "AMAZON.City",
    "geo-capital": "AMAZON.City",
    "place-attraction": "AMAZON.Landmark",
    "street-address": "AMAZON.StreetAddress",
    "address": "AMAZON.StreetAddress",
    "airport": "AMAZON.Airport",
    "point-of-interest": "AMAZON.Landmark",
    "given-name": "AMAZON.FirstName",
    "last-name": "AMAZON.LastName",
    "person": "AMAZON.Person",
    "music-artist": "AMAZON.Musician",
    "music-genre": "AMAZON.Genre",
}


def entity_name(reference: str) -> str:
    """The entity that a parameter names: `@sys.date`, `@room`, `projects/-/…/entityTypes/room`."""
    name = reference.strip().rpartition("/entityTypes/")[2]
    return name.removeprefix("@").split(":", 1)[0]


def built_in(entity: str) -> str | None:
    """The built-in type of a system entity, free text for an unknown one; None for the agent's."""
    if not entity.startswith("sys."):
        return None
    return _TYPES.get(entity.removeprefix("sys."), FREE_TEXT)
