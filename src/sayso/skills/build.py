"""A document that was checked, in long form -> `Skill`; `written.py` is the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sayso.skills.builtin_types import PREFIX
from sayso.skills.restore import OURS, notes
from sayso.skills.rules import build_rule
from sayso.types.skills import (
    Carry,
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

NO_SYNONYMS = "no_synonyms"  # a note of the Alexa reader: the source wrote an empty list
Doc = Mapping[str, Any]


def build_skill(doc: Doc, id: str, own: Sequence[str] = ()) -> Skill:
    """own: locales of the language that the document holds beside those under `languages`."""
    name = doc.get("name") or id.replace("-", " ").replace("_", " ").replace(".", " ").title()
    languages = [_language(doc, str(locale), name) for locale in own]
    further = doc.get("languages", {})
    languages += [_language(x, str(locale), name) for locale, x in further.items()]
    return Skill(
        id=id,
        name=name,
        description=doc.get("description", ""),
        languages=tuple(languages),
        fulfilment=_fulfilment(doc.get("fulfilment", {})),
        extra=doc.get("package", {}),
        suits=tuple(doc.get("suits", ())),
    )


def _language(doc: Doc, locale: str, name: str) -> Language:
    given = doc.get("invocation")
    return Language(
        locale=locale,
        invocation_name=name.strip().lower() if given is None else given,
        description=doc.get("description", ""),
        examples=tuple(doc.get("examples", ())),
        intents=tuple(_intent(str(name), x) for name, x in doc.get("intents", {}).items()),
        types=tuple(_type(str(name), x) for name, x in doc.get("types", {}).items()),
        extra=doc.get("alexa", {}),
    )


def _intent(name: str, doc: Doc) -> Intent:
    samples = tuple(doc.get("samples", ()))
    slots = tuple(_slot(str(slot), x) for slot, x in doc.get("slots", {}).items())
    extra = dict(doc.get("alexa", {}))
    # An empty list that is written out is one that the Alexa model had: it comes back on export.
    if "samples" in doc and not samples and slots and not name.startswith(PREFIX):
        extra.setdefault("samples", [])
    if "slots" in doc and not slots:
        extra.setdefault("slots", [])
    confirm = tuple(doc.get("confirm", ()))
    costly, told = doc.get("side_effects", False), str(doc.get("description", ""))
    undo = None if doc.get("undo") is None else str(doc["undo"] or "")
    within = doc.get("in_session", False)
    return Intent(name, samples, slots, confirm, costly, extra, told, undo, within)


def _slot(name: str, doc: Doc) -> Slot:
    samples = tuple(doc.get("samples", ()))
    extra = dict(doc.get("alexa", {}))
    if "samples" in doc and not samples:
        extra.setdefault("samples", [])
    ask = tuple(doc.get("ask", ()))
    required, multiple = doc.get("required", False), doc.get("multiple", False)
    return Slot(
        name,
        doc["type"],
        samples,
        required,
        ask,
        multiple,
        extra,
        confirm=tuple(doc.get("confirm", ())),
        reprompt=tuple(doc.get("reprompt", ())),
        valid=tuple(map(build_rule, doc.get("valid", ()))),
        carry=Carry(doc["carry"]) if doc.get("carry") else None,
        description=str(doc.get("description", "")),
    )


def _type(name: str, doc: Doc) -> SlotType:
    return SlotType(name, tuple(map(_value, doc.get("values", ()))), doc.get("alexa", {}))


def _value(doc: Doc) -> TypeValue:
    synonyms = tuple(doc.get("synonyms", ()))
    extra = dict(doc.get("alexa", {}))
    if doc.get("id") == "":
        extra.setdefault("id", "")
    if "synonyms" in doc and not synonyms:
        extra[OURS] = {**notes(extra), NO_SYNONYMS: True}
    return TypeValue(doc["value"], doc.get("id") or None, synonyms, extra)


def _fulfilment(doc: Doc) -> Fulfilment:
    handler, replies = doc.get("python") or doc.get("alexa"), doc.get("replies", {})
    return Fulfilment(
        kind=_fulfilment_kind(doc),
        replies={str(intent): tuple(texts) for intent, texts in replies.items()},
        handler=str(handler) if handler else None,
        url=str(doc["https"]) if doc.get("https") else None,
        timeout_s=doc.get("timeout_s", Fulfilment().timeout_s),
        can_fulfill=doc.get("can_fulfill", False),
        application_id=str(doc["application_id"]) if doc.get("application_id") else None,
        service=_service(doc.get("mcp") or doc.get("openapi")),
    )


def _service(doc: Doc | None) -> Service | None:
    if not doc:
        return None
    command, url = doc.get("command"), doc.get("url")
    return Service(
        str(command) if command else None,
        tuple(map(str, doc.get("args", ()))),
        str(url) if url else None,
        tuple(map(str, doc.get("env", ()))),
        {str(name): str(value) for name, value in doc.get("headers", {}).items()},
    )


def _fulfilment_kind(doc: Doc) -> FulfilmentKind:
    others = (kind for kind in FulfilmentKind if kind is not FulfilmentKind.REPLIES)
    return next((kind for kind in others if doc.get(kind.value)), FulfilmentKind.REPLIES)
