"""`POST /v1/turns`: say something and be answered. `POST /v1/understand`: only how it is read."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from sayso.server.door import ADoor, Caller, user_of
from sayso.server.errors import Refusal, documented
from sayso.server.limits import StrictRoute
from sayso.types.context import Device, Happening
from sayso.types.readings import Alternative, Hypothesis
from sayso.types.turns import Reply, TurnRequest

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["turns"])

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Now = Annotated[
    AwareDatetime,
    Field(ge=datetime(1970, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC)),
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class AlternativeBody(_Body):
    """One entry of a recogniser's n-best list."""

    text: str
    score: float | None = None


class DeviceBody(_Body):
    """What the person speaks to."""

    id: Name = "default"
    type: Name = "unknown"
    state: dict[str, JsonValue] = Field(
        {}, description="What it reports of itself and of what is around; at most 256 values count."
    )
    capabilities: Annotated[list[Name], Field(max_length=16)] | None = Field(
        None, description="Such as `screen`; empty if it has none, null if that is not known."
    )
    place: Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = Field(
        "", description="Where it is, such as `kitchen`."
    )


class HappeningBody(_Body):
    """Something that happened just before: a doorbell rang, a programme ended."""

    text: Annotated[str, Field(max_length=200)] = Field("", description="In a few words.")
    skill: Name | None = Field(None, description="Id of the skill that it came from.")
    at: Now | None = Field(None, description="With its offset; just now if absent.")
    used: bool = Field(False, description="The person used the skill; else it came by itself.")


class TurnBody(_Body):
    """A `TurnRequest` as it comes in: `text`, or `alternatives`, and what is known besides."""

    text: str = ""
    user: Name | None = Field(None, description="A talk key's own user if absent.")
    conversation: Name | None = Field(None, description="Of an earlier reply, to go on with it.")
    alternatives: list[AlternativeBody] = Field([], description="The n-best, best first.")
    device: DeviceBody = DeviceBody()
    locale: Name | None = Field(None, description="BCP 47; the home's first if absent.")
    time_zone: Name | None = Field(None, description="IANA name; the home's if absent.")
    now: Now | None = Field(None, description="With its offset; the server's clock if absent.")
    idempotency_key: Name | None = Field(
        None, description="A repeated key returns the first reply and acts once."
    )
    happened: Annotated[list[HappeningBody], Field(max_length=8)] = Field(
        [], description="What happened just before, as far as Sayso cannot know it."
    )
    silence: bool = Field(
        False, description="Nothing was said though the microphone was open; `text` is empty then."
    )


class UnderstandBody(_Body):
    """A sentence to read."""

    text: str
    user: Name | None = None
    locale: Name | None = None
    device: DeviceBody = DeviceBody()
    happened: Annotated[list[HappeningBody], Field(max_length=8)] = []


@dataclass(frozen=True, slots=True)
class Understood:
    """Readings of a sentence, best first."""

    hypotheses: Sequence[Hypothesis]


@router.post("/turns", responses=documented(400, 401, 403, 413, 415, 422))
async def take_turn(
    body: TurnBody,
    door: ADoor,
    caller: Caller,
    idempotency_key: Annotated[Name | None, Header()] = None,
) -> Reply:
    """Say something. The turn is logged, the skill acts, and its answer comes back."""
    began = time.perf_counter()
    user = user_of(caller, body.user)
    request = _request(body, user, _one_key(body.idempotency_key, idempotency_key))
    reply = await door.queue.run(door.home.take, request)
    door.meters.turn(reply, time.perf_counter() - began)
    return reply


@router.post("/understand", responses=documented(400, 401, 403, 413, 415, 422))
async def understand(body: UnderstandBody, door: ADoor, caller: Caller) -> Understood:
    """How a sentence is read: skill, intent, slots. Nothing is done and nothing is logged."""
    user = user_of(caller, body.user)
    readings = await door.queue.run(
        door.home.understand,
        body.text,
        user=user,
        locale=body.locale,
        device=_device(body.device),
        happened=_happened(body.happened),
    )
    return Understood(readings)


def _one_key(body: str | None, header: str | None) -> str | None:
    if body and header and body != header:
        raise Refusal(422, "The header and the body name two keys", field="idempotency_key")
    return body or header


def _request(body: TurnBody, user: str, key: str | None) -> TurnRequest:
    return TurnRequest(
        text=body.text,
        user=user,
        conversation=body.conversation,
        alternatives=tuple(Alternative(each.text, each.score) for each in body.alternatives),
        device=_device(body.device),
        locale=body.locale,
        time_zone=body.time_zone,
        now=body.now,
        idempotency_key=key,
        happened=_happened(body.happened),
        silence=body.silence,
    )


def _device(body: DeviceBody) -> Device:
    state: dict[str, Any] = dict(body.state)
    has = tuple(body.capabilities) if body.capabilities is not None else None
    return Device(body.id, body.type, state, has, body.place)


def _happened(bodies: Sequence[HappeningBody]) -> Sequence[Happening]:
    return tuple(Happening(each.text, each.skill, each.at, each.used) for each in bodies)
