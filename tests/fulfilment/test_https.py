"""Skills behind a web service, on real sockets of this machine."""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import FulfilmentError
from sayso.fulfilment import Backends
from sayso.fulfilment.https import Https
from sayso.types.calls import Answer
from sayso.types.skills import Fulfilment, FulfilmentKind, Skill
from tests.fulfilment.skills import LAUNCH, asking, context, skill

HELLO = {"response": {"outputSpeech": {"type": "PlainText", "text": "Hello."}}}


class Service(BaseHTTPRequestHandler):
    """A web service; the path of the URL says how it behaves."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, Any, int]] = []  # noqa: RUF012  one list for all is meant
    signatures: list[str | None] = []  # noqa: RUF012

    def do_POST(self) -> None:
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append((self.headers["Host"], event, self.client_address[1]))
        self.signatures.append(self.headers["Signature-256"])
        getattr(self, "on_" + self.path.strip("/").partition("?")[0])()

    def answer(self, body: bytes, kind: str = "application/json", status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def on_hello(self) -> None:
        self.answer(json.dumps(HELLO).encode())

    def on_chunked(self) -> None:
        body = json.dumps(HELLO).encode()
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\n")
        self.wfile.write(b"Transfer-Encoding: chunked\r\n\r\n")
        for piece in (body[:10], body[10:], b""):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    def on_hang(self) -> None:
        time.sleep(3)

    def on_trickle(self) -> None:
        self._trickle(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", b" ")

    def on_trickle_headers(self) -> None:
        self._trickle(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n")

    def _trickle(self, first: bytes, then: bytes) -> None:
        self.wfile.write(first)
        for _ in range(60):
            self.wfile.write(then)
            time.sleep(0.05)

    def on_huge(self) -> None:
        self.answer(b"[" + b"1," * 200_000 + b"1]")

    def on_endless(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while True:
            self.wfile.write(b"x" * 65536)

    def on_redirect(self) -> None:
        self.send_response(307)
        self.send_header("Location", "http://169.254.169.254/latest")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def on_error(self) -> None:
        self.answer(b"oops", status=503)

    def on_html(self) -> None:
        self.answer(b"<html>", "text/html")

    def on_malformed(self) -> None:
        self.answer(b'{"response": ')

    def on_latin(self) -> None:
        self.answer('{"response": "ä"}'.encode("latin-1"))

    def on_deep(self) -> None:
        self.answer(b"[" * 100_000)

    def on_nan(self) -> None:
        self.answer(b'{"response": NaN}')

    def on_compressed(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
        self.wfile.write(b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")

    def on_garbage(self) -> None:
        self.wfile.write(b"\x00\xff no HTTP at all\r\n\r\n")
        self.close_connection = True

    def on_gone(self) -> None:
        self.close_connection = True

    def on_short(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
        self.wfile.write(b"Content-Length: 1000\r\n\r\n{")
        self.close_connection = True

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # the other side has hung up
            self.close_connection = True

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with _serving(Server(("127.0.0.1", 0), Service)) as found:
        yield found


class _serving:
    """A server that runs in a thread of its own; gives its port."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(0.02,))

    def __enter__(self) -> int:
        self._thread.start()
        return self._server.server_port

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def at(url: str, *, timeout_s: float = 5.0) -> Skill:
    return skill(Fulfilment(FulfilmentKind.HTTPS, url=url, timeout_s=timeout_s))


def test_a_service_gets_the_event_and_its_words_are_said(backends: Backends, port: int) -> None:
    answer = backends.answer(at(f"http://localhost:{port}/hello?x=1"), asking(), context({"n": 1}))
    assert answer == Answer("Hello.")
    host, event, _ = Service.seen[-1]
    assert host == f"localhost:{port}"
    assert event["request"]["intent"]["name"] == "Forecast"
    assert event["session"]["attributes"] == {"n": 1}


def test_a_chunked_answer_is_read(backends: Backends, port: int) -> None:
    answer = backends.answer(at(f"http://127.0.0.1:{port}/chunked"), LAUNCH, context())
    assert answer == Answer("Hello.")


