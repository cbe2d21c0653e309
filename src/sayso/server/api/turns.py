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
from sayso.types.turns import Alternative, Device, Hypothesis, Reply, TurnRequest

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
    state: dict[str, JsonValue] = {}


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


class UnderstandBody(_Body):
    """A sentence to read."""

    text: str
    user: Name | None = None
    locale: Name | None = None


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
    read = door.home.understand
    return Understood(await door.queue.run(read, body.text, user=user, locale=body.locale))


def _one_key(body: str | None, header: str | None) -> str | None:
    if body and header and body != header:
        raise Refusal(422, "The header and the body name two keys", field="idempotency_key")
    return body or header


def _request(body: TurnBody, user: str, key: str | None) -> TurnRequest:
    state: dict[str, Any] = dict(body.device.state)
    return TurnRequest(
        text=body.text,
        user=user,
        conversation=body.conversation,
        alternatives=tuple(Alternative(each.text, each.score) for each in body.alternatives),
        device=Device(body.device.id, body.device.type, state),
        locale=body.locale,
        time_zone=body.time_zone,
        now=body.now,
        idempotency_key=key,
    )
