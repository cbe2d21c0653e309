"""What every endpoint is given: the home behind the door, and who is calling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from sayso.protocols.addresses import loopback
from sayso.runtime.home import Home
from sayso.server.errors import Refusal
from sayso.server.keys import Principal, who
from sayso.server.limits import Queue
from sayso.server.metrics import Meters
from sayso.server.streams import Bell


@dataclass(frozen=True, slots=True)
class Door:
    """A home as served over HTTP by one process."""

    home: Home
    queue: Queue
    meters: Meters
    bell: Bell


_bearer = HTTPBearer(auto_error=False, description="An API key; see: sayso key --help")
_header = APIKeyHeader(name="X-API-Key", auto_error=False, description="The same key, bare.")


async def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


async def _presented(
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
) -> str | None:
    return bearer.credentials if bearer else header


async def _secure(request: Request, door: Annotated[Door, Depends(_door)]) -> None:
    if not door.home.settings.server.keys and not loopback(request.url.hostname or ""):
        # A web page may point a name of its own at 127.0.0.1; without keys, only the name tells.
        raise Refusal(403, "Without API keys this server answers only to localhost", field="Host")


Presented = Annotated[str | None, Depends(_presented)]
Secure = Annotated[None, Depends(_secure)]


def known_caller(door: Door, key: str | None) -> Principal:
    """Who presents this key. Raises Refusal 401 for an unknown one."""
    principal = who(key, door.home.settings.server.keys)
    if principal is None:
        raise Refusal(
            401,
            "A known API key is needed: Authorization: Bearer KEY, or X-API-Key: KEY",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return principal


async def _caller(
    door: Annotated[Door, Depends(_door)], secure: Secure, given: Presented
) -> Principal:
    return known_caller(door, given)


async def _admin(caller: Annotated[Principal, Depends(_caller)]) -> Principal:
    if not caller.admin:
        raise Refusal(403, "This needs an admin key; make one with: sayso key HOME --role admin")
    return caller


def user_of(caller: Principal, user: str | None) -> str:
    """The user a request is for. Raises Refusal 403 where the key is bound to another one."""
    if not caller.may_speak_for(user):
        raise Refusal(403, f'This key speaks for "{caller.user}" alone', field="user")
    return caller.speaks_for(user)


ADoor = Annotated[Door, Depends(_door)]
Caller = Annotated[Principal, Depends(_caller)]
Admin = Annotated[Principal, Depends(_admin)]
