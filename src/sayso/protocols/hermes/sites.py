"""Every site with its session, and those that wait for it. One at a time on each site."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field

from sayso.errors import RequestError
from sayso.protocols.hermes import said
from sayso.protocols.hermes.messages import (
    AsrFailed,
    Captured,
    Continue,
    Detected,
    End,
    Message,
    SayFinished,
    Start,
)
from sayso.protocols.hermes.said import Said
from sayso.protocols.hermes.session import Leave, Reason, Session, Wires

log = logging.getLogger("sayso.hermes")

MOST_SITES = 200  # with a session at once
MOST_QUEUED = 8  # sessions that wait for one site
GRACE_S = 30.0  # for turns that have begun, when the service is stopped


@dataclass(slots=True)
class _Place:
    """A site that has a session. task: what runs it."""

    session: Session
    task: asyncio.Task[None] | None = None
    waiting: deque[Session] = field(default_factory=deque)


class Sites:
    """The dialogue manager: begins, feeds and ends sessions."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires
        self._places: dict[str, _Place] = {}

    def take(self, message: Message) -> None:
        """A message of the dialogue. Raises RequestError where nothing can be begun any more."""
        match message:
            case Start():
                self._start(message)
            case Detected():
                self._wake(message)
            case Captured():
                self._hear(message)
            case SayFinished() | AsrFailed():
                self._tell(message)
            case Continue() | End():
                self._go_on(message)

    def _start(self, start: Start) -> None:
        place = self._places.get(start.site)
        session = Session(start, self._wires)
        if place is None:
            self._begin(session)
        elif start.queued and len(place.waiting) < MOST_QUEUED:
            place.waiting.append(session)
            about = {"siteId": start.site, "sessionId": session.id, "customData": start.custom}
            self._wires.publish(Said(said.QUEUED, about))
        else:
            why = f"{MOST_QUEUED} wait already" if start.queued else "canBeEnqueued is false"
            raise RequestError(f"the site has a session, and {why}; try again", field="siteId")

    def _wake(self, detected: Detected) -> None:
        """The wake word ends what goes on, and begins anew."""
        session = Session(
            Start(detected.site, session=detected.session, lang=detected.lang), self._wires
        )
        place = self._places.get(detected.site)
        if place is None:
            self._begin(session)
        elif len(place.waiting) < MOST_QUEUED:
            place.waiting.appendleft(session)
            place.session.hear(Leave(Reason.ABORTED))

    def _hear(self, captured: Captured) -> None:
        """Words for a session; without one, on a site that is free, they begin one."""
        place = self._places.get(captured.site)
        if place is not None and captured.session in (None, place.session.id):
            place.session.hear(captured)
        elif captured.session is None and place is None:
            self._begin(Session(Start(captured.site), self._wires, captured))
        else:
            log.debug("no session %s on %s", captured.session, captured.site)

    def _tell(self, message: SayFinished | AsrFailed) -> None:
        place = self._places.get(message.site)
        if place is not None:
            place.session.hear(message)

    def _go_on(self, message: Continue | End) -> None:
        """A handler's word; one that comes too late is of no consequence."""
        for place in self._places.values():
            if place.session.id == message.session:
                place.session.hear(message)
                return
        log.debug("no session %s", message.session)

    def _begin(self, session: Session) -> None:
        if len(self._places) >= MOST_SITES:
            raise RequestError(f"{MOST_SITES} sites have a session; try again", field="siteId")
        place = _Place(session)
        self._places[session.site] = place
        place.task = asyncio.get_running_loop().create_task(self._run(place))

    async def _run(self, place: _Place) -> None:
        """The session of a site, then those that wait for it."""
        site = place.session.site
        try:
            while True:
                await place.session.run()
                if not place.waiting:
                    return
                place.session = place.waiting.popleft()
        finally:
            if self._places.get(site) is place:
                del self._places[site]

    async def drop(self) -> None:
        """End everything unheard: the broker has gone, and nobody knows how things stand."""
        tasks = [place.task for place in self._places.values() if place.task is not None]
        self._places.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def stop(self) -> None:
        """Let turns that have begun be done, and end every session."""
        tasks = []
        for place in self._places.values():
            place.waiting.clear()
            place.session.hear(Leave(Reason.ERROR))
            if place.task is not None:
                tasks.append(place.task)
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE_S)
        await self.drop()
