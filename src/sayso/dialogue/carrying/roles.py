"""What the value of a slot is, by its type and its name, and how far it may be carried."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from sayso.skills.builtin_types import PREFIX, list_name
from sayso.types.skills import Carry, Intent, Slot


class Role(StrEnum):
    """What a value is."""

    PLACE = "place"
    WHEN = "when"
    PERSON = "person"
    MONEY = "money"
    LOCK = "lock"
    AMOUNT = "amount"  # a number, a length of time: nobody calls it `it`
    THING = "thing"  # all else


class Way(StrEnum):
    """What a value is to a movement, a stay or a term: who goes there is there afterwards."""

    START = "start"
    GOAL = "goal"
    NEITHER = "neither"


_WAYS: Mapping[Way, frozenset[str]] = {
    Way.START: frozenset(
        "from origin source start starting departure departing leaving outbound von ab start"
        " abfahrt abflug".split()
    ),
    Way.GOAL: frozenset(
        "to destination target goal end ending arrival arriving dropoff return until where nach"
        " ziel bis ankunft".split()
    ),
}
# Of what comes first it is one: an `email of the contact` is a person's, a `door code` a lock's.
_NAMED: Mapping[Role, frozenset[str]] = {
    Role.LOCK: frozenset(
        "door doors lock gate garage safe alarmcode code pin password passcode key"
        " tur schloss tor garage kennwort passwort".split()
    ),
    Role.PERSON: frozenset(
        "person people contact recipient recipients friend who caller callee guest member patient"
        " phone email addressee sender kontakt empfanger freund wem wen".split()
    ),
    Role.MONEY: frozenset(
        "money payment price sum balance account iban card fee fare tip salary betrag geld konto"
        " preis karte".split()
    ),
    Role.WHEN: frozenset(
        "date day time when month week year weekday datum tag zeit uhrzeit".split()
    ),
    Role.PLACE: frozenset(
        "place city town country region state area zone room location address destination origin"
        " venue where station airport stop street district neighborhood restaurant hotel cafe"
        " ort stadt land zimmer raum ziel adresse bahnhof flughafen strasse".split()
    ),
}
# What a built-in type says more surely than a name.
_BUILTIN: Mapping[str, Role] = {
    "DATE": Role.WHEN,
    "TIME": Role.WHEN,
    "City": Role.PLACE,
    "Country": Role.PLACE,
    "Region": Role.PLACE,
    "Room": Role.PLACE,
    "StreetAddress": Role.PLACE,
    "StreetName": Role.PLACE,
    "PostalAddress": Role.PLACE,
    "Airport": Role.PLACE,
    "LocalBusiness": Role.PLACE,
    "FirstName": Role.PERSON,
    "Person": Role.PERSON,
    "PhoneNumber": Role.PERSON,
}
_AMOUNTS = {"NUMBER", "DURATION", "FOUR_DIGIT_NUMBER", "Ordinal"}  # whatever they are called
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
VAGUE = frozenset(
    {Role.THING, Role.AMOUNT}
)  # two that are the same role may have nothing in common
# Nobody else's business and no one's second time: it is asked for anew beyond the next turn.
GUARDED = frozenset({Role.PERSON, Role.MONEY, Role.LOCK})


@lru_cache(maxsize=4096)
def parts(name: str) -> tuple[str, ...]:
    """The words of a name: `check_in_date` and `CheckInDate` are check, in, date."""
    return tuple(each.lower() for each in _PART.findall(name))


@lru_cache(maxsize=4096)
def role_of(name: str, kind: str) -> Role:
    """What the value of a slot is. kind: the name of its type."""
    bare = kind.removeprefix(PREFIX)
    known = _BUILTIN.get(bare) or (_BUILTIN.get(list_name(kind)) if kind != bare else None)
    if known is not None:
        return known
    said = {*parts(name), *(parts(bare) if kind == bare else ())}
    found = next((role for role, words in _NAMED.items() if words & said), Role.THING)
    # `days: AMAZON.NUMBER` is a number of them and no day.
    return Role.AMOUNT if bare in _AMOUNTS and found is not Role.MONEY else found


@lru_cache(maxsize=4096)
def way_of(name: str) -> Way:
    """What the value of a slot of that name is to a movement: `to_city` is where it goes."""
    said = {*parts(name)}
    return next((way for way, words in _WAYS.items() if words & said), Way.NEITHER)


def is_guarded(slot: Slot) -> bool:
    """Whether a slot takes nothing that was said before the last turn, whatever it was said for."""
    guarded = slot.carry is None and role_of(slot.name, slot.type) in GUARDED
    return guarded or slot.carry is Carry.ONCE


def mode_of(slot: Slot, intent: Intent) -> Carry:
    """How far the value of a slot is carried, as its skill says, or as is prudent."""
    if slot.carry is not None:
        return slot.carry
    guarded = intent.side_effects or role_of(slot.name, slot.type) in GUARDED
    return Carry.ONCE if guarded else Carry.ALWAYS
