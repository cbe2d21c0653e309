"""Rasa's HTTP API, for clients that were written for it; there if `[server] rasa` says so.

A message is a turn like any other: logged, and done by the skill. A text that is only parsed leaves
no trace. Keys, limits and errors are those of every endpoint; Rasa's `?token=` is a key, too.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Security
from fastapi.responses import PlainTextResponse
from fastapi.security import APIKeyQuery
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from sayso import __version__
from sayso.protocols.rasa import Message, Parsed, messages, parsed
from sayso.runtime.home import Home
from sayso.server.api.turns import Name
from sayso.server.door import ADoor, Presented, Secure, known_caller
from sayso.server.errors import Refusal, documented
from sayso.server.keys import Principal
from sayso.server.limits import StrictRoute
from sayso.types.context import Device
from sayso.types.turns import Reply, TurnRequest

router = APIRouter(route_class=StrictRoute, tags=["rasa"])

NOBODY = "default"  # the sender of a message that names none
COMPATIBLE = "3.0.0"  # the oldest Rasa whose clients are answered as it would answer them
DEVICE = Device("rasa", "chat")
_token = APIKeyQuery(name="token", auto_error=False, description="The same key, as Rasa takes it.")


class _Body(BaseModel):
    # Clients of Rasa send more than is documented: what we know nothing of is passed over.
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


class ParseBody(_Body):
    """A text to understand."""

    text: str
    message_id: Name | None = Field(None, description="Taken, and of no consequence.")
    metadata: dict[str, JsonValue] | None = Field(
        None, description="`locale` says what is spoken: BCP 47; the home's first if absent."
    )


class MessageBody(_Body):
    """Something that a person says."""

    sender: Name | None = Field(
        None, description="Who says it; for a talk key, which of its user's conversations it is."
    )
    message: str
    metadata: dict[str, JsonValue] | None = Field(None, description="As of `/model/parse`.")


@dataclass(frozen=True, slots=True)
class Version:
    """version: of Sayso. minimum_compatible_version: of Rasa, for its clients."""

    version: str
    minimum_compatible_version: str


@dataclass(frozen=True, slots=True)
class Status:
    """model_id, model_file: version of the bundle that serves."""

    model_id: str
    model_file: str
    num_active_training_jobs: int


@dataclass(frozen=True, slots=True)
class Ok:
    """The channel answers."""

    status: str


async def _known(
    door: ADoor, secure: Secure, given: Presented, token: Annotated[str | None, Security(_token)]
) -> Principal:
    return known_caller(door, given or token)


Known = Annotated[Principal, Depends(_known)]


@router.get("/", response_class=PlainTextResponse, responses=documented())
async def hello() -> str:
    """That somebody is here."""
    return f"Hello from Sayso: {__version__}"


@router.get("/version", responses=documented())
async def version() -> Version:
    """Which Sayso answers, and whose clients it takes."""
    return Version(__version__, COMPATIBLE)


@router.get("/webhooks/rest/", responses=documented())
async def channel() -> Ok:
    """That the REST channel is open."""
    return Ok("ok")


@router.get("/status", responses=documented(401, 403))
async def status(door: ADoor, caller: Known) -> Status:
    """What serves."""
    bundle = door.home.engine.version
    return Status(bundle, bundle, 0)


@router.post(
    "/model/parse",
    responses=documented(400, 401, 403, 413, 415, 422),
    response_model_exclude_defaults=True,
)
async def parse(body: ParseBody, door: ADoor, caller: Known) -> Parsed:
    """How a text is understood. Nothing is done and nothing is logged."""
    user, locale = caller.speaks_for(None), _locale(body.metadata)
    return await door.queue.run(_parse, door.home, body.text, user, locale)


@router.post(
    "/webhooks/rest/webhook",
    responses=documented(400, 401, 403, 413, 415, 422),
    response_model_exclude_defaults=True,
)
async def message(
    body: MessageBody,
    door: ADoor,
    caller: Known,
    stream: Annotated[bool, Query(description="Answers come at once; true is refused.")] = False,
) -> Sequence[Message]:
    """Say something; the answers come back as a list of messages."""
    if stream:
        raise Refusal(422, "Answers are not streamed here; leave stream out", field="stream")
    began = time.perf_counter()
    request = _request(body, caller, _locale(body.metadata))
    reply, answers = await door.queue.run(_take, door.home, request, body.sender or NOBODY)
    door.meters.turn(reply, time.perf_counter() - began)
    return answers


def _parse(home: Home, text: str, user: str, locale: str | None) -> Parsed:
    return parsed(text, home.decide(text, user=user, locale=locale), home.engine.skills)


def _take(home: Home, request: TurnRequest, recipient: str) -> tuple[Reply, Sequence[Message]]:
    reply = home.take(request)
    locale = request.locale or home.settings.locales[0]
    return reply, messages(reply, recipient, locale, home.engine.skills)


def _request(body: MessageBody, caller: Principal, locale: str | None) -> TurnRequest:
    """The sender is a person; where the key speaks for one alone, a conversation of theirs."""
    user = caller.speaks_for(body.sender if caller.admin else None)
    conversation = None if caller.admin else body.sender
    return TurnRequest(
        text=body.message, user=user, conversation=conversation, device=DEVICE, locale=locale
    )


def _locale(metadata: dict[str, JsonValue] | None) -> str | None:
    given = (metadata or {}).get("locale")
    if given is not None and not isinstance(given, str):
        raise Refusal(422, "Input should be a valid string", field="metadata.locale")
    return given
