"""A call as Alexa's request JSON, for `lambda_handler`s and web services alike."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

from sayso.fulfilment.directives import ENDPOINT
from sayso.types.calls import Call, CallKind, Progress
from sayso.types.context import Context
from sayso.types.readings import Candidate, Hypothesis, SlotValue
from sayso.types.skills import Intent, Language, Skill, SlotType

_SOMEBODY = "sayso.somebody"
_MOST_VALUES = 5  # resolved values of a slot, as Alexa sends them


def describe(skill: Skill, call: Call, context: Context) -> dict[str, Any]:
    """The request JSON of a call: LaunchRequest, IntentRequest or SessionEndedRequest."""
    application, user = _application(skill), {"userId": context.user}
    return {
        "version": "1.0",
        "session": {
            "new": call.new_session,
            "sessionId": context.session or f"{context.conversation}.{skill.id}",
            "application": application,
            "attributes": dict(context.attributes),
            "user": user,
        },
        "context": {
            "System": {
                "application": application,
                "user": user,
                "device": {"deviceId": context.device.id, "supportedInterfaces": {}},
                "apiEndpoint": ENDPOINT,
                "apiAccessToken": "",
            },
            **_correction(skill, call, context),
        },
        "request": _request(skill, call, context),
    }


def _correction(skill: Skill, call: Call, context: Context) -> dict[str, Any]:
    """What the intent puts right, beside Alexa's own parts of the context: no word of theirs."""
    chosen = call.hypothesis
    if chosen is None or chosen.corrects is None:
        return {}
    language, intent = _declared(skill, chosen.intent, context.locale)
    before = Call(call.kind, call.skill, replace(chosen, slots=chosen.corrects.slots))
    corrects = _intent(skill, language, intent, before, context.entities)
    return {"Sayso": {"corrects": corrects}}


def describe_can_fulfill(skill: Skill, reading: Hypothesis, context: Context) -> dict[str, Any]:
    """A CanFulfillIntentRequest: may this be for the skill? It learns nothing of who asks."""
    about = {"application": _application(skill), "user": {"userId": _SOMEBODY}}
    device = {"deviceId": _SOMEBODY, "supportedInterfaces": {}}
    language, intent = _declared(skill, reading.intent, context.locale)
    call = Call(CallKind.INTENT, skill.id, reading)
    return {
        "version": "1.0",
        "session": {"new": True, "sessionId": _SOMEBODY, "attributes": {}, **about},
        "context": {
            "System": {**about, "device": device, "apiEndpoint": ENDPOINT, "apiAccessToken": ""}
        },
        "request": {
            "type": "CanFulfillIntentRequest",
            **_stamp(context),
            "intent": _intent(skill, language, intent, call, ()),
        },
    }


def _application(skill: Skill) -> dict[str, str]:
    id = skill.fulfilment.application_id or f"sayso.skill.{skill.id}"
    return {"applicationId": id}


def _stamp(context: Context) -> dict[str, Any]:
    return {
        "requestId": f"sayso.request.{uuid.uuid4()}",
        "timestamp": context.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "locale": context.locale,
    }


def _request(skill: Skill, call: Call, context: Context) -> dict[str, Any]:
    request = _stamp(context)
    if call.kind is CallKind.LAUNCH:
        return {"type": "LaunchRequest", **request, "shouldLinkResultBeReturned": False}
    if call.kind is CallKind.SESSION_ENDED or call.hypothesis is None:
        reason = call.reason or "USER_INITIATED"
        return {"type": "SessionEndedRequest", **request, "reason": reason}
    language, intent = _declared(skill, call.hypothesis.intent, context.locale)
    state = _dialog_state(language, intent, call, call.hypothesis)
    return {
        "type": "IntentRequest",
        **request,
        **({"dialogState": state} if state else {}),
        "intent": _intent(skill, language, intent, call, context.entities),
    }


def _declared(skill: Skill, name: str, locale: str) -> tuple[Language, Intent]:
    """The language of a locale and its intent of a name, each bare where there is none."""
    language = skill.language(locale) or Language(locale)
    return language, language.intent(name) or Intent(name)


