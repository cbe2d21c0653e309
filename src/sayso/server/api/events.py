"""`GET /v1/events`: what skills say by themselves, as server-sent events.

    id: 12
    event: announcement
    data: {"id": 12, "at": "...", "user": "ana", "device": "kitchen", "speech": "..."}

A device that comes back sends the last id it saw as `Last-Event-ID` and misses nothing; one that
comes for the first time hears what rings from then on.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter

from sayso.server.api.turns import Name
from sayso.server.door import ADoor, Caller, Door, user_of
from sayso.server.errors import documented
from sayso.server.streams import since
from sayso.stores.store import Event

router = APIRouter(prefix="/v1", tags=["events"])

KEEP_ALIVE_S = 15.0
RETRY_MS = 2000
LARGEST_ID = 2**63 - 1
_AS_JSON = TypeAdapter(Event)


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        **documented(401, 403, 422),
    },
)
async def listen(
    door: ADoor,
    caller: Caller,
    user: Annotated[Name | None, Query()] = None,
    device: Annotated[Name | None, Query()] = None,
    last_event_id: Annotated[int | None, Header(ge=0, le=LARGEST_ID)] = None,
) -> StreamingResponse:
    """Listen. An admin who names no user hears everybody's events."""
    whose = user if caller.admin else user_of(caller, user)
    return StreamingResponse(
        _told(door, whose, device, last_event_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _told(
    door: Door, user: str | None, device: str | None, last: int | None
) -> AsyncIterator[bytes]:
    with door.bell.listening(user, device) as stream:
        if last is not None:
            # A larger id than any comes from another store: such a device begins here anew.
            last = min(last, await anyio.to_thread.run_sync(door.home.last_event))
        yield f"retry: {RETRY_MS}\n: listening\n\n".encode()
        if last is not None:
            async for event in since(door.home, last, user, device):
                last = event.id
                yield _written(event)
        async for coming in stream.events(KEEP_ALIVE_S):
            if coming is None:
                yield b": still here\n\n"
            elif last is None or coming.id > last:  # not told already, from the store
                yield _written(coming)


def _written(event: Event) -> bytes:
    return b"id: %d\nevent: announcement\ndata: %s\n\n" % (event.id, _AS_JSON.dump_json(event))
