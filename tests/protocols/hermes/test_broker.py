"""The connection itself: secrets, reconnection, the last will, and the end."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from sayso.errors import HomeError
from sayso.protocols.hermes.broker import STATUS, Address, tls_context
from sayso.runtime.home import Home
from tests.protocols.hermes.conftest import at_home, satellite, served
from tests.protocols.hermes.mosquitto import PATIENCE_S, free_port, mosquitto, program

QUERY = "hermes/nlu/query"


async def status(address: Address) -> str:
    """What the broker keeps of the service."""
    async with aiomqtt.Client(address.host, address.port) as client:
        await client.subscribe(STATUS)
        async with asyncio.timeout(PATIENCE_S):
            message = await anext(aiter(client.messages))
        return bytes(message.payload).decode()


def test_broker_that_goes_and_comes_back_is_found_again(home: Home, tmp_path: Path) -> None:
    port = free_port()
    address = Address("127.0.0.1", port)

    async def play() -> None:
        with ExitStack() as later:
            first = mosquitto(tmp_path, port=port)
            first.__enter__()
            async with served(home, address, first_pause_s=0.1):
                async with satellite(address) as there:
                    await there.wakes()
                    await there.expect("hermes/asr/startListening")
                    await asyncio.to_thread(first.__exit__, None, None, None)
                later.enter_context(mosquitto(tmp_path, port=port))
                async with satellite(address) as there:
                    async with asyncio.timeout(PATIENCE_S):
                        while await status(address) != "online":
                            await asyncio.sleep(0.1)
                    # The session went with the broker; the site is free.
                    await there.wakes()
                    await there.says("brew some tea")
                    assert await there.hears() == "The kettle is on."

    asyncio.run(play())


def test_broker_that_is_not_there_yet_is_waited_for(home: Home, tmp_path: Path) -> None:
    port = free_port()
    address = Address("127.0.0.1", port)

    async def play() -> None:
        async def later() -> Any:
            await asyncio.sleep(0.5)
            broker = mosquitto(tmp_path, port=port)
            await asyncio.to_thread(broker.__enter__)
            return broker

        starting = asyncio.create_task(later())
        async with served(home, address, first_pause_s=0.1):
            broker = await starting
            async with satellite(address) as there:
                await there.publish(QUERY, input="make me tea")
                await there.expect("hermes/nlu/intentParsed")
        broker.__exit__(None, None, None)

    asyncio.run(play())


def test_status_is_online_and_offline_when_it_stops(home: Home, broker: Address) -> None:
    async def play() -> tuple[str, str]:
        async with served(home, broker):
            there = await status(broker)
        return there, await status(broker)

    assert asyncio.run(play()) == ("online", "offline")


def test_password_is_told_and_a_wrong_one_is_an_error(home: Home, tmp_path: Path) -> None:
    passwords = tmp_path / "passwords"
    command = [program("mosquitto_passwd"), "-b", "-c", str(passwords), "sayso", "secret"]
    subprocess.run(command, check=True, capture_output=True)
    lines = ("allow_anonymous false", f"password_file {passwords}")

    async def play(port: int) -> None:
        known = Address("127.0.0.1", port, "sayso", "secret")
        async with at_home(home, known) as there:
            await there.publish(QUERY, input="make me tea")
            await there.expect("hermes/nlu/intentParsed")
        with pytest.raises(HomeError, match="refuses us"):
            async with served(home, Address("127.0.0.1", port, "sayso", "wrong")) as service:
                raise AssertionError(service)

    with mosquitto(tmp_path, *lines) as port:
        asyncio.run(play(port))


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of this machine's, signed by itself, and its key."""
    made, key = folder / "cert.pem", folder / "key.pem"
    kind = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split()
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    try:
        subprocess.run(
            ["openssl", *kind, "-keyout", key, "-out", made, *names],
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("openssl is not installed, to make a certificate with")
    return made, key


def test_tls_is_spoken_with_a_broker_that_is_known(home: Home, tmp_path: Path) -> None:
    made, key = certificate(tmp_path)
    lines = (f"certfile {made}", f"keyfile {key}")

    async def play(port: int) -> None:
        async with served(home, Address("127.0.0.1", port, tls=tls_context(made, None))):
            pass

    with mosquitto(tmp_path, *lines) as port:
        asyncio.run(play(port))
        stranger = tls_context(None, None)
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            stranger.wrap_socket(plain, server_hostname="127.0.0.1")


def test_file_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    for ca, certificate in ((tmp_path / "ca.pem", None), (None, tmp_path / "none.pem")):
        with pytest.raises(HomeError, match="pem"):
            tls_context(ca, certificate)


def test_retained_command_is_passed_over(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with aiomqtt.Client(broker.host, broker.port) as client:
            text = b'{"text": "brew some tea", "siteId": "kitchen"}'
            await client.publish("hermes/asr/textCaptured", text, qos=1, retain=True)
            try:
                async with at_home(home, broker) as there:
                    await there.publish(QUERY, input="make me tea")
                    await there.expect("hermes/nlu/intentParsed")
                    assert list(home.store.interactions()) == []
            finally:
                await client.publish("hermes/asr/textCaptured", b"", qos=1, retain=True)

    asyncio.run(play())


def test_session_that_is_open_is_ended_when_the_service_stops(home: Home, broker: Address) -> None:
    async def play() -> str:
        async with served(home, broker) as service, satellite(broker) as there:
            await there.wakes()
            await there.expect("hermes/asr/startListening")
            await service.stop()
            return await there.ended()

    assert asyncio.run(play()) == "error"