def _dialog_state(
    language: Language, intent: Intent, call: Call, hypothesis: Hypothesis
) -> str | None:
    """How far the dialogue is, or None for an intent that has none."""
    models = language.extra.get("dialog", {})
    listed = models.get("intents", ()) if isinstance(models, dict) else ()
    names = {model.get("name") for model in listed if isinstance(model, dict)}
    required = {slot.name for slot in intent.slots if slot.required}
    asked = call.confirmed or call.denied or call.agreed or call.refused
    wanted = required or intent.confirm or any(slot.confirm for slot in intent.slots)
    if not (asked or wanted or intent.name in names):
        return None
    if call.progress is not Progress.COMPLETED:
        return call.progress.value
    filled = {slot.name for slot in hypothesis.slots}
    if required <= filled and (call.confirmed or call.denied or not intent.confirm):
        return "COMPLETED"
    return "STARTED" if call.new_session else "IN_PROGRESS"


def _intent(
    skill: Skill, language: Language, intent: Intent, call: Call, entities: Sequence[SlotType]
) -> dict[str, Any]:
    filled = call.hypothesis.slots if call.hypothesis else ()
    names = dict.fromkeys([s.name for s in intent.slots] + [s.name for s in filled])
    given = {
        name: [_simple(skill, language, s, entities) for s in filled if s.name == name]
        for name in names
    }
    return {
        "name": intent.name,
        "confirmationStatus": _status(call.confirmed, call.denied),
        "slots": {
            name: _slot(name, values, _status(name in call.agreed, name in call.refused))
            for name, values in given.items()
        },
    }


def _status(confirmed: bool, denied: bool) -> str:
    return "DENIED" if denied else "CONFIRMED" if confirmed else "NONE"


def _slot(name: str, simple: list[dict[str, Any]], status: str) -> dict[str, Any]:
    """A slot as Alexa sends it; one that is not filled has no value. simple: its values."""
    slot: dict[str, Any] = {"name": name, "confirmationStatus": "NONE"}
    if not simple:
        return slot
    slot["source"] = "USER"
    slot["confirmationStatus"] = status
    if len(simple) > 1:
        return {**slot, "slotValue": {"type": "List", "values": simple}}
    resolved: dict[str, Any] = {k: v for k, v in simple[0].items() if k != "type"}
    return {**slot, **resolved, "slotValue": simple[0]}


def _simple(
    skill: Skill, language: Language, slot: SlotValue, entities: Sequence[SlotType]
) -> dict[str, Any]:
    """One value: of a catalogue the words said and what they resolve to, else what they mean.

    entities: values that the conversation has of its own, an authority beside the catalogue. The
    one that has what was said comes first.
    """
    simple: dict[str, Any] = {"type": "Simple", "value": spoken_value(slot, language)}
    authorities = []
    if any(kind.name == slot.type for kind in entities):
        authorities.append(_authority(f"dynamic.sayso.skill.{skill.id}.{slot.type}", slot, True))
    if language.type(slot.type) is not None:
        authorities.append(_authority(f"sayso.skill.{skill.id}.{slot.type}", slot, False))
    if authorities:
        authorities.sort(key=lambda each: "values" not in each)
        simple["resolutions"] = {"resolutionsPerAuthority": authorities}
    return simple


def _authority(name: str, slot: SlotValue, dynamic: bool) -> dict[str, Any]:
    """What one authority makes of the words; several values where they mean several as well."""
    values = slot.matches(dynamic=dynamic)[:_MOST_VALUES]
    return {
        "authority": f"amzn1.er-authority.echo-sdk.{name}",
        "status": {"code": "ER_SUCCESS_MATCH" if values else "ER_SUCCESS_NO_MATCH"},
        **({"values": _values(values)} if values else {}),
    }


def spoken_value(slot: SlotValue, language: Language) -> str:
    """What `slot.value` holds in Alexa's JSON: words of a catalogue slot, else ISO and digits."""
    listed = language.type(slot.type) is not None or any(c.dynamic for c in slot.candidates)
    return slot.value if listed else slot.normalised or slot.value


def _values(candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
    return [{"value": {"name": c.value, "id": c.id or _made_id(c.value)}} for c in candidates]


def _made_id(value: str) -> str:
    """An id for a value that has none: the same for the same value, as Alexa makes them."""
    return hashlib.blake2s(value.lower().encode(), digest_size=16).hexdigest()
