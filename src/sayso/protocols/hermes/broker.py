"""The connection to an MQTT broker: it comes back by itself, and nothing stale goes over it.

Everything is published and heard with QoS 1. What was to be said while the broker was away is not
said later, and what others said meanwhile is not heard: a command that is minutes old is worse
than none. For the same reason a retained message, which every newcomer is handed, is no command.
"""

from __future__ import annotations

import asyncio
import logging
import random
import socket
import ssl
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aiomqtt import Client, Message, MqttError, ProtocolVersion, Will
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from sayso.errors import HomeError
from sayso.protocols.hermes.messages import MOST_BYTES
from sayso.protocols.hermes.said import Said

log = logging.getLogger("sayso.hermes")

STATUS = "sayso/status"  # retained: `online`, and `offline` as the last will
QOS = 1
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
MOST_OUT = 1000  # messages that wait to be sent
MOST_IN = 1000  # and to be looked at
FLUSH_S = 2.0
HEADER_BYTES = 4096  # of a message: its topic, its properties


@dataclass(frozen=True, slots=True)
class Address:
    """A broker. tls: None for a connection in the clear."""

    host: str
    port: int
    username: str | None = None
    password: str | None = None
    tls: ssl.SSLContext | None = None


def tls_context(ca: Path | None, certificate: Path | None) -> ssl.SSLContext:
    """How to speak to a broker in secret. Raises HomeError for files that are none.

    ca: who signed the broker's certificate, None for those that the machine trusts.
    certificate: our own with its key, in one PEM file, where the broker wants one.
    """
    try:
        context = ssl.create_default_context(cafile=str(ca) if ca else None)
        if certificate is not None:
            context.load_cert_chain(certificate)
    except (OSError, ssl.SSLError) as error:
        raise HomeError(f"{ca or ''} {certificate or ''}: no certificate: {error}") from error
    return context


class Broker:
    """Publishes, and hands over what is heard, until cancelled.

    heard: given each topic and payload; lost: awaited whenever the connection is gone.
    """

    def __init__(
        self,
        address: Address,
        topics: Sequence[str],
        *,
        heard: Callable[[str, bytes], None],
        lost: Callable[[], Awaitable[None]],
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        self._address, self._topics = address, topics
        self._heard, self._lost = heard, lost
        self._first_pause_s = first_pause_s
        self._out: asyncio.Queue[Said] = asyncio.Queue(MOST_OUT)
        self._connected = False

    @property
    def connected(self) -> bool:
        """Whether there is a broker to take anything."""
        return self._connected

    def publish(self, said: Said) -> None:
        """Send a message soon; it is dropped where no broker is there to take it."""
        if not self._connected or self._out.full():
            log.warning("%s is not published: the broker does not take it", said.topic)
            return
        self._out.put_nowait(said)

    async def run(self, on_ready: Callable[[], None]) -> None:
        """Stay connected. on_ready: called each time that the topics are heard.

        Raises HomeError where the broker refuses us at the first attempt: it would for ever.
        """
        pause_s, met = self._first_pause_s, False
        while True:
            try:
                async with self._client() as client:
                    await client.subscribe([(topic, QOS) for topic in self._topics])
                    await client.publish(STATUS, "online", qos=QOS, retain=True)
                    self._connected, met, pause_s = True, True, self._first_pause_s
                    on_ready()
                    await self._serve(client)
            except MqttError as error:
                if not met and isinstance(error, MqttConnectError):
                    raise HomeError(
                        f"{self._where}: refuses us: {error}; see docs/hermes.md"
                    ) from error
                log.warning("%s: %s; trying again in %.0f s", self._where, error, pause_s)
            finally:
                self._connected = False
                self._clear()
            await self._lost()
            self._clear()
            # Not all at once, where many lost the same broker.
            await asyncio.sleep(pause_s * random.uniform(0.8, 1.2))
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def flush(self) -> None:
        """Send what waits, as long as that is possible."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FLUSH_S):
                await self._out.join()

    async def _serve(self, client: Client) -> None:
        sending = asyncio.create_task(self._send(client))
        try:
            async for message in client.messages:
                self._take(message)
        except asyncio.CancelledError:
            with suppress(MqttError):
                await client.publish(STATUS, "offline", qos=QOS, retain=True, timeout=FLUSH_S)
            raise
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    def _take(self, message: Message) -> None:
        if message.retain:
            log.warning(
                "%s was retained, which no command may be; it is passed over", message.topic
            )
            return
        payload = message.payload
        self._heard(message.topic.value, payload if isinstance(payload, bytes) else b"")

    async def _send(self, client: Client) -> None:
        while True:
            said = await self._out.get()
            try:
                await client.publish(said.topic, said.payload, qos=QOS)
            except MqttError as error:
                log.warning("%s is not published: %s", said.topic, error)
            finally:
                self._out.task_done()

    def _clear(self) -> None:
        while not self._out.empty():
            self._out.get_nowait()
            self._out.task_done()

    def _client(self) -> Client:
        address = self._address
        wanted = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        # The broker keeps what is larger to itself: a message is read whole before it is judged.
        wanted.MaximumPacketSize = MOST_BYTES + HEADER_BYTES
        return Client(
            address.host,
            address.port,
            username=address.username,
            password=address.password,
            identifier=f"sayso-{uuid.uuid4().hex[:12]}",
            protocol=ProtocolVersion.V5,
            properties=wanted,
            will=Will(STATUS, "offline", qos=QOS, retain=True),
            tls_context=address.tls,
            max_queued_incoming_messages=MOST_IN,
            max_queued_outgoing_messages=MOST_OUT,
            # A message waits for no other: each is small, and somebody for the answer.
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
            logger=log,
        )

    @property
    def _where(self) -> str:
        return f"MQTT broker {self._address.host}:{self._address.port}"
