"""A skill as plain JSON, as bundles keep it and HTTP gives it; back without checking it again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from sayso.skills.build import NO_SYNONYMS, build_skill
from sayso.skills.restore import OURS, canonical, notes
from sayso.skills.rules import write_rule
from sayso.types.skills import (
    Fulfilment,
    FulfilmentKind,
    Intent,
    Language,
    Service,
    Skill,
    Slot,
    SlotType,
    TypeValue,
)


def to_json(skill: Skill) -> dict[str, Any]:
    """The skill as JSON: the keys of skill.yaml, each language under `languages`.

    All of it but its folder; `from_json` gives an equal skill back.
    """
    doc = {
        "id": skill.id,
        "name": skill.name,
        "description": skill.description,
        "languages": {x.locale: write_language(x) for x in skill.languages},
        "suits": list(skill.suits),
        "fulfilment": write_fulfilment(skill.fulfilment),
        "package": dict(skill.extra),
    }
    return {"id": skill.id, "name": skill.name, **without_empty(doc)}


def from_checked(doc: Mapping[str, Any]) -> Skill:
    """`from_json` of what `to_json` gave, where nobody can have changed it: nothing is checked.

    Raises KeyError, TypeError, ValueError or AttributeError for anything else.
    """
    return build_skill(doc, doc["id"])


def version(skill: Skill) -> str:
    """A short hash of what the skill says: 12 hex digits, the same on every machine."""
    return hashlib.sha256(canonical(to_json(skill)).encode()).hexdigest()[:12]


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
    elif fulfilment.service is not None:
        doc[fulfilment.kind.value] = _write_service(fulfilment.service)
    elif fulfilment.kind is FulfilmentKind.CLIENT:
        doc["client"] = True
    elif fulfilment.kind is not FulfilmentKind.REPLIES:
        doc[fulfilment.kind.value] = fulfilment.handler
    if fulfilment.timeout_s != Fulfilment().timeout_s:
        doc["timeout_s"] = fulfilment.timeout_s
    if fulfilment.can_fulfill:
        doc["can_fulfill"] = True
    if fulfilment.application_id is not None:
        doc["application_id"] = fulfilment.application_id
    return without_empty(doc)


def _write_service(service: Service) -> dict[str, Any]:
    doc = {
        "command": service.command,
        "args": list(service.args),
        "url": service.url,
        "env": list(service.env),
        "headers": dict(service.headers),
    }
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
        "undo": intent.undo or False,
        "in_session": intent.in_session,
        "description": intent.description,
    }
    written = {"undo"} if intent.undo is not None else set()
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
        "confirm": list(slot.confirm),
        "reprompt": list(slot.reprompt),
        "valid": [write_rule(rule) for rule in slot.valid],
        "carry": slot.carry.value if slot.carry else None,
        "description": slot.description,
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
    if not value.synonyms and notes(extra).get(NO_SYNONYMS) is True:
        written["synonyms"] = []
        ours = {key: note for key, note in notes(extra).items() if key != NO_SYNONYMS}
        extra = {**extra, OURS: ours} if ours else {k: v for k, v in extra.items() if k != OURS}
    return {**written, **without_empty({"synonyms": list(value.synonyms), "alexa": extra})}


def _took_empty(extra: dict[str, Any], key: str) -> bool:
    """Takes an empty list out of `extra`; whether there was one."""
    found = extra.get(key) == []
    if found:
        del extra[key]
    return found
