"""Run the MCP door: for one client on standard input and output, or for many over HTTP."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import uvicorn
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sayso import memory
from sayso.runtime.home import Home
from sayso.server.keys import Principal, check, who
from sayso.server.mcp.door import Context, McpDoor
from sayso.server.serve import listen, url_of
from sayso.settings import ServerKey

PATH = "/mcp"
GRACE_S = 10
_NO_KEY = "a known API key is needed: Authorization: Bearer KEY, or X-API-Key: KEY"


def serve_stdio(home: Home, *, user: str, locale: str | None, all_tools: bool) -> None:
    """Serve one client, on behalf of one user, until it closes standard input."""
    server = McpDoor(home, lambda _: user, locale, all_tools).server()
    _settle(home)

    async def run() -> None:
        async with stdio_server() as (received, sent):
            await server.run(received, sent, server.create_initialization_options())

    with suppress(KeyboardInterrupt):
        anyio.run(run)


def serve_http(
    folder: Path,
    *,
    user: str,
    locale: str | None,
    all_tools: bool,
    host: str | None,
    port: int | None,
    on_ready: Callable[[str], None],
) -> None:
    """Serve a home over streamable HTTP until SIGTERM or SIGINT, at `/mcp`.

    With API keys in sayso.toml each key speaks for its own user; an admin key, and a home without
    keys, which listens on loopback alone, for `user`. Raises what `Home.open` does, and HomeError
    where the address cannot be had.
    """
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with Home.open(folder) as home:
        said = home.settings.server
        host = said.host if host is None else host
        check(said.keys, host)
        with listen(host, said.port if port is None else port) as listening, _until_stopped():
            app = create_app(home, host, user=user, locale=locale, all_tools=all_tools)
            _settle(home)
            config = uvicorn.Config(
                app,
                ws="none",
                log_config=None,
                log_level=logging.WARNING,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=GRACE_S,
            )
            on_ready(url_of(listening) + PATH)
            uvicorn.Server(config).run([listening])


def _settle(home: Home) -> None:
    """Make ready what requests would wait for: a client waits for its server to start anyway."""
    home.warm_up().wait()  # tools are known by their descriptions
    memory.settle()


def _until_stopped() -> suppress:
    # uvicorn raises the signal that stopped it once more when it is done.
    return suppress(KeyboardInterrupt)


def create_app(
    home: Home, host: str, *, user: str, locale: str | None = None, all_tools: bool = False
) -> ASGIApp:
    """The application: the protocol behind the home's API keys."""
    server = home.settings.server

    def speaks_for(context: Context) -> str:
        principal = _principal(context.request.headers, server.keys) if context.request else None
        return (principal.user if principal is not None else None) or user

    door = McpDoor(home, speaks_for, locale, all_tools)
    # A page may point a name of its own at this machine; without keys, only the name tells.
    unguarded = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    inner = door.server().streamable_http_app(
        streamable_http_path=PATH,
        max_request_body_size=server.max_request_bytes,
        transport_security=unguarded if server.keys else None,
        host="127.0.0.1" if not server.keys else host,
    )
    return _Guarded(inner, server.keys)


class _Guarded:
    """Lets those pass who show a key; an ASGI application around another."""

    def __init__(self, inner: ASGIApp, keys: tuple[ServerKey, ...]) -> None:
        self._inner = inner
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _principal(Headers(scope=scope), self._keys) is not None:
            await self._inner(scope, receive, send)
            return
        refused = JSONResponse(
            {"error": {"type": "unauthenticated", "message": _NO_KEY}},
            401,
            {"WWW-Authenticate": "Bearer"},
        )
        await refused(scope, receive, send)


def _principal(headers: Any, keys: tuple[ServerKey, ...]) -> Principal | None:
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    shown = bearer.strip() if scheme.lower() == "bearer" else headers.get("x-api-key")
    return who(shown, keys)
