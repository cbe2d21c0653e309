"""What skills say by themselves, from the store to every device that listens.

One task a process asks the store, twice a second, in a thread: what is due rings, and what has
rung since the last look is handed to each open stream it concerns. A stream costs a queue, not a
thread and not a query.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial

import anyio.to_thread

from sayso.errors import SaysoError
from sayso.runtime.home import Home
from sayso.stores.store import Event

log = logging.getLogger("sayso.server")

EVERY_S = 0.5
PAGE = 100
LONGEST = 256  # events that a stream may lag behind before it is closed; its device comes back


class Stream:
    """One open connection: whose events it wants, and those that wait to be sent."""

    def __init__(self, user: str | None, device: str | None) -> None:
        self.user = user
        self.device = device
        self._waiting: asyncio.Queue[Event | None] = asyncio.Queue(LONGEST + 1)

    def wants(self, event: Event) -> bool:
        """Whether an event is for this user and device; a stream without one takes all."""
        mine = self.user is None or event.user == self.user
        return mine and (self.device is None or event.device in (None, self.device))

    def put(self, event: Event) -> bool:
        """Hand over an event; False, and the stream ends, where its reader is too slow."""
        if self._waiting.qsize() >= LONGEST:
            self.end()
            return False
        self._waiting.put_nowait(event)
        return True

    def end(self) -> None:
        """Let the reader finish what waits, then stop."""
        if not self._waiting.full():
            self._waiting.put_nowait(None)

    async def events(self, pause_s: float) -> AsyncIterator[Event | None]:
        """Events as they come, None after each pause without one, until the stream ends."""
        while True:
            try:
                async with asyncio.timeout(pause_s):
                    event = await self._waiting.get()
            except TimeoutError:
                yield None
                continue
            if event is None:
                return
            yield event


class Bell:
    """Rings what is due and tells the open streams.

    every_s: seconds between two looks at the store.
    """

    def __init__(self, home: Home, every_s: float = EVERY_S) -> None:
        self._home = home
        self._every_s = every_s
        self._streams: set[Stream] = set()
        self._last: int | None = None
        self._open = True

    @contextmanager
    def listening(self, user: str | None, device: str | None) -> Iterator[Stream]:
        """A stream of events for a user and device; None means all of them."""
        stream = Stream(user, device)
        self._streams.add(stream)
        if not self._open:
            stream.end()
        try:
            yield stream
        finally:
            self._streams.discard(stream)

    def close(self) -> None:
        """End every stream, those still to come included."""
        self._open = False
        for stream in self._streams:
            stream.end()

    async def run(self) -> None:
        """Look at the store until cancelled; a store that is away for a while is only logged."""
        try:
            while self._open:
                try:
                    await self._look()
                except SaysoError as error:
                    log.warning("events: %s", error)
                await asyncio.sleep(self._every_s)
        finally:
            self.close()

    async def _look(self) -> None:
        await anyio.to_thread.run_sync(self._home.refresh)
        await anyio.to_thread.run_sync(self._home.ring)
        if self._last is None:
            self._last = await anyio.to_thread.run_sync(self._home.last_event)
        async for event in since(self._home, self._last):
            self._last = event.id
            for stream in [each for each in self._streams if each.wants(event)]:
                if not stream.put(event):
                    self._streams.discard(stream)


async def since(
    home: Home, last: int, user: str | None = None, device: str | None = None
) -> AsyncIterator[Event]:
    """Events after an id, oldest first, read from the store a page at a time."""
    while True:
        read = partial(home.events, user=user, device=device, after=last, limit=PAGE)
        page = await anyio.to_thread.run_sync(read)
        for event in page:
            last = event.id
            yield event
        if len(page) < PAGE:
            return