def test_a_connection_is_used_again(port: int) -> None:
    https = Https(private_addresses=True)
    for path in ("hello", "chunked", "hello"):
        https.post(f"http://127.0.0.1:{port}/{path}", {}, timeout_s=5)
    assert len({client for _, _, client in Service.seen[-3:]}) == 1
    https.close()


def test_a_connection_that_went_wrong_is_not_used_again(port: int) -> None:
    https = Https(private_addresses=True)
    for path in ("hello", "html", "hello"):
        if path == "html":
            with pytest.raises(FulfilmentError, match="text/html"):
                https.post(f"http://127.0.0.1:{port}/{path}", {}, timeout_s=5)
        else:
            https.post(f"http://127.0.0.1:{port}/{path}", {}, timeout_s=5)
    first, second, third = (client for _, _, client in Service.seen[-3:])
    assert first == second != third
    https.close()


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("huge", "more than 262,144 bytes"),
        ("endless", "more than 262,144 bytes"),
        ("redirect", "answers 307; redirects are not followed"),
        ("error", "answers 503"),
        ("html", "answers with text/html; application/json is needed"),
        ("malformed", "not valid JSON: Expecting value"),
        ("latin", "not valid JSON: 'utf-8' codec"),
        ("deep", "not valid JSON: maximum recursion"),
        ("nan", "NaN is no JSON number"),
        ("compressed", "answers compressed"),
        ("garbage", "127.0.0.1: "),
        ("gone", "Remote end closed connection"),
        ("short", "not valid JSON"),
    ],
)
def test_a_service_that_talks_nonsense_is_told(
    backends: Backends, port: int, path: str, complaint: str
) -> None:
    answer = backends.answer(at(f"http://127.0.0.1:{port}/{path}"), LAUNCH, context())
    assert answer.speech == "Sorry, Weather Wise isn't answering right now."
    assert complaint in (answer.failure or "")


@pytest.mark.parametrize("path", ["hang", "trickle", "trickle_headers"])
def test_a_slow_service_costs_its_time_limit(backends: Backends, port: int, path: str) -> None:
    started = time.monotonic()
    slow = at(f"http://127.0.0.1:{port}/{path}", timeout_s=0.3)
    failure = backends.answer(slow, LAUNCH, context()).failure
    assert failure == "weather: 127.0.0.1 gave no answer within 0.3 s"
    assert time.monotonic() - started < 1.5


def test_nobody_listening_is_told(backends: Backends) -> None:
    with Server(("127.0.0.1", 0), Service) as server:
        free = server.server_port
    failure = backends.answer(at(f"http://127.0.0.1:{free}/"), LAUNCH, context()).failure
    assert "Connection refused" in (failure or "")


