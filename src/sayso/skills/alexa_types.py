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
    name = _value_name(raw)
    if name is None:
        book.skip(where, raw, "a value without text")
        return None
    path = f"{where}.name" if "name" in raw else where
    text = _scalar(name["value"])
    exact = isinstance(raw.get("name"), Mapping) and isinstance(name["value"], str)
    at = f"{path}.value" if isinstance(raw.get("name", {}), Mapping) else path
    book.read("values") if exact else book.map(at, name["value"], "value")
    synonyms = _read_synonyms(name.get("synonyms", []), f"{path}.synonyms", book)
    value = TypeValue(text, _read_id(raw, where, taken, book), synonyms)
    used = ("value", "synonyms")
    if isinstance(raw.get("name"), Mapping):
        skip_others(name, used, path, book)
    skip_others(raw, ("id", "name") if "name" in raw else ("id", *used), where, book)
    empty = isinstance(raw.get("name"), Mapping) and raw["name"].get("synonyms") == []
    value = replace(value, extra={"$": {"no_synonyms": True}}) if empty else value
    return replace(value, extra=leftover(raw, _plain_value(value), no_synonyms=empty))


def write_value(value: TypeValue) -> dict[str, Any]:
    """The value as it stands in a type's `values`."""

    def unchanged(raw: dict[str, Any]) -> bool:
        again = read_value(raw, "", Ledger())
        same_text = again and (again.value, again.synonyms) == (value.value, tuple(value.synonyms))
        # An id that another value of the type has already taken is kept, but names nothing.
        return bool(again and same_text and value.id in (None, again.id))

    return restore(_plain_value(value), value.extra, unchanged)


def _plain_type(kind: SlotType) -> dict[str, Any]:
    return {"name": kind.name, "values": [write_value(value) for value in kind.values]}


def _plain_value(value: TypeValue) -> dict[str, Any]:
    name: dict[str, Any] = {"value": value.value}
    if value.synonyms or notes(value.extra).get("no_synonyms"):
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


def _value_name(raw: Any) -> Mapping[str, Any] | None:
    """Where a value's text and synonyms stand: in `name`, or beside the id."""
    if not isinstance(raw, Mapping):
        return None
    name = raw.get("name", raw)
    name = name if isinstance(name, Mapping) else {"value": name}
    return name if said(_scalar(name.get("value"))) else None


def _scalar(node: Any) -> str:
    number = isinstance(node, int | float) and not isinstance(node, bool)
    return str(node) if isinstance(node, str) or number else ""


def _values_of(kind: SlotType) -> list[tuple[str, tuple[str, ...]]]:
    return [(value.value, tuple(value.synonyms)) for value in kind.values]
