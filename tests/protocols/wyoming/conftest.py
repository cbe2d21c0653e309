"""A service on a real socket, and the library's own clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from wyoming.client import AsyncClient
from wyoming.event import Event, Eventable

from sayso.protocols.wyoming.serve import serve
from sayso.runtime.home import Home

PATIENCE_S = 20


@asynccontextmanager
async def served(home: Home, uri: str = "tcp://127.0.0.1:0") -> AsyncIterator[str]:
    """The address of a service that answers until the block ends."""
    where: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    service = asyncio.create_task(serve(home, uri, "ana", network=False, on_ready=where.set_result))
    try:
        either: list[asyncio.Future[Any]] = [service, where]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if service.done():
            service.result()
        yield where.result()
    finally:
        service.cancel()
        await asyncio.gather(service, return_exceptions=True)


async def ask(client: AsyncClient, *said: Eventable | Event) -> Event:
    """What the service answers to the last of these messages."""
    for each in said:
        await client.write_event(each if isinstance(each, Event) else each.event())
    async with asyncio.timeout(PATIENCE_S):
        event = await client.read_event()
    assert event is not None, "the service hung up"
    return event


async def raw(uri: str, sent: bytes) -> bytes:
    """All that the service says to these bytes, up to its goodbye."""
    where = urlsplit(uri)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(sent)
    async with asyncio.timeout(PATIENCE_S):
        said = await reader.read()
    writer.close()
    return said
