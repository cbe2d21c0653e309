"""The service: a home on a broker, as recogniser of intents and, unless told otherwise, as the
manager of the dialogue."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from sayso.errors import RequestError, SaysoError, StoreError
from sayso.protocols.hermes import messages, said
from sayso.protocols.hermes.broker import Address, Broker
from sayso.protocols.hermes.messages import ANYWHERE, Message, Query, Start
from sayso.protocols.hermes.nlu import understood
from sayso.protocols.hermes.said import Said
from sayso.protocols.hermes.session import Times, Wires
from sayso.protocols.hermes.sites import Sites
from sayso.protocols.stopping import told_to_stop
from sayso.protocols.turns import Turns
from sayso.runtime.home import Home
from sayso.runtime.requests import check_user
from sayso.stores.store import Event

log = logging.getLogger("sayso.hermes")

RING_EVERY_S = 0.5
_PATIENCE = Times()
DIALOGUE: Sequence[str] = (
    messages.TEXT_CAPTURED,
    messages.START,
    messages.CONTINUE,
    messages.END,
    messages.SAY_FINISHED,
    messages.ASR_ERROR,
    messages.DETECTED,
)


class Service:
    """A home on a broker. user: who speaks, on every site.

    nlu_only: answer queries alone; somebody else manages the dialogue.
    """

    def __init__(
        self,
        home: Home,
        address: Address,
        user: str,
        *,
        nlu_only: bool = False,
        times: Times = _PATIENCE,
        first_pause_s: float = 1.0,
    ) -> None:
        self._home, self._user, self._nlu_only = home, user, nlu_only
        topics = (messages.NLU_QUERY, *(() if nlu_only else DIALOGUE))
        self.broker = Broker(
            address, topics, heard=self._heard, lost=self._lost, first_pause_s=first_pause_s
        )
        self._turns = Turns()
        self._sites = Sites(Wires(home, user, self._turns, self.broker.publish, times))
        self._queries: set[asyncio.Task[None]] = set()

    async def run(self, on_ready: Callable[[], None]) -> None:
        """Serve until cancelled. Raises HomeError where the broker refuses us."""
        ringing = asyncio.create_task(self._ring())
        try:
            await self.broker.run(on_ready)
        finally:
            ringing.cancel()
            await asyncio.gather(ringing, return_exceptions=True)

    async def stop(self) -> None:
        """Let turns that have begun be done, and say what there is to say of it."""
        await self._sites.stop()
        if self._queries:
            await asyncio.wait(list(self._queries), timeout=5)
        await self.broker.flush()

    async def _lost(self) -> None:
        await self._sites.drop()

    def _heard(self, topic: str, payload: bytes) -> None:
        """Whatever comes in: it is answered, begun, or complained about."""
        try:
            message = messages.read(topic, payload)
            if isinstance(message, Query):
                task = asyncio.get_running_loop().create_task(self._query(message))
                self._queries.add(task)
                task.add_done_callback(self._queries.discard)
            elif message is not None:
                self._sites.take(message)
        except RequestError as wrong:
            self._complain(topic, wrong)
        except Exception:  # whatever it is, the others are served on
            log.exception("%s could not be heard", topic)

    def _complain(self, topic: str, wrong: RequestError, about: Message | None = None) -> None:
        field = f"{wrong.field}: " if wrong.field else ""
        where = said.NLU_ERROR if topic == messages.NLU_QUERY else said.DIALOGUE_ERROR
        told: dict[str, Any] = {"error": f"{field}{wrong}", "context": topic, "siteId": ANYWHERE}
        if isinstance(about, Query):
            told |= {"siteId": about.site, "id": about.id, "sessionId": about.session}
        self.broker.publish(Said(where, told))

    async def _query(self, query: Query) -> None:
        try:
            answer = await self._turns.run(
                understood, query, self._home, self._user, publish_intent=self._nlu_only
            )
        except RequestError as wrong:
            self._complain(messages.NLU_QUERY, wrong, query)
            return
        except Exception as failure:
            if isinstance(failure, SaysoError):
                log.error("a query failed: %s", failure)
            else:
                log.exception("a query failed")
            why = RequestError("something went wrong here; the service's log tells more")
            self._complain(messages.NLU_QUERY, why, query)
            return
        for each in answer:
            self.broker.publish(each)

    async def _ring(self) -> None:
        """What a skill says by itself is said where it was asked for."""
        last: int | None = None
        while True:
            await asyncio.sleep(RING_EVERY_S)
            if last is not None and not self.broker.connected:
                continue  # it is said when there is somebody to say it
            # A store that is locked for a while rings later.
            with suppress(StoreError):
                for event in await asyncio.to_thread(self._rung, last):
                    last = event.id
                    self._announce(event.device or ANYWHERE, event.speech)
                last = await asyncio.to_thread(self._home.last_event) if last is None else last

    def _rung(self, last: int | None) -> list[Event]:
        """What has rung since the event `last`; None is the beginning, when nothing is told."""
        self._home.ring()
        return [] if last is None else self._home.events(user=self._user, after=last)

    def _announce(self, site: str, speech: str) -> None:
        if self._nlu_only:
            init = {"type": "notification", "text": speech}
            self.broker.publish(Said(messages.START, {"siteId": site, "init": init}))
            return
        try:
            self._sites.take(Start(site, speech, notification=True, queued=True))
        except RequestError as full:
            log.warning("%s: an announcement is not said: %s", site, full)


async def serve(
    home: Home,
    address: Address,
    user: str,
    *,
    nlu_only: bool = False,
    on_ready: Callable[[], None],
) -> None:
    """Serve until SIGTERM or SIGINT. on_ready: called each time that the broker is connected.

    Raises HomeError where the broker refuses us, RequestError for what is no name of a user.
    """
    check_user(user)
    service = Service(home, address, user, nlu_only=nlu_only)
    with told_to_stop() as told:
        running = asyncio.create_task(service.run(on_ready))
        stopping = asyncio.create_task(told.wait())
        try:
            await asyncio.wait([running, stopping], return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
            await service.stop()
        finally:
            for task in (running, stopping):
                task.cancel()
            await asyncio.gather(running, stopping, return_exceptions=True)
