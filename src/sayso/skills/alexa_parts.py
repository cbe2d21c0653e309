"""Intents, slots and slot types of an Alexa interaction model, to our nouns and back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sayso.skills.accounting import Ledger
from sayso.skills.alexa_samples import Samples, read_samples
from sayso.skills.builtin_types import FREE_TEXT, builtin_name
from sayso.skills.restore import leftover, notes, restore
from sayso.skills.templates import SLOT_NAME, said, slot_names
from sayso.types.skills import Intent, Slot, SlotType, TypeValue

UNUSED = "not used by Sayso; kept for export"


def read_intents(raw: Any, where: str, types: Collection[str], book: Ledger) -> tuple[Intent, ...]:
    """`intents`. types: names of the model's own slot types."""
    found: dict[str, Intent] = {}
    for index, item in enumerate(_list(raw, where, book)):
        intent = read_intent(item, f"{where}[{index}]", types, book, found)
        if intent:
            found[intent.name] = intent
    return tuple(found.values())


def read_types(raw: Any, where: str, book: Ledger) -> tuple[SlotType, ...]:
    """`types`."""
    found: dict[str, SlotType] = {}
    for index, item in enumerate(_list(raw, where, book)):
        kind = read_type(item, f"{where}[{index}]", book, found)
        if kind:
            found[kind.name] = kind
    return tuple(found.values())


def type_names(raw: Any) -> frozenset[str]:
    """Names of the slot types that a raw `types` list defines."""
    return frozenset(kind.name for kind in read_types(raw, "", Ledger()))


def read_intent(
    raw: Any, where: str, types: Collection[str], book: Ledger, taken: Collection[str] = ()
) -> Intent | None:
    """One intent, or None (and all of it skipped) if it has no name or one that is taken."""
    key = "name" if isinstance(raw, Mapping) and _text(raw.get("name")) else "intent"
    name = _name(raw, key, where, "intent", taken, book)
    if name is None:
        return None
    book.read("intents") if key == "name" else book.map(f"{where}.intent", name, "intent's name")
    slots_raw, samples_raw = raw.get("slots", []), raw.get("samples", [])
    named = _named_in(samples_raw)
    slots = _read_slots(slots_raw, f"{where}.slots", types, named, book)
    declared = [slot.name for slot in slots]
    samples = read_samples(samples_raw, f"{where}.samples", declared, book)
    slots = tuple(_with_values(slot, samples) for slot in slots)
    _skip_others(raw, (key, "slots", "samples"), where, book)
    intent = Intent(name, samples.texts, slots)
    return replace(intent, extra=leftover(raw, _plain_intent(intent, types)))


def write_intent(intent: Intent, types: Collection[str]) -> dict[str, Any]:
    """The intent as it stands in a model's `intents`."""

    def unchanged(raw: dict[str, Any]) -> bool:
        again = read_intent(raw, "", types, Ledger())
        return again is not None and replace(again, extra={}) == replace(
            _undialogued(intent), extra={}
        )

    return restore(_plain_intent(intent, types), intent.extra, unchanged)


def read_slot(raw: Any, where: str, types: Collection[str], book: Ledger) -> Slot | None:
    """One slot of an intent, or None (and all of it skipped) if it has no name to speak of."""
    name = _name(raw, "name", where, "slot", (), book)
    if name is None:
        return None
    book.read("slots")
    kind = _read_slot_type(raw, where, types, book)
    samples = read_samples(raw.get("samples", []), f"{where}.samples", [name], book, "slot samples")
    multiple = _read_multiple(raw, where, book)
    _skip_others(raw, ("name", "type", "samples", "multipleValues"), where, book)
    slot = Slot(name, kind, samples.texts, multiple=multiple)
    return replace(slot, extra=leftover(raw, _plain_slot(slot), said=_values(samples, name)))


def write_slot(slot: Slot, types: Collection[str]) -> dict[str, Any]:
    """The slot as it stands in an intent."""

    def unchanged(raw: dict[str, Any]) -> bool:
        again = read_slot(raw, "", types, Ledger())
        return again is not None and replace(again, extra={}) == replace(_silent(slot), extra={})

    return restore(_plain_slot(slot), slot.extra, unchanged)


def read_type(raw: Any, where: str, book: Ledger, taken: Collection[str] = ()) -> SlotType | None:
    """One slot type, or None (and all of it skipped) if it has no name or one that is taken."""
    name = _name(raw, "name", where, "slot type", taken, book)
    if name is None:
        return None
    book.read("types")
    values: list[TypeValue] = []
    ids: set[str] = set()
    for index, item in enumerate(_list(raw.get("values", []), f"{where}.values", book)):
        value = read_value(item, f"{where}.values[{index}]", book, ids)
        if value:
            values.append(value)
            ids |= {value.id} if value.id else set()
    _skip_others(raw, ("name", "values"), where, book)
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
        _skip_others(name, used, path, book)
    _skip_others(raw, ("id", "name") if "name" in raw else ("id", *used), where, book)
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


