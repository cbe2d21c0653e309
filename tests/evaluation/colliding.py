"""Small skills, and what collides among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sayso.evaluation.collisions.find import find
from sayso.evaluation.collisions.nouns import Collision
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue

Said = Mapping[str, Sequence[str]]  # intent -> samples
SONGS = {"Song": ["yesterday", "jolene"]}
GAMES = {"Game": ["chess", "go"]}
BOTH = {"Any": ["jolene", "chess"]}


def skill(
    id: str,
    said: Said,
    slots: Mapping[str, str] | None = None,
    values: Mapping[str, Sequence[str]] | None = None,
    name: str | None = None,
    locale: str = "en-US",
) -> Skill:
    """slots: name -> type, of every intent; values: type -> what it takes."""
    kinds = tuple(
        SlotType(kind, tuple(map(TypeValue, some))) for kind, some in (values or {}).items()
    )
    places = tuple(Slot(slot, kind) for slot, kind in (slots or {}).items())
    intents = tuple(Intent(intent, tuple(samples), places) for intent, samples in said.items())
    invocation = id if name is None else name
    return Skill(id, id.title(), languages=(Language(locale, invocation, "", (), intents, kinds),))


def found(*skills: Skill, locales: Sequence[str] = ("en-US",)) -> Sequence[Collision]:
    """All but meaning."""
    return find(skills, locales, None, lambda stage, done, total: None).collisions


def player(id: str, values: Mapping[str, Sequence[str]], slot: str = "x") -> Skill:
    """A skill with one template, whose slot takes these values."""
    (kind,) = values
    return skill(id, {"Play": [f"put on {{{slot}}} for me"]}, {slot: kind}, values)
