"""Types with very many values, put on shelves when a skill is learnt, and kept in its bundle.

A type of some thousand values stays what the developer wrote: a list in the skill's definition,
indexed when it is first looked into. More are left out of the definition and kept as arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from sayso.types.skills import Language, Skill, SlotType
from sayso.understanding.values.shelf import RULES, Shelf, build

MOST_LISTED = 5_000  # values of a type that is kept as a list

Arrays = Mapping[str, NDArray[Any]]


def shelve(skill: Skill) -> Skill:
    """The skill with the values of large types on shelves; itself where there is none."""
    if not any(_is_large(kind) for language in skill.languages for kind in language.types):
        return skill
    return replace(skill, languages=tuple(map(_shelved, skill.languages)))


def lighten(skill: Skill) -> Skill:
    """The skill without what is on shelves, which `pack` keeps; itself where nothing is."""
    if not any(_is_shelved(kind) for language in skill.languages for kind in language.types):
        return skill
    return replace(skill, languages=tuple(map(_light, skill.languages)))


def pack(language: Language) -> dict[str, NDArray[Any]]:
    """Arrays of the language's shelves, for the bundle."""
    return {
        f"{at}.{RULES}.{name}": array
        for at, kind in enumerate(language.types)
        if isinstance(kind.values, Shelf)
        for name, array in kind.values.arrays.items()
    }


def restore(language: Language, arrays: Arrays) -> Language:
    """The language with its shelves, from what `pack` gave.

    Raises ValueError for shelves of another version's rules, KeyError for missing ones.
    """
    if not arrays:
        return language
    shelves: dict[int, dict[str, NDArray[Any]]] = {}
    for key, array in arrays.items():
        at, rules, name = key.split(".", 2)
        if int(rules) != RULES:
            raise ValueError(f"values are indexed by rules {rules}, not {RULES}")
        shelves.setdefault(int(at), {})[name] = array
    tongue = language.locale.split("-")[0]
    types = list(language.types)
    for place, each in shelves.items():
        types[place] = replace(types[place], values=Shelf(each, tongue))
    return replace(language, types=tuple(types))


def _is_large(kind: SlotType) -> bool:
    return not _is_shelved(kind) and len(kind.values) > MOST_LISTED


def _is_shelved(kind: SlotType) -> bool:
    return isinstance(kind.values, Shelf)


def _shelved(language: Language) -> Language:
    tongue = language.locale.split("-")[0]
    types = tuple(
        replace(kind, values=build(kind.values, tongue)) if _is_large(kind) else kind
        for kind in language.types
    )
    return replace(language, types=types)


def _light(language: Language) -> Language:
    types = tuple(
        replace(kind, values=()) if _is_shelved(kind) else kind for kind in language.types
    )
    return replace(language, types=types)
