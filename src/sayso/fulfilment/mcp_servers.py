"""Connections to MCP servers: made when first needed, kept warm, ended when they fail.

The protocol's library is asynchronous: one thread has a loop for all servers, and callers wait for
it. A request is sent once: whatever happens after that, it is told and never sent again, for nobody
knows whether the tool has acted. The next call makes a new connection.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
import time
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any, TypeVar

import anyio
from mcp import Client, MCPError
from mcp_types import (
    INVALID_PARAMS,
    METHOD_NOT_FOUND,
    CallToolResult,
    Implementation,
    InputRequiredResult,
    ListToolsResult,
)

from sayso.errors import FulfilmentError
from sayso.fulfilment.mcp_line import (
    MOST_PAGES,
    START_S,
    Line,
    Order,
    answered,
    complaint,
    declining,
    left,
    ready,
    unreachable,
    with_declined,
)
from sayso.fulfilment.mcp_transport import transport_to
from sayso.fulfilment.variables import Environment
from sayso.types.skills import Service

WAIT_S = 10.0  # longest that one call waits for a server to be there
MOST_SERVERS = 64
MOST_AT_ONCE = 16  # calls of one server
_CLOSING_S = 8.0
_LIVES_ON = (INVALID_PARAMS, METHOD_NOT_FOUND)  # errors that say nothing about the connection
_log = logging.getLogger("sayso.fulfilment")
T = TypeVar("T")


class Servers:
    """MCP servers, by how they are reached. Thread-safe; `close` ends the programs.

    environment: what the variables that skills name stand for. private_addresses: whether servers
    may live at private or loopback addresses, and be reached without TLS there.
    """

    def __init__(
        self,
        *,
        environment: Environment,
        private_addresses: bool = False,
        ca_file: Path | None = None,
    ) -> None:
        self._environment = environment
        self._private = private_addresses
        self._ca_file = ca_file
        self._lines: dict[tuple[Any, ...], Line] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="sayso-mcp", daemon=True)
        self._thread.start()
        self._closed = False

    def call(
        self, service: Service, order: Order, *, folder: str | None, timeout_s: float
    ) -> CallToolResult | InputRequiredResult:
        """What the tool's server answers.

        folder: that a program is started in. timeout_s: of the call; a server that has to be
        started first may take a while longer. Raises FulfilmentError for whatever goes wrong.
        """
        return self._wait(self._call(service, order, folder, timeout_s), WAIT_S + timeout_s)

    def tools(
        self, service: Service, *, folder: str | None, timeout_s: float
    ) -> list[dict[str, Any]]:
        """Pages of the server's answer to `tools/list`, with what it says of itself."""
        return self._wait(self._tools(service, folder), timeout_s)

    def close(self) -> None:
        """End all connections, and the programs that were started."""
        if self._closed:
            return
        self._closed = True
        with suppress(Exception):
            self._wait(self._end_all(), _CLOSING_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_CLOSING_S)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()

    def _wait(self, task: Coroutine[Any, Any, T], limit_s: float) -> T:
        future = asyncio.run_coroutine_threadsafe(task, self._loop)
        try:
            return future.result(
                limit_s + 1.0
            )  # the task has its own limit; this is for a stuck loop
        except concurrent.futures.TimeoutError as error:
            future.cancel()
            raise FulfilmentError(f"gave no answer within {limit_s:g} s") from error
        except concurrent.futures.CancelledError as error:
            raise FulfilmentError("the back-ends are closed") from error

    async def _call(
        self, service: Service, order: Order, folder: str | None, timeout_s: float
    ) -> CallToolResult | InputRequiredResult:
        line = await self._line(service, folder)
        client = await ready(line, WAIT_S)
        if line.running >= MOST_AT_ONCE:
            raise FulfilmentError(f"the server has {MOST_AT_ONCE} calls to answer already")
        line.running += 1
        line.used, line.declined = time.monotonic(), ""
        try:
            with anyio.fail_after(timeout_s):
                return with_declined(await answered(client, order), line)
        except TimeoutError as error:
            line.retire()
            raise FulfilmentError(f"the server gave no answer within {timeout_s:g} s") from error
        except MCPError as error:
            if error.code not in _LIVES_ON:
                line.retire()
            raise FulfilmentError(complaint(error, line)) from error
        except Exception as error:  # a library that talks to what nobody here wrote
            line.retire()
            raise FulfilmentError(f"the server: {type(error).__name__}: {error}"[:300]) from error
        finally:
            line.running -= 1
            line.used = time.monotonic()
            if line.retired:
                line.retire()

    async def _tools(self, service: Service, folder: str | None) -> list[dict[str, Any]]:
        line = await self._line(service, folder)
        client = await ready(line, START_S)
        about = client.server_info.model_dump(exclude_none=True) if client.server_info else {}
        pages, cursor = [], None
        try:
            for _ in range(MOST_PAGES):
                page: ListToolsResult = await client.list_tools(cursor=cursor)
                told = page.model_dump(by_alias=True, mode="json", exclude_none=True)
                cursor = told.pop("nextCursor", None)
                pages.append({"serverInfo": about, "tools": told["tools"]})
                if client.instructions and len(pages) == 1:
                    pages[0]["instructions"] = client.instructions
                if cursor is None:
                    return pages
        except MCPError as error:
            raise FulfilmentError(complaint(error, line)) from error
        raise FulfilmentError(f"the list of tools has more than {MOST_PAGES} pages")

    async def _line(self, service: Service, folder: str | None) -> Line:
        """The connection to a server, made if there is none that can be used."""
        key = _key(service, folder)
        line = self._lines.get(key)
        if line is not None and line.usable:
            return line
        if self._closed:
            raise FulfilmentError("the back-ends are closed")
        if line is None and len(self._lines) >= MOST_SERVERS:
            self._make_room()
        line = Line(service, asyncio.get_running_loop().create_future())
        line.task = asyncio.create_task(self._hold(line, key, folder))
        self._lines[key] = line
        return line

    def _make_room(self) -> None:
        idle = [each for each in self._lines.values() if not each.running]
        if not idle:
            raise FulfilmentError(f"{MOST_SERVERS} MCP servers are at work already; try later")
        min(idle, key=lambda each: each.used).retire()

    async def _hold(self, line: Line, key: tuple[Any, ...], folder: str | None) -> None:
        """Connect, and keep the connection until it ends or nobody needs it."""
        late = asyncio.get_running_loop().call_later(START_S, _cancel, asyncio.current_task())
        try:
            async with AsyncExitStack() as stack:
                transport = await transport_to(
                    line.service,
                    folder,
                    line.ended,
                    environment=self._environment,
                    private_addresses=self._private,
                    ca_file=self._ca_file,
                    timeout_s=START_S,
                )
                client = Client(
                    transport,
                    elicitation_callback=declining(line),
                    client_info=Implementation(name="sayso", version="1"),
                    cache=None,
                )
                await stack.enter_async_context(client)
                late.cancel()
                line.ready.set_result(client)
                line.ended.then(line.leave.set)
                await left(line)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001  told to who waits
            late.cancel()
            if not line.ready.done():
                line.ready.set_exception(unreachable(error, line))
                line.ready.exception()  # it may be that nobody waits any more
            else:
                _log.info("an MCP connection ended: %s", error)
        finally:
            line.retired = True
            if self._lines.get(key) is line:
                del self._lines[key]

    async def _end_all(self) -> None:
        lines = list(self._lines.values())
        for line in lines:
            line.leave.set()
            if not line.ready.done() and line.task is not None:
                line.task.cancel()
        tasks = [line.task for line in lines if line.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=_CLOSING_S - 1)


def _cancel(task: asyncio.Task[Any] | None) -> None:
    if task is not None:
        task.cancel()


def _key(service: Service, folder: str | None) -> tuple[Any, ...]:
    headers: Sequence[Any] = sorted(service.headers.items())
    where = folder if service.command else None
    return (service.command, *service.args, None, *service.env, service.url, *headers, where)
