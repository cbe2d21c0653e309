"""Slot types and their values in an Alexa interaction model, to our nouns and back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sayso.skills.accounting import Ledger
from sayso.skills.alexa_json import items, name_of, skip_others
from sayso.skills.restore import leftover, notes, restore
from sayso.skills.templates import said
from sayso.types.skills import SlotType, TypeValue


def read_types(raw: Any, where: str, book: Ledger) -> tuple[SlotType, ...]:
    """`types`."""
    found: dict[str, SlotType] = {}
    for index, item in enumerate(items(raw, where, book)):
        kind = read_type(item, f"{where}[{index}]", book, found)
        if kind:
            found[kind.name] = kind
    return tuple(found.values())


def read_type(raw: Any, where: str, book: Ledger, taken: Collection[str] = ()) -> SlotType | None:
    """One slot type, or None (and all of it skipped) if it has no name or one that is taken."""
    name = name_of(raw, "name", where, "slot type", taken, book)
    if name is None:
        return None
    book.read("types")
    values: list[TypeValue] = []
    ids: set[str] = set()
    for index, item in enumerate(items(raw.get("values", []), f"{where}.values", book)):
        value = read_value(item, f"{where}.values[{index}]", book, ids)
        if value:
            values.append(value)
            ids |= {value.id} if value.id else set()
    skip_others(raw, ("name", "values"), where, book)
    kind = SlotType(name, tuple(values))
    return replace(kind, extra=leftover(raw, _plain_type(kind)))


def write_type(kind: SlotType) -> dict[str, Any]:
    """The slot type as it stands in a model's `types`."""

    def unchanged(raw: dict[str, Any]) -> bool:
        again = read_type(raw, "", Ledger())
        return again is not None and _values_of(again) == _values_of(kind)

    return restore(_plain_type(kind), kind.extra, unchanged)


def read_value(raw: Any, where: str, book: Ledger, taken: Collection[str] = ()) -> TypeValue | None:
    """One value of a slot type; `taken` are the ids of those before it."""
    if isinstance(raw, str) and said(raw):
        book.map(where, raw, "value without id")
        return TypeValue(raw)
    place = _value_place(raw)
    if place is None:
        book.skip(where, raw, "a value without text")
        return None
    node, path = place
    if path == ".name.value" and isinstance(node["value"], str):
        book.read("values")
    else:
        book.map(where + path, node["value"], "value")
    inside = where + path.removesuffix(".value")
    synonyms = _read_synonyms(node.get("synonyms", []), f"{inside}.synonyms", book)
    value = TypeValue(_scalar(node["value"]), _read_id(raw, where, taken, book), synonyms)
    if path == ".name.value":
        skip_others(node, ("value", "synonyms"), inside, book)
    skip_others(raw, ("id", "name") if "name" in raw else ("id", "value", "synonyms"), where, book)
    written_empty = path == ".name.value" and node.get("synonyms") == []
    plain = _plain_value(value, no_synonyms=written_empty)
    return replace(value, extra=leftover(raw, plain, no_synonyms=written_empty))


def write_value(value: TypeValue) -> dict[str, Any]:
    """The value as it stands in a type's `values`."""

    def unchanged(raw: dict[str, Any]) -> bool:
        again = read_value(raw, "", Ledger())
        same_text = again and (again.value, again.synonyms) == (value.value, tuple(value.synonyms))
        # An id that another value of the type has already taken is kept, but names nothing.
        return bool(again and same_text and value.id in (None, again.id))

    no_synonyms = bool(notes(value.extra).get("no_synonyms"))
    return restore(_plain_value(value, no_synonyms=no_synonyms), value.extra, unchanged)


def _plain_type(kind: SlotType) -> dict[str, Any]:
    return {"name": kind.name, "values": [write_value(value) for value in kind.values]}


def _plain_value(value: TypeValue, *, no_synonyms: bool = False) -> dict[str, Any]:
    """no_synonyms: an empty list of them is written all the same."""
    name: dict[str, Any] = {"value": value.value}
    if value.synonyms or no_synonyms:
        name["synonyms"] = list(value.synonyms)
    return {"name": name} if value.id is None else {"id": value.id, "name": name}


def _read_synonyms(raw: Any, where: str, book: Ledger) -> tuple[str, ...]:
    found = []
    for index, item in enumerate(items(raw, where, book)):
        if isinstance(item, str) and said(item):
            book.read("synonyms")
            found.append(item)
        else:
            book.skip(f"{where}[{index}]", item, "an empty synonym")
    return tuple(found)


def _read_id(
    raw: Mapping[str, Any], where: str, taken: Collection[str], book: Ledger
) -> str | None:
    if "id" not in raw:
        return None
    path, id = f"{where}.id", raw["id"]
    if id is None or id == "":
        book.read("values' ids")  # it says that there is none
        return None
    if isinstance(id, bool | list | Mapping | float) or not str(id).strip():
        book.skip(path, id, "an id is a text")
        return None
    if str(id) in taken:
        book.skip(path, id, "the id of another value of the same type")
        return None
    book.read("values' ids") if isinstance(id, str) else book.map(path, id, "id as text")
    return str(id)


def _value_place(raw: Any) -> tuple[Mapping[str, Any], str] | None:
    """The object that holds a value's text and synonyms, and the path of the text.

    That is `name` today; the early builder wrote them beside the id, or the text as `name`.
    """
    if not isinstance(raw, Mapping):
        return None
    name = raw.get("name", raw)
    node, path = (name, ".name.value") if isinstance(name, Mapping) else ({"value": name}, ".name")
    path = path if "name" in raw else ".value"
    return (node, path) if said(_scalar(node.get("value"))) else None


def _scalar(node: Any) -> str:
    number = isinstance(node, int | float) and not isinstance(node, bool)
    return str(node) if isinstance(node, str) or number else ""


def _values_of(kind: SlotType) -> list[tuple[str, tuple[str, ...]]]:
    return [(value.value, tuple(value.synonyms)) for value in kind.values]