def test_a_service_that_is_just_starting_is_waited_for_a_moment(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    """Connecting is tried again, for nobody has heard anything so far."""
    import socket

    tries: list[object] = []
    genuine: Callable[..., Any] = socket.create_connection

    def connect(*place: Any, **more: Any) -> Any:
        tries.append(place)
        if len(tries) < 3:
            raise ConnectionRefusedError("Connection refused")
        return genuine(*place, **more)

    monkeypatch.setattr(socket, "create_connection", connect)
    before = len(Service.seen)
    https = Https(private_addresses=True)
    assert https.post(f"http://127.0.0.1:{port}/hello", {}, timeout_s=5) == HELLO
    https.close()
    assert (len(tries), len(Service.seen) - before) == (3, 1)


@pytest.mark.parametrize("path", ["gone", "short", "error", "malformed", "trickle"])
def test_what_was_sent_is_never_sent_again(port: int, path: str) -> None:
    before = len(Service.seen)
    https = Https(private_addresses=True)
    with pytest.raises(FulfilmentError):
        https.post(f"http://127.0.0.1:{port}/{path}", {}, timeout_s=0.4)
    https.close()
    assert len(Service.seen) - before == 1, "it may have acted"


def test_a_signature_goes_with_the_very_bytes_that_are_sent(port: int) -> None:
    signed: list[bytes] = []

    def sign(body: bytes) -> dict[str, str]:
        signed.append(body)
        return {"Signature-256": "c2lnbmVk"}

    https = Https(private_addresses=True, sign=sign)
    https.post(f"http://127.0.0.1:{port}/hello", {"a": "ä"}, timeout_s=5)
    https.close()
    assert signed == [json.dumps({"a": "ä"}).encode()]
    assert Service.signatures[-1] == "c2lnbmVk"


def test_private_addresses_are_refused_unless_allowed(tmp_path: Path, port: int) -> None:
    before = len(Service.seen)
    with Backends(home=tmp_path) as strict:
        for host in ("127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "[::1]"):
            failure = strict.answer(at(f"https://{host}:{port}/hello"), LAUNCH, context()).failure
            assert "a private address" in (failure or "")
        failure = strict.answer(at(f"http://127.0.0.1:{port}/hello"), LAUNCH, context()).failure
    assert "only https is allowed" in (failure or "")
    assert len(Service.seen) == before


def test_a_slow_host_is_not_called_without_end(port: int) -> None:
    https = Https(private_addresses=True)

    def call(_: int) -> str:
        with pytest.raises(FulfilmentError) as caught:
            https.post(f"http://127.0.0.1:{port}/hang", {}, timeout_s=0.5)
        return str(caught.value)

    with ThreadPoolExecutor(24) as threads:
        failures = list(threads.map(call, range(24)))
    assert sum("has 16 calls to answer already" in failure for failure in failures) == 8
    assert https.post(f"http://127.0.0.1:{port}/hello", {}, timeout_s=5) == HELLO
    https.close()


def test_eight_threads_are_served_at_once(backends: Backends, port: int) -> None:
    service = at(f"http://127.0.0.1:{port}/hello")

    def ask(_: int) -> set[str | None]:
        return {backends.answer(service, LAUNCH, context()).failure for _ in range(20)}

    with ThreadPoolExecutor(8) as threads:
        assert set().union(*threads.map(ask, range(8))) == {None}


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of `localhost` that nobody but its maker trusts, with its key."""
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost"]
    command += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def tls_port(certified: Path) -> Iterator[int]:
    server = Server(("127.0.0.1", 0), Service)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certified / "cert.pem", certified / "key.pem")
    server.socket = made.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    with _serving(server) as found:
        yield found


def test_tls_is_verified_by_name(certified: Path, tls_port: int) -> None:
    trusting = Https(private_addresses=True, ca_file=certified / "cert.pem")
    for path in ("hello", "hello", "chunked"):
        assert trusting.post(f"https://localhost:{tls_port}/{path}", {}, timeout_s=5) == HELLO
    assert len({client for _, _, client in Service.seen[-3:]}) == 1
    with pytest.raises(FulfilmentError, match="IP address mismatch"):
        trusting.post(f"https://127.0.0.1:{tls_port}/hello", {}, timeout_s=5)
    with pytest.raises(FulfilmentError, match="gave no answer within"):
        trusting.post(f"https://localhost:{tls_port}/trickle", {}, timeout_s=0.3)
    trusting.close()


def test_an_unknown_authority_is_refused(tls_port: int) -> None:
    with pytest.raises(FulfilmentError, match="CERTIFICATE_VERIFY_FAILED"):
        Https(private_addresses=True).post(f"https://localhost:{tls_port}/hello", {}, timeout_s=5)


def test_a_name_that_answers_twice_is_asked_once(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    """DNS rebinding: the address that was judged is the one that is called."""
    import socket

    asked: list[str] = []
    genuine: Callable[..., Any] = socket.getaddrinfo

    def answer(host: str, *rest: Any, **more: Any) -> Any:
        asked.append(host)
        return genuine("127.0.0.1", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    https = Https(private_addresses=True)
    assert https.post(f"http://rebind.example:{port}/hello", {}, timeout_s=5) == HELLO
    assert asked.count("rebind.example") == 1
    assert Service.seen[-1][0] == f"rebind.example:{port}"
    https.close()