def _plain_intent(intent: Intent, types: Collection[str]) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": intent.name}
    if intent.samples or intent.builtin:
        plain["samples"] = list(intent.samples)
    if intent.slots:
        plain["slots"] = [write_slot(slot, types) for slot in intent.slots]
    return plain


def _plain_slot(slot: Slot) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": slot.name, "type": slot.type}
    if slot.samples:
        plain["samples"] = list(slot.samples)
    if slot.multiple:
        plain["multipleValues"] = {"enabled": True}
    return plain


def _plain_type(kind: SlotType) -> dict[str, Any]:
    return {"name": kind.name, "values": [write_value(value) for value in kind.values]}


def _plain_value(value: TypeValue) -> dict[str, Any]:
    name: dict[str, Any] = {"value": value.value}
    if value.synonyms or notes(value.extra).get("no_synonyms"):
        name["synonyms"] = list(value.synonyms)
    return {"name": name} if value.id is None else {"id": value.id, "name": name}


def _read_slots(
    raw: Any, where: str, types: Collection[str], named: Collection[str], book: Ledger
) -> tuple[Slot, ...]:
    found: dict[str, Slot] = {}
    for index, item in enumerate(_list(raw, where, book)):
        path = f"{where}[{index}]"
        if isinstance(item, str) and item in named and item not in found:
            book.map(path, item, "slot of free text")
            found[item] = Slot(item, FREE_TEXT)
        elif isinstance(item, Mapping) and item.get("name") in found:
            book.skip(path, item, "a second slot of the same name")
        else:
            slot = read_slot(item, path, types, book)
            found |= {slot.name: slot} if slot else {}
    return tuple(found.values())


def _read_slot_type(
    raw: Mapping[str, Any], where: str, types: Collection[str], book: Ledger
) -> str:
    if "type" not in raw:
        return FREE_TEXT
    path, kind = f"{where}.type", raw["type"]
    if not isinstance(kind, str) or not kind.strip():
        book.skip(path, kind, "a slot type without a name; read as free text")
        return FREE_TEXT
    known = kind if kind in types else builtin_name(kind)
    if known == kind:
        book.read("slots' types")
        return kind
    book.map(path, kind, f"type {known}" if known else "free text, as nobody defines the type")
    return known or FREE_TEXT


def _read_multiple(raw: Mapping[str, Any], where: str, book: Ledger) -> bool:
    node = raw.get("multipleValues")
    if "multipleValues" not in raw:
        return False
    if not isinstance(node, Mapping) or not isinstance(node.get("enabled"), bool):
        book.skip(f"{where}.multipleValues", node, "not {enabled: true or false}")
        return False
    book.read("slots' flags")
    _skip_others(node, ("enabled",), f"{where}.multipleValues", book)
    return bool(node["enabled"])


def _read_synonyms(raw: Any, where: str, book: Ledger) -> tuple[str, ...]:
    found = []
    for index, item in enumerate(_list(raw, where, book)):
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


def _name(
    raw: Any, key: str, where: str, kind: str, taken: Collection[str], book: Ledger
) -> str | None:
    """The name of an object; None, and all of it skipped, if it has none that will do."""
    name = _text(raw.get(key)) if isinstance(raw, Mapping) else None
    if name is None:
        book.skip(where, raw, f"{kind} without a name")
    elif kind == "slot" and not SLOT_NAME.fullmatch(name):
        book.skip(where, raw, "a slot's name is made of letters, digits and _")
    elif name in taken:
        book.skip(where, raw, f"a second {kind} of the same name")
    else:
        return name
    return None


def _text(node: Any) -> str | None:
    return node if isinstance(node, str) and said(node) else None


def _list(raw: Any, where: str, book: Ledger) -> list[Any]:
    if isinstance(raw, list):
        return raw
    book.skip(where, raw, "not a list")
    return []


def _skip_others(raw: Mapping[str, Any], used: Collection[str], where: str, book: Ledger) -> None:
    for key, node in raw.items():
        if key not in used:
            book.skip(f"{where}.{key}", node, UNUSED)


def _named_in(samples: Any) -> frozenset[str]:
    texts = samples if isinstance(samples, list) else []
    return frozenset(n for text in texts if isinstance(text, str) for n in slot_names(text))


def _values(samples: Samples, slot: str) -> list[str]:
    return list(samples.said.get(slot, ()))


def _with_values(slot: Slot, samples: Samples) -> Slot:
    """The slot with the values that stood in its intent's samples, for want of a catalogue."""
    values = [*notes(slot.extra).get("said", ()), *samples.said.get(slot.name, ())]
    if not values:
        return slot
    ours = {**notes(slot.extra), "said": list(dict.fromkeys(values))}
    return replace(slot, extra={**slot.extra, "$": ours})


def _undialogued(intent: Intent) -> Intent:
    return replace(intent, confirm=(), slots=tuple(_silent(slot) for slot in intent.slots))


def _silent(slot: Slot) -> Slot:
    return replace(slot, required=False, ask=())


def _values_of(kind: SlotType) -> list[tuple[str, tuple[str, ...]]]:
    return [(value.value, tuple(value.synonyms)) for value in kind.values]
