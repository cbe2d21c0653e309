"""Calls as a Python back-end gets them, and what it returned as an Answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictStr, ValidationError

from sayso.errors import FulfilmentError
from sayso.fulfilment.wire import MAX_SPEECH
from sayso.types.calls import Announcement, Answer, Call, CallKind, Card
from sayso.types.context import Context
from sayso.types.readings import ResolutionStatus, SlotValue
from sayso.types.skills import SlotType, TypeValue

MAX_LATER = 100  # announcements of one answer
_FAR_S = 366 * 86400.0

Text = Annotated[StrictStr, Field(max_length=MAX_SPEECH)]
Key = Annotated[StrictStr, Field(min_length=1, max_length=200)]


def describe(call: Call, context: Context) -> dict[str, Any]:
    """A call as JSON: what `handler.read_request` and reply templates are made from."""
    hypothesis = call.hypothesis
    return {
        "kind": call.kind.value,
        "skill": call.skill,
        "intent": hypothesis.intent if hypothesis else "",
        "said": [_said(slot) for slot in hypothesis.slots] if hypothesis else [],
        "user": context.user,
        "device": {
            "id": context.device.id,
            "type": context.device.type,
            "state": dict(context.device.state),
        },
        "locale": context.locale,
        "now": context.now.isoformat(),
        "time_zone": context.time_zone,
        "conversation": context.conversation,
        "attributes": dict(context.attributes),
        "confirmed": call.confirmed,
        "corrects": _corrects(call),
        "new_session": call.new_session,
        "reason": call.reason,
        "seed": seed(call, context),
    }


def _corrects(call: Call) -> list[dict[str, Any]] | None:
    """The slots with which the same was done before, where that is put right."""
    before = call.hypothesis.corrects if call.hypothesis is not None else None
    return None if before is None else [_said(slot) for slot in before.slots]


def _said(slot: SlotValue) -> dict[str, Any]:
    matched = slot.status is ResolutionStatus.MATCHED
    return {
        "spoken": slot.candidates[0].value if matched and slot.candidates else slot.value,
        "name": slot.name,
        "value": slot.value,
        "normalised": slot.normalised or slot.value,
        "id": slot.id,
        "matched": matched,
    }


def seed(call: Call, context: Context) -> str:
    """What the chance of one call grows from: who, when, which turn, which skill."""
    return f"{context.user} {context.now.isoformat()} {context.turn} {call.skill}"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Card(_Part):
    title: Text = ""
    text: Text = ""
    image: Text | None = None
    kind: Literal["plain"] = "plain"


class _Announce(_Part):
    key: Key
    speech: Text
    due: AwareDatetime | None = None
    in_s: Annotated[float, Field(ge=0, le=_FAR_S)] | None = None


class _Entity(_Part):
    value: Text
    id: Text | None = None
    synonyms: Sequence[Text] = ()


class _Response(_Part):
    speech: Text = ""
    reprompt: Text | None = None
    ended: bool | None = None
    card: _Card | None = None
    ask: Key | None = None
    confirm: bool = False
    announce: Annotated[Sequence[_Announce], Field(max_length=MAX_LATER)] = ()
    cancel: Annotated[Sequence[Key], Field(max_length=MAX_LATER)] = ()
    entities: Mapping[Key, Sequence[Text | _Entity]] | None = None
    corrected: bool = False


def read_answer(result: Mapping[str, Any], call: Call, now: datetime) -> Answer:
    """An Answer from what `handle` returned.

    result: `response` and `attributes`, as the worker sends them. now: what `in_s` counts from.
    Raises FulfilmentError naming the key that is wrong.
    """
    given, attributes = result.get("response"), result.get("attributes")
    if given is None and call.kind is CallKind.SESSION_ENDED:
        given = ""
    if isinstance(given, str):
        given = {"speech": given}
    if not isinstance(given, Mapping):
        raise FulfilmentError(
            f"handle returned {type(given).__name__}; return a text, a Response or a mapping"
        )
    if not isinstance(attributes, dict):
        raise FulfilmentError("request.attributes is no mapping any more; change it in place")
    try:
        response = _Response.model_validate(given)
    except ValidationError as error:
        raise FulfilmentError(f"handle returned {complaint(error)}") from None
    return _answer(response, attributes, now)


def complaint(error: ValidationError) -> str:
    """The first two problems of a validation, in one line: `card.title: ...`."""
    problems = error.errors(include_url=False)[:2]
    return "; ".join(f"{'.'.join(map(str, p['loc'])) or 'it'}: {p['msg']}" for p in problems)


def _answer(response: _Response, attributes: Mapping[str, Any], now: datetime) -> Answer:
    asks = response.ask is not None or response.confirm
    keeps_open = asks or response.reprompt is not None
    ended = not keeps_open if response.ended is None else response.ended
    card = response.card
    return Answer(
        speech=response.speech,
        reprompt=response.reprompt,
        ended=ended and not asks,
        attributes=attributes,
        card=Card(card.title, card.text, card.image) if card else None,
        ask_slot=response.ask,
        confirm=response.confirm,
        announcements=tuple(_later(one, now) for one in response.announce),
        cancelled=tuple(response.cancel),
        entities=None if response.entities is None else _entities(response.entities),
        corrected=response.corrected,
    )


def _entities(given: Mapping[str, Sequence[str | _Entity]]) -> tuple[SlotType, ...]:
    return tuple(SlotType(name, tuple(map(_value, values))) for name, values in given.items())


def _value(entity: str | _Entity) -> TypeValue:
    if isinstance(entity, str):
        return TypeValue(entity)
    return TypeValue(entity.value, entity.id, tuple(entity.synonyms))


def _later(one: _Announce, now: datetime) -> Announcement:
    if (one.due is None) == (one.in_s is None):
        raise FulfilmentError(f'announcement "{one.key}": give either due or in_s')
    if one.due is not None:
        return Announcement(one.key, one.speech, one.due)
    due = now.astimezone(UTC) + timedelta(seconds=one.in_s or 0.0)  # clocks may change meanwhile
    return Announcement(one.key, one.speech, due.astimezone(now.tzinfo))
