"""Intents and slots of an Alexa interaction model, to our nouns and back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sayso.skills.accounting import Ledger
from sayso.skills.alexa_json import items, name_of, skip_others, text_of
from sayso.skills.alexa_samples import Samples, read_samples
from sayso.skills.builtin_types import FREE_TEXT, builtin_name
from sayso.skills.restore import leftover, notes, restore
from sayso.skills.templates import slot_names
from sayso.types.skills import Intent, Slot


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be named: the model's own slot types, and the slots of the same intent."""

    types: Collection[str]
    slots: Collection[str]


def read_intents(raw: Any, where: str, types: Collection[str], book: Ledger) -> tuple[Intent, ...]:
    """`intents`. types: names of the model's own slot types."""
    found: dict[str, Intent] = {}
    for index, item in enumerate(items(raw, where, book)):
        intent = read_intent(item, f"{where}[{index}]", types, book, found)
        if intent:
            found[intent.name] = intent
    return tuple(found.values())


def read_intent(
    raw: Any, where: str, types: Collection[str], book: Ledger, taken: Collection[str] = ()
) -> Intent | None:
    """One intent, or None (and all of it skipped) if it has no name or one that is taken."""
    key = "name" if isinstance(raw, Mapping) and text_of(raw.get("name")) else "intent"
    name = name_of(raw, key, where, "intent", taken, book)
    if name is None:
        return None
    book.read("intents") if key == "name" else book.map(f"{where}.intent", name, "intent's name")
    slots_raw, samples_raw = raw.get("slots", []), raw.get("samples", [])
    named = _named_in(samples_raw)
    slots = _read_slots(slots_raw, f"{where}.slots", types, named, book)
    declared = [slot.name for slot in slots]
    samples = read_samples(samples_raw, f"{where}.samples", declared, book)
    slots = tuple(_with_values(slot, samples) for slot in slots)
    skip_others(raw, (key, "slots", "samples"), where, book)
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


def read_slot(raw: Any, where: str, scope: Scope, book: Ledger) -> Slot | None:
    """One slot of an intent, or None (and all of it skipped) if it has no name to speak of."""
    name = name_of(raw, "name", where, "slot", (), book)
    if name is None:
        return None
    book.read("slots")
    kind = _read_slot_type(raw, where, scope.types, book)
    texts, path = raw.get("samples", []), f"{where}.samples"
    samples = read_samples(texts, path, scope.slots, book, "slot samples")
    multiple = _read_multiple(raw, where, book)
    skip_others(raw, ("name", "type", "samples", "multipleValues"), where, book)
    slot = Slot(name, kind, samples.texts, multiple=multiple)
    return replace(slot, extra=leftover(raw, _plain_slot(slot), said=_values(samples, name)))


def write_slot(slot: Slot, scope: Scope) -> dict[str, Any]:
    """The slot as it stands in an intent."""

    def unchanged(raw: dict[str, Any]) -> bool:
        again = read_slot(raw, "", scope, Ledger())
        return again is not None and replace(again, extra={}) == replace(_silent(slot), extra={})

    return restore(_plain_slot(slot), slot.extra, unchanged)


def _plain_intent(intent: Intent, types: Collection[str]) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": intent.name}
    if intent.samples or intent.builtin:
        plain["samples"] = list(intent.samples)
    if intent.slots:
        scope = Scope(types, tuple(slot.name for slot in intent.slots))
        plain["slots"] = [write_slot(slot, scope) for slot in intent.slots]
    return plain


def _plain_slot(slot: Slot) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": slot.name, "type": slot.type}
    if slot.samples:
        plain["samples"] = list(slot.samples)
    if slot.multiple:
        plain["multipleValues"] = {"enabled": True}
    return plain


def _read_slots(
    raw: Any, where: str, types: Collection[str], named: Collection[str], book: Ledger
) -> tuple[Slot, ...]:
    found: dict[str, Slot] = {}
    slots = items(raw, where, book)
    scope = Scope(types, [x["name"] for x in slots if _named(x)])
    for index, item in enumerate(slots):
        path = f"{where}[{index}]"
        if isinstance(item, str) and item in named and item not in found:
            book.map(path, item, "slot of free text")
            found[item] = Slot(item, FREE_TEXT)
        elif _named(item) and item["name"] in found:
            book.skip(path, item, "a second slot of the same name")
        else:
            slot = read_slot(item, path, scope, book)
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
    skip_others(node, ("enabled",), f"{where}.multipleValues", book)
    return bool(node["enabled"])


def _named(raw: Any) -> bool:
    return isinstance(raw, Mapping) and isinstance(raw.get("name"), str)


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
    slots = tuple(_silent(slot) for slot in intent.slots)
    return replace(unmarked(intent), confirm=(), slots=slots)


def unmarked(intent: Intent) -> Intent:
    """The intent without what Alexa's models have no word for."""
    return replace(intent, side_effects=False, undo=None, in_session=False)


def _silent(slot: Slot) -> Slot:
    return replace(slot, required=False, ask=(), confirm=(), reprompt=(), valid=(), carry=None)
