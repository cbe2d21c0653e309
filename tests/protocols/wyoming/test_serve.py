"""Clients of every kind: many, rude, slow, gone. The service answers the next one."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from wyoming.asr import Transcript
from wyoming.client import AsyncClient
from wyoming.error import Error
from wyoming.handle import Handled
from wyoming.ping import Ping, Pong

from sayso.errors import HomeError, RequestError, StoreError
from sayso.protocols.wyoming import serve as service
from sayso.protocols.wyoming import wire
from sayso.runtime.home import Home
from tests.protocols.wyoming.conftest import ask, raw, served


async def still_there(uri: str) -> bool:
    async with AsyncClient.from_uri(uri) as client:
        return Pong.is_type((await ask(client, Ping())).type)


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        (b"hello\n", "not JSON"),
        (b"\xff\xfe\n", "not JSON"),
        (b"[]\n", "no JSON object"),
        (b"[" * 60_000 + b"\n", "not JSON"),
        (b"x" * 70_000 + b"\n", "longer than 65536 bytes"),
        (b"{}\n", "no type"),
        (b'{"type": 5}\n', "no type"),
        (b'{"type": "ping", "data": []}\n', "no JSON object"),
        (b'{"type": "ping", "data_length": -1}\n', "data_length is -1"),
        (b'{"type": "ping", "data_length": true}\n', "data_length is True"),
        (b'{"type": "ping", "data_length": 9999999999}\n', "0 to 262144"),
        (b'{"type": "ping", "payload_length": 1e9}\n', "payload_length is"),
        (b'{"type": "ping", "data_length": 5}\nhello', "not JSON"),
        (b'{"type": "ping", "data_length": 2}\n[]', "no JSON object"),
        (b'{"type": "ping", "data": {"text": "\\ud800"}}\n', "not JSON"),
    ],
)
def test_what_is_no_message_is_told_so_and_hung_up_on(
    home: Home, sent: bytes, complaint: str
) -> None:
    async def knock() -> bytes:
        async with served(home) as uri:
            said = await raw(uri, sent)
            assert await still_there(uri)
            return said

    said = asyncio.run(knock()).partition(b"\n")
    told = json.loads(said[2])
    assert json.loads(said[0])["type"] == "error"
    assert complaint in told["text"]
    assert told["code"] == "request"


def test_many_clients_are_answered_at_once_each_with_their_own(home: Home) -> None:
    async def one(uri: str, number: int) -> str:
        async with AsyncClient.from_uri(uri) as client:
            context = {"conversation_id": f"c{number}"}
            await ask(client, Transcript("dim the desk lamp", context=context))
            event = await ask(client, Transcript(str(number), context=context))
            return Handled.from_event(event).text or ""

    async def all_of_them() -> list[str]:
        async with served(home) as uri:
            return list(await asyncio.gather(*(one(uri, number) for number in range(10, 40))))

    assert asyncio.run(all_of_them()) == [
        f"The desk lamp is at {number} percent." for number in range(10, 40)
    ]


def test_one_client_too_many_is_told_to_come_back(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_CLIENTS", 2)

    async def crowd() -> None:
        async with served(home) as uri:
            async with AsyncClient.from_uri(uri) as one, AsyncClient.from_uri(uri) as two:
                await ask(one, Ping())
                await ask(two, Ping())
                async with AsyncClient.from_uri(uri) as three:
                    event = await three.read_event()
                    assert event is not None
                    assert Error.from_event(event).code == "busy"
            await asyncio.sleep(0.1)
            assert await still_there(uri)

    asyncio.run(crowd())


def test_client_that_never_reads_is_cut_off(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "WRITE_S", 0.2)
    text = "x" * 200_000
    line = json.dumps({"type": "ping", "data_length": len(text) + 12}).encode() + b"\n"
    message = line + json.dumps({"text": text}).encode()

    async def deaf() -> None:
        async with served(home) as uri:
            where = urlsplit(uri)
            knocking = socket.create_connection((str(where.hostname), where.port or 0))
            knocking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            knocking.setblocking(False)
            loop = asyncio.get_running_loop()
            cut = False
            with knocking:
                for _ in range(2000):
                    try:
                        await asyncio.wait_for(loop.sock_sendall(knocking, message), 20)
                    except ConnectionError:
                        cut = True
                        break
            assert cut
            assert await still_there(uri)

    asyncio.run(deaf())


def test_client_that_stops_in_the_middle_is_let_go(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "READ_S", 0.1)
    monkeypatch.setattr(wire, "IDLE_S", 0.1)

    async def dawdle() -> tuple[bytes, bytes]:
        async with served(home) as uri:
            half = await raw(uri, b'{"type": "ping", "data_length": 50}\n{"te')
            assert await still_there(uri)
            return half, await raw(uri, b'{"type": "pi')

    half, nothing = asyncio.run(dawdle())
    assert b"did not come within" in half
    assert nothing == b""


def test_fault_of_ours_is_an_error_without_its_details(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for fault in (StoreError("/secret/place is locked"), ZeroDivisionError("/secret/place")):

        def fail(request: object, fault: Exception = fault) -> Any:
            raise fault

        monkeypatch.setattr(home, "take", fail)

        async def talk() -> Error:
            async with served(home) as uri, AsyncClient.from_uri(uri) as client:
                return Error.from_event(await ask(client, Transcript("hi")))

        told = asyncio.run(talk())
        assert told.code == "internal"
        assert "secret" not in told.text
        assert "/secret/place" in caplog.text


def test_turn_that_has_begun_is_answered_when_the_service_stops(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, take = threading.Event(), threading.Event(), home.take

    def slowly(request: Any) -> Any:
        begun.set()
        go_on.wait(20)
        return take(request)

    monkeypatch.setattr(home, "take", slowly)

    async def stopped() -> None:
        working = service.Service(home, "ana")
        server = await asyncio.start_server(working.met, "127.0.0.1", 0)
        uri = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with AsyncClient.from_uri(uri) as idle, AsyncClient.from_uri(uri) as client:
            await ask(idle, Ping())
            answer = asyncio.create_task(ask(client, Transcript("brew some tea")))
            await asyncio.to_thread(begun.wait, 20)
            server.close()
            stopping = asyncio.create_task(working.stop())
            assert await idle.read_event() is None
            go_on.set()
            assert Handled.from_event(await answer).text == "The kettle is on."
            await stopping

    asyncio.run(stopped())


def test_unix_socket_is_for_its_owner_and_replaces_one_that_was_left(
    home: Home, tmp_path: Path
) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))

    async def talk() -> None:
        async with served(home, f"unix://{path}") as uri:
            assert path.stat().st_mode & 0o077 == 0
            assert await still_there(uri)

    asyncio.run(talk())


@pytest.mark.parametrize(
    ("uri", "complaint"),
    [
        ("tcp://0.0.0.0:0", "--network"),
        ("tcp://127.0.0.1", "no address"),
        ("tcp://127.0.0.1:99999", "cannot listen"),
        ("http://127.0.0.1:80", "no address"),
        ("", "no address"),
    ],
)
def test_address_that_cannot_be_had_says_why(home: Home, uri: str, complaint: str) -> None:
    async def listen() -> None:
        async with served(home, uri):
            pass

    with pytest.raises(HomeError, match=complaint):
        asyncio.run(listen())


def test_file_that_is_no_socket_is_left_alone(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_text("mine")

    async def listen() -> None:
        async with served(home, f"unix://{path}"):
            pass

    with pytest.raises(HomeError, match="no socket"):
        asyncio.run(listen())
    assert path.read_text() == "mine"


def test_user_has_to_be_a_name(home: Home) -> None:
    with pytest.raises(RequestError):
        asyncio.run(
            service.serve(home, "tcp://127.0.0.1:0", "", network=False, on_ready=lambda _: None)
        )
