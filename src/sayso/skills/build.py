"""A checked skill file -> `Skill`, and back to plain data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sayso.skills import schema
from sayso.skills.builtin_types import PREFIX
from sayso.skills.restore import OURS, notes
from sayso.types.skills import (
    Fulfilment,
    FulfilmentKind,
    Intent,
    Language,
    Skill,
    Slot,
    SlotType,
    TypeValue,
)

_NO_SYNONYMS = "no_synonyms"  # a note of the Alexa reader: the source wrote an empty list


def build_skill(doc: schema.SkillFile, id: str, speaks: bool) -> Skill:
    """speaks: whether the document holds a language itself, beside those under `languages`."""
    name = doc.name or id.replace("-", " ").replace("_", " ").replace(".", " ").title()
    own = (doc.locale or (schema.DEFAULT_LOCALE,)) if speaks else ()
    languages = [_language(doc, str(locale), name) for locale in own]
    languages += [_language(x, str(locale), name) for locale, x in doc.languages.items()]
    return Skill(
        id=id,
        name=name,
        description=doc.description,
        languages=tuple(languages),
        fulfilment=_fulfilment(doc.fulfilment),
        extra=doc.package,
    )


def _language(doc: schema.LanguageFile, locale: str, name: str) -> Language:
    given = doc.invocation
    return Language(
        locale=locale,
        invocation_name=name.strip().lower() if given is None else given,
        description=doc.description,
        examples=doc.examples,
        intents=tuple(_intent(str(name), x) for name, x in doc.intents.items()),
        types=tuple(_type(str(name), x) for name, x in doc.types.items()),
        extra=doc.alexa,
    )


def _intent(name: str, doc: schema.IntentFile) -> Intent:
    slots = tuple(_slot(str(slot), x) for slot, x in doc.slots.items())
    extra = dict(doc.alexa)
    given = doc.model_fields_set
    # An empty list that is written out is one that the Alexa model had: it comes back on export.
    if "samples" in given and not doc.samples and slots and not name.startswith(PREFIX):
        extra.setdefault("samples", [])
    if "slots" in given and not slots:
        extra.setdefault("slots", [])
    return Intent(name, doc.samples, slots, doc.confirm, doc.side_effects, extra)


def _slot(name: str, doc: schema.SlotFile) -> Slot:
    extra = dict(doc.alexa)
    if "samples" in doc.model_fields_set and not doc.samples:
        extra.setdefault("samples", [])
    return Slot(name, doc.type, doc.samples, doc.required, doc.ask, doc.multiple, extra)


def _type(name: str, doc: schema.TypeFile) -> SlotType:
    return SlotType(name, tuple(_value(value) for value in doc.values), doc.alexa)


def _value(doc: schema.ValueFile) -> TypeValue:
    extra = dict(doc.alexa)
    if doc.id == "":
        extra.setdefault("id", "")
    if "synonyms" in doc.model_fields_set and not doc.synonyms:
        extra[OURS] = {**notes(extra), _NO_SYNONYMS: True}
    return TypeValue(doc.value, doc.id or None, doc.synonyms, extra)


def _fulfilment(doc: schema.FulfilmentFile) -> Fulfilment:
    handler = doc.python or doc.alexa
    return Fulfilment(
        kind=_fulfilment_kind(doc),
        replies={str(intent): texts for intent, texts in doc.replies.items()},
        handler=str(handler) if handler else None,
        url=str(doc.https) if doc.https else None,
        timeout_s=doc.timeout_s,
    )


def _fulfilment_kind(doc: schema.FulfilmentFile) -> FulfilmentKind:
    if doc.python:
        return FulfilmentKind.PYTHON
    if doc.alexa:
        return FulfilmentKind.ALEXA
    return FulfilmentKind.HTTPS if doc.https else FulfilmentKind.REPLIES


def write_language(language: Language) -> dict[str, Any]:
    """The keys of one language, without its locale."""
    doc = {
        "invocation": language.invocation_name,
        "description": language.description,
        "examples": list(language.examples),
        "intents": {intent.name: _write_intent(intent) for intent in language.intents},
        "types": {kind.name: _write_type(kind) for kind in language.types},
        "alexa": dict(language.extra),
    }
    always = {"invocation": doc["invocation"], "intents": doc["intents"]}
    return {**without_empty(doc), **always}


def write_fulfilment(fulfilment: Fulfilment) -> dict[str, Any]:
    """The keys of `fulfilment`."""
    doc: dict[str, Any] = {"replies": {k: list(v) for k, v in fulfilment.replies.items()}}
    if fulfilment.kind is FulfilmentKind.HTTPS:
        doc["https"] = fulfilment.url
    elif fulfilment.kind is not FulfilmentKind.REPLIES:
        doc[fulfilment.kind.value] = fulfilment.handler
    if fulfilment.timeout_s != Fulfilment().timeout_s:
        doc["timeout_s"] = fulfilment.timeout_s
    return without_empty(doc)


def without_empty(doc: Mapping[str, Any]) -> dict[str, Any]:
    """The document without what says nothing."""
    return {key: value for key, value in doc.items() if value not in (None, "", [], {}, False)}


def _write_intent(intent: Intent) -> dict[str, Any]:
    extra = dict(intent.extra)
    doc: dict[str, Any] = {
        "samples": list(intent.samples),
        "slots": {slot.name: _write_slot(slot) for slot in intent.slots},
        "confirm": list(intent.confirm),
        "side_effects": intent.side_effects,
    }
    written = set()
    if not intent.slots and _took_empty(extra, "slots"):
        written.add("slots")
    if not intent.samples and not intent.builtin:
        alone = not intent.slots and not extra
        if alone or (intent.slots and _took_empty(extra, "samples")):
            written.add("samples")
    return {**_kept(doc, written), **without_empty({"alexa": extra})}


def _kept(doc: Mapping[str, Any], written: Collection[str]) -> dict[str, Any]:
    """What of the document says something, and the empty lists that are written all the same."""
    return {key: node for key, node in doc.items() if node or key in written}


def _write_slot(slot: Slot) -> dict[str, Any]:
    extra = dict(slot.extra)
    written: dict[str, Any] = {"type": slot.type}
    if not slot.samples and _took_empty(extra, "samples"):
        written["samples"] = []
    doc = {
        "required": slot.required,
        "ask": list(slot.ask),
        "samples": list(slot.samples),
        "multiple": slot.multiple,
        "alexa": extra,
    }
    return {**written, **without_empty(doc)}


def _write_type(kind: SlotType) -> dict[str, Any]:
    doc: dict[str, Any] = {"values": [_write_value(value) for value in kind.values]}
    return {**doc, **without_empty({"alexa": dict(kind.extra)})}


def _write_value(value: TypeValue) -> dict[str, Any]:
    extra = dict(value.extra)
    written: dict[str, Any] = {"value": value.value}
    if value.id is not None:
        written["id"] = value.id
    elif extra.get("id") == "":
        written["id"] = extra.pop("id")
    if not value.synonyms and notes(extra).get(_NO_SYNONYMS) is True:
        written["synonyms"] = []
        ours = {key: note for key, note in notes(extra).items() if key != _NO_SYNONYMS}
        extra = {**extra, OURS: ours} if ours else {k: v for k, v in extra.items() if k != OURS}
    return {**written, **without_empty({"synonyms": list(value.synonyms), "alexa": extra})}


def _took_empty(extra: dict[str, Any], key: str) -> bool:
    """Takes an empty list out of `extra`; whether there was one."""
    found = extra.get(key) == []
    if found:
        del extra[key]
    return found
