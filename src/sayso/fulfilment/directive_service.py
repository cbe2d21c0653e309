"""Alexa's directive service for web services on this machine: words while they still work.

It listens on the loopback interface, from the first call on that somebody listens to. A token is
good for one call while it lasts. Amazon's SDK for Node posts here; her SDK for Python wants HTTPS
with a certificate that everybody trusts, which nobody has for this machine, and fails at once.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from sayso.fulfilment.directives import Deliver, Directives

HERE = frozenset({"localhost", "127.0.0.1", "::1"})
MOST_BYTES = 16 * 1024
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")
_PATIENCE_S = 5.0  # for a caller that sends slowly


class DirectiveService:
    """The service of one process. Thread-safe; nothing listens before the first call."""

    def __init__(self) -> None:
        self._server: _Server | None = None
        self._lock = threading.Lock()

    @contextmanager
    def during(self, request: str, deliver: Deliver) -> Iterator[tuple[str, str]]:
        """`apiEndpoint` and `apiAccessToken` for one call, which are worth nothing after it."""
        token, server = secrets.token_urlsafe(24), self._listening()
        directives = Directives(deliver)
        directives.listen(request)
        server.calls[token] = directives
        try:
            yield f"http://127.0.0.1:{server.server_port}", token
        finally:
            del server.calls[token]

    def close(self) -> None:
        """Stop listening."""
        with self._lock:
            server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def _listening(self) -> _Server:
        with self._lock:
            if self._server is None:
                self._server = _Server(("127.0.0.1", 0), _Post)
                threading.Thread(target=self._server.serve_forever, daemon=True).start()
            return self._server


def is_here(url: str) -> bool:
    """Whether a service runs on this machine and can reach what listens on it."""
    return urlsplit(url).hostname in HERE


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.calls: dict[str, Directives] = {}


class _Post(BaseHTTPRequestHandler):
    timeout = _PATIENCE_S
    server: _Server

    def do_POST(self) -> None:
        status, body = self._answered()
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _answered(self) -> tuple[int, str]:
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        directives = self.server.calls.get(token) if kind == "Bearer" else None
        if self.path != "/v1/directives":
            return 404, ""
        if directives is None:
            return 401, ""
        body = self._body()
        if body is None:
            return 413, ""
        return directives.post(body.decode("utf-8", "replace"))

    def _body(self) -> bytes | None:
        """What was sent, whole or, as the SDK for Node does it, in chunks; None for too much."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            length = self.headers.get("Content-Length", "")
            fits = length.isdigit() and int(length) <= MOST_BYTES
            return self.rfile.read(int(length)) if fits else None
        body = b""
        while chunk := self._chunk(MOST_BYTES - len(body)):
            body += chunk
            if len(body) >= MOST_BYTES:
                return None
        return body

    def _chunk(self, most: int) -> bytes:
        """The next chunk, at most so much of it; empty at the end and for what is no chunk."""
        size = self.rfile.readline(20).strip()
        length = int(size, 16) if _SIZE.fullmatch(size) else 0
        content = self.rfile.read(min(length, most))
        self.rfile.readline(4)  # the line that every chunk ends
        return content

    def log_message(self, *_: object) -> None:
        """Nothing of what is said goes to a terminal."""
