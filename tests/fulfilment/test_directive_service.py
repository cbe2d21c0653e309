"""The directive service for web services on this machine: for one call, while it lasts."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sayso.fulfilment import Backends
from sayso.fulfilment.directive_service import DirectiveService, is_here
from sayso.types.skills import Fulfilment, FulfilmentKind
from tests.fulfilment.skills import LAUNCH, context, skill

SPEAK = {"header": {"requestId": "r1"}, "directive": {"type": "VoicePlayer.Speak", "speech": "Hm."}}


@pytest.fixture
def service() -> Iterator[DirectiveService]:
    made = DirectiveService()
    yield made
    made.close()


def post(
    endpoint: str,
    token: str,
    body: Any = None,
    path: str = "/v1/directives",
    scheme: str = "Bearer",
) -> int:
    """The status of a directive that is posted."""
    connection = http.client.HTTPConnection(endpoint.removeprefix("http://"), timeout=5)
    try:
        headers = {"Authorization": f"{scheme} {token}"}
        connection.request("POST", path, json.dumps(body or SPEAK), headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_words_are_delivered_while_the_call_lasts_and_not_after(service: DirectiveService) -> None:
    said: list[str] = []
    with service.during("r1", said.append) as (endpoint, token):
        assert post(endpoint, token) == 204
    assert post(endpoint, token) == 401
    assert said == ["Hm."]


@pytest.mark.parametrize(
    ("chunks", "status"),
    [
        ([json.dumps(SPEAK).encode()], 204),
        ([json.dumps(SPEAK).encode()[:10], json.dumps(SPEAK).encode()[10:]], 204),
        ([b"x" * 9000, b"x" * 9000], 413),
        ([], 400),
    ],
)
def test_a_directive_may_come_in_chunks(
    service: DirectiveService, chunks: list[bytes], status: int
) -> None:
    with service.during("r1", lambda _: None) as (endpoint, token):
        connection = http.client.HTTPConnection(endpoint.removeprefix("http://"), timeout=5)
        headers = {"Authorization": f"Bearer {token}"}
        connection.request("POST", "/v1/directives", iter(chunks), headers, encode_chunked=True)
        assert connection.getresponse().status == status
        connection.close()


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"token": "guessed"}, 401),
        ({"scheme": "Basic"}, 401),
        ({"path": "/v1/other"}, 404),
        ({"body": {"no": "directive"}}, 400),
        ({"body": {**SPEAK, "header": {"requestId": "r0"}}}, 403),
        ({"body": ["x" * 20_000]}, 413),
    ],
)
def test_anything_else_is_refused(
    service: DirectiveService, how: dict[str, Any], status: int
) -> None:
    said: list[str] = []
    with service.during("r1", said.append) as (endpoint, token):
        assert post(endpoint, **{"token": token, **how}) == status
    assert said == []


def test_two_calls_at_once_are_kept_apart(service: DirectiveService) -> None:
    one: list[str] = []
    two: list[str] = []
    with (
        service.during("r1", one.append) as (endpoint, mine),
        service.during("r2", two.append) as (_, yours),
    ):
        assert post(endpoint, yours) == 403, "not of that call"
        assert post(endpoint, mine) == 204
    assert (one, two) == (["Hm."], [])


class Talker(BaseHTTPRequestHandler):
    """A web service that says something before its answer."""

    def do_POST(self) -> None:
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        system = event["context"]["System"]
        if system["apiAccessToken"]:
            speak = {**SPEAK, "header": {"requestId": event["request"]["requestId"]}}
            assert post(system["apiEndpoint"], system["apiAccessToken"], speak) == 204
        speech = {"type": "PlainText", "text": system["apiEndpoint"]}
        body = json.dumps({"response": {"outputSpeech": speech}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


@pytest.fixture
def talker() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Talker) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_service_is_told_of_it_only_where_somebody_listens(tmp_path: Path, talker: str) -> None:
    said: list[str] = []
    there = skill(Fulfilment(FulfilmentKind.HTTPS, url=talker))
    with Backends(home=tmp_path, private_addresses=True) as backends:
        heard = backends.answer(there, LAUNCH, context(), said.append)
        alone = backends.answer(there, LAUNCH, context())
    assert (heard.failure, alone.failure) == (None, None)
    assert heard.speech.startswith("http://127.0.0.1:")
    assert alone.speech == "https://127.0.0.1:1"
    assert said == ["Hm."]


def test_a_service_elsewhere_is_not_sent_to_this_machine() -> None:
    assert is_here("http://localhost:5000/tea")
    assert not is_here("https://example.org/127.0.0.1")
