"""How an MCP server is reached: a program's standard input and output, or HTTP to one address."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import anyio
import httpx2
from anyio.to_thread import run_sync
from mcp import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from sayso.fulfilment.addresses import Endpoint, read_url, resolve
from sayso.fulfilment.variables import Environment, given, headers_of
from sayso.types.skills import Service

MOST_BYTES = 8 << 20  # of one answer over HTTP
_TAIL_BYTES = 4096  # of standard error, kept for the trace
_READ_S = 60.0  # between two bytes of an answer; calls have limits of their own


class Ended:
    """Whether the other side is gone, and what it wrote to standard error last."""

    def __init__(self) -> None:
        self.happened = False
        self._tail: deque[bytes] = deque(maxlen=16)
        self._then: Callable[[], None] = lambda: None

    def then(self, task: Callable[[], None]) -> None:
        """Do this when it happens, at once if it has."""
        self._then = task
        if self.happened:
            task()

    def now(self) -> None:
        """It has happened."""
        self.happened = True
        self._then()

    def heard(self, chunk: bytes) -> None:
        """Keep what a program wrote to standard error."""
        self._tail.append(chunk[-_TAIL_BYTES:])

    def last_words(self) -> str:
        """The end of that, in one line."""
        text = b"".join(self._tail)[-_TAIL_BYTES:].decode(errors="replace")
        lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
        return " | ".join(lines[-2:])[-300:]


Transport = AbstractAsyncContextManager[Any]


async def transport_to(
    service: Service,
    folder: str | None,
    ended: Ended,
    *,
    environment: Environment,
    private_addresses: bool,
    ca_file: Path | None,
    timeout_s: float,
) -> Transport:
    """A transport for the protocol's client. Raises FulfilmentError for what is not allowed.

    folder: that a program is started in. ended: told when the other side is gone.
    """
    if service.command is not None:
        return _program(service, folder, ended, environment)
    url = service.url or ""
    endpoint = read_url(url, private_addresses=private_addresses)
    headers = headers_of(service, environment)

    def look_up() -> str:
        return resolve(endpoint, private_addresses=private_addresses, timeout_s=timeout_s)

    address = await run_sync(look_up, abandon_on_cancel=True)
    return _http(url, endpoint, address, headers, ca_file, ended)


@asynccontextmanager
async def _program(
    service: Service, folder: str | None, ended: Ended, environment: Environment
) -> AsyncIterator[Any]:
    # Its environment is the few variables that every program has, and those that the skill names.
    parameters = StdioServerParameters(
        command=service.command or "",
        args=list(service.args),
        env=given(service.env, environment),
        cwd=folder,
    )
    loop = asyncio.get_running_loop()
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    loop.add_reader(reading, _listen, reading, ended, loop)
    try:
        with os.fdopen(writing, "w") as errors:
            transport = stdio_client(parameters, errors)
            received, sent = await transport.__aenter__()
        try:
            yield _Watched(received, ended), sent
        finally:
            await transport.__aexit__(None, None, None)
    finally:
        loop.remove_reader(reading)
        os.close(reading)


def _listen(pipe: int, ended: Ended, loop: asyncio.AbstractEventLoop) -> None:
    try:
        chunk = os.read(pipe, _TAIL_BYTES)
    except BlockingIOError:
        return
    if chunk:
        ended.heard(chunk)
    else:
        loop.remove_reader(pipe)


@asynccontextmanager
async def _http(
    url: str,
    endpoint: Endpoint,
    address: str,
    headers: dict[str, str],
    ca_file: Path | None,
    ended: Ended,
) -> AsyncIterator[Any]:
    verify = ssl.create_default_context(cafile=ca_file)
    pinned = _Pinned(httpx2.AsyncHTTPTransport(verify=verify, trust_env=False), endpoint, address)
    client = httpx2.AsyncClient(
        headers={"User-Agent": "sayso", **headers}, timeout=_READ_S, transport=pinned
    )
    async with client, streamable_http_client(url, http_client=client) as (received, sent):
        yield _Watched(received, ended), sent


class _Pinned(httpx2.AsyncBaseTransport):
    """Connects to the very address that was judged, with the name kept for TLS and `Host`."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, endpoint: Endpoint, address: str) -> None:
        self._inner = inner
        self._endpoint = endpoint
        self._address = address

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.host
        if host != self._endpoint.host:
            raise httpx2.ConnectError(f"{host} is not {self._endpoint.host}", request=request)
        headers = request.headers.copy()
        headers["Host"] = request.url.netloc.decode("ascii")
        there = httpx2.Request(
            request.method,
            request.url.copy_with(host=self._address),
            headers=headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        response = await self._inner.handle_async_request(there)
        response.stream = _Bounded(response.stream)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Bounded(httpx2.AsyncByteStream):
    """What a server answers, up to a size: nobody is to fill this process's memory."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._inner:
            size += len(chunk)
            if size > MOST_BYTES:
                raise httpx2.ReadError(f"the answer has more than {MOST_BYTES:,} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Watched:
    """What comes in; tells when nothing more will."""

    def __init__(self, inner: Any, ended: Ended) -> None:
        self._inner = inner
        self._ended = ended

    @property
    def last_context(self) -> Any:
        return getattr(self._inner, "last_context", None)

    async def receive(self) -> Any:
        try:
            return await self._inner.receive()
        except (anyio.EndOfStream, anyio.ClosedResourceError, anyio.BrokenResourceError):
            self._ended.now()
            raise

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Any:
        return await self._inner.__aexit__(kind, error, trace)
