"""A service on a real broker, and a satellite: a microphone, a recogniser and a voice."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from sayso.protocols.hermes.broker import Address
from sayso.protocols.hermes.serve import Service
from sayso.protocols.hermes.session import Times
from sayso.runtime.home import Home
from tests.protocols.hermes.mosquitto import PATIENCE_S, mosquitto

QUICK = Times(listen_s=10, handler_s=10, say_s=10)


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """One broker for all tests that do not stop it."""
    folder: Path = tmp_path_factory.mktemp("broker")
    with mosquitto(folder) as port:
        yield Address("127.0.0.1", port)


class Satellite:
    """Listens to everything. silent: it has no voice that would say when it is done."""

    def __init__(self, client: aiomqtt.Client, site: str, *, silent: bool = False) -> None:
        self.client, self.site, self.silent = client, site, silent
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.topics: list[str] = []  # of all that was ever heard
        self._news = asyncio.Condition()

    async def publish(self, topic: str, data: Any = None, **rest: Any) -> None:
        told = data if data is not None else {"siteId": self.site, **rest}
        payload = told if isinstance(told, bytes) else json.dumps(told).encode()
        await self.client.publish(topic, payload, qos=1)

    async def listen(self) -> None:
        """Keeps what is said to this site; its voice is done at once."""
        async for message in self.client.messages:
            try:
                data = json.loads(bytes(message.payload or b""))
            except (ValueError, RecursionError):
                continue
            if not isinstance(data, dict) or data.get("siteId") not in (self.site, "default"):
                continue
            topic = message.topic.value
            if topic == "hermes/tts/say" and not self.silent:
                await self.publish("hermes/tts/sayFinished", id=data["id"])
            async with self._news:
                self.heard.append((topic, data))
                self.topics.append(topic)
                self._news.notify_all()

    async def expect(self, topic: str) -> dict[str, Any]:
        """The next message on a topic; what came before it is forgotten."""
        async with asyncio.timeout(PATIENCE_S), self._news:
            while True:
                for place, (name, data) in enumerate(self.heard):
                    if name == topic:
                        del self.heard[: place + 1]
                        return data
                try:
                    await self._news.wait()
                except asyncio.CancelledError:
                    raise AssertionError(f"no {topic} in {self.heard}") from None

    async def says(self, text: str) -> None:
        """Somebody says something once they are listened to."""
        session = (await self.expect("hermes/asr/startListening"))["sessionId"]
        await self.publish("hermes/asr/textCaptured", text=text, sessionId=session, likelihood=1.0)

    async def hears(self) -> str:
        return str((await self.expect("hermes/tts/say"))["text"])

    async def ended(self) -> str:
        return str(
            (await self.expect("hermes/dialogueManager/sessionEnded"))["termination"]["reason"]
        )

    async def wakes(self) -> None:
        await self.publish("hermes/hotword/hey/detected", modelId="hey")


@asynccontextmanager
async def served(home: Home, address: Address, **options: Any) -> AsyncIterator[Service]:
    """A service that is connected."""
    ready = asyncio.Event()
    options.setdefault("times", QUICK)
    service = Service(home, address, "ana", **options)
    running = asyncio.create_task(service.run(ready.set))
    waiting = asyncio.create_task(ready.wait())
    both: list[asyncio.Task[Any]] = [running, waiting]
    try:
        await asyncio.wait(both, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        assert ready.is_set(), "the broker was not reached"
        yield service
    finally:
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)


@asynccontextmanager
async def satellite(
    address: Address, site: str = "kitchen", *, silent: bool = False
) -> AsyncIterator[Satellite]:
    client = aiomqtt.Client(
        address.host,
        address.port,
        username=address.username,
        password=address.password,
        socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
    )
    async with client:
        await client.subscribe("hermes/#", qos=1)
        there = Satellite(client, site, silent=silent)
        listening = asyncio.create_task(there.listen())
        try:
            yield there
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)


@asynccontextmanager
async def at_home(
    home: Home, address: Address, *, silent: bool = False, **options: Any
) -> AsyncIterator[Satellite]:
    """A served home, and a satellite in its kitchen."""
    async with served(home, address, **options), satellite(address, silent=silent) as there:
        yield there
