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
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import anyio
from mcp import Client, MCPError
from mcp.client import ClientRequestContext
from mcp_types import (
    CONNECTION_CLOSED,
    HEADER_MISMATCH,
    INVALID_PARAMS,
    METHOD_NOT_FOUND,
    CallToolRequest,
    CallToolRequestParams,
    CallToolResult,
    ElicitRequestParams,
    ElicitResult,
    Implementation,
    InputRequiredResult,
    ListToolsResult,
    TextContent,
)
from pydantic import TypeAdapter

from sayso.errors import FulfilmentError
from sayso.fulfilment.mcp_transport import Ended, transport_to
from sayso.fulfilment.variables import Environment
from sayso.types.skills import Service

START_S = 60.0  # longest that a server may take to be there; the call that started it waits less
WAIT_S = 10.0  # longest that one call waits for that
IDLE_S = 900.0  # a server that nobody has called for so long is let go of
MOST_SERVERS = 64
MOST_AT_ONCE = 16  # calls of one server
MOST_PAGES = 100  # of a list of tools
_PAUSE_S = 0.1  # before a server that asked for nothing but patience is asked again
_CLOSING_S = 8.0
_LIVES_ON = (INVALID_PARAMS, METHOD_NOT_FOUND)  # errors that say nothing about the connection
_RESULT: TypeAdapter[CallToolResult | InputRequiredResult] = TypeAdapter(
    CallToolResult | InputRequiredResult
)
_log = logging.getLogger("sayso.fulfilment")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Order:
    """What a server is asked to do.

    answers, state: of a call that goes on after the server wanted to know something.
    """

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, ElicitResult] | None = None
    state: str | None = None


@dataclass
class _Line:
    """A connection. Only the loop's thread touches it."""

    service: Service
    ready: asyncio.Future[Client]
    leave: asyncio.Event = field(default_factory=asyncio.Event)
    ended: Ended = field(default_factory=Ended)
    running: int = 0
    used: float = field(default_factory=time.monotonic)
    retired: bool = False
    declined: str = ""  # what the server asked in the middle of a call
    task: asyncio.Task[None] | None = None

    @property
    def usable(self) -> bool:
        return not (self.retired or self.ended.happened or self.leave.is_set())

    def retire(self) -> None:
        """No new calls; it ends when those that run have ended."""
        self.retired = True
        if not self.running:
            self.leave.set()


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
        self._lines: dict[tuple[Any, ...], _Line] = {}
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
        client = await _ready(line, min(WAIT_S, START_S))
        if line.running >= MOST_AT_ONCE:
            raise FulfilmentError(f"the server has {MOST_AT_ONCE} calls to answer already")
        line.running += 1
        line.used, line.declined = time.monotonic(), ""
        try:
            with anyio.fail_after(timeout_s):
                return _with_declined(await _answer(client, order), line)
        except TimeoutError as error:
            line.retire()
            raise FulfilmentError(f"the server gave no answer within {timeout_s:g} s") from error
        except MCPError as error:
            if error.code not in _LIVES_ON:
                line.retire()
            raise FulfilmentError(_told(error, line)) from error
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
        client = await _ready(line, START_S)
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
            raise FulfilmentError(_told(error, line)) from error
        raise FulfilmentError(f"the list of tools has more than {MOST_PAGES} pages")

    async def _line(self, service: Service, folder: str | None) -> _Line:
        """The connection to a server, made if there is none that can be used."""
        key = _key(service, folder)
        line = self._lines.get(key)
        if line is not None and line.usable:
            return line
        if self._closed:
            raise FulfilmentError("the back-ends are closed")
        if line is None and len(self._lines) >= MOST_SERVERS:
            self._make_room()
        line = _Line(service, asyncio.get_running_loop().create_future())
        line.task = asyncio.create_task(self._hold(line, key, folder))
        self._lines[key] = line
        return line

    def _make_room(self) -> None:
        idle = [each for each in self._lines.values() if not each.running]
        if not idle:
            raise FulfilmentError(f"{MOST_SERVERS} MCP servers are at work already; try later")
        min(idle, key=lambda each: each.used).retire()

    async def _hold(self, line: _Line, key: tuple[Any, ...], folder: str | None) -> None:
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
                    elicitation_callback=_declining(line),
                    client_info=Implementation(name="sayso", version="1"),
                    cache=None,
                )
                await stack.enter_async_context(client)
                late.cancel()
                line.ready.set_result(client)
                line.ended.then(line.leave.set)
                await _left(line)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001  told to who waits
            late.cancel()
            if not line.ready.done():
                line.ready.set_exception(_unreachable(error, line))
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


async def _left(line: _Line) -> None:
    """Until the connection has ended, or nobody has called for long."""
    while not line.leave.is_set():
        with anyio.move_on_after(IDLE_S):
            await line.leave.wait()
        if not line.running and time.monotonic() - line.used >= IDLE_S:
            return


async def _ready(line: _Line, wait_s: float) -> Client:
    """The client of a connection; it goes on being made where it is not there in time."""
    try:
        return await asyncio.wait_for(asyncio.shield(line.ready), wait_s)
    except TimeoutError as error:
        raise FulfilmentError(
            f"the server was not ready within {wait_s:g} s; it goes on starting"
        ) from error


async def _answer(client: Client, order: Order) -> CallToolResult | InputRequiredResult:
    """The answer; where a server asks for patience alone, it is asked again with its state."""
    answers, state = dict(order.answers) if order.answers else None, order.state
    while True:
        result = await _sent(client, order, answers, state)
        if not isinstance(result, InputRequiredResult) or result.input_requests:
            return result
        answers, state = None, result.request_state
        await asyncio.sleep(_PAUSE_S)


async def _sent(
    client: Client, order: Order, answers: dict[str, Any] | None, state: str | None
) -> CallToolResult | InputRequiredResult:
    params = CallToolRequestParams(
        name=order.tool,
        arguments=dict(order.arguments),
        input_responses=answers,
        request_state=state,
    )
    try:
        return await client.session.send_request(CallToolRequest(params=params), _RESULT)
    except MCPError as error:
        if error.code != HEADER_MISMATCH:
            raise
        # It was turned away before any tool saw it: its headers come from the list of tools.
        cursor = None
        for _ in range(MOST_PAGES):
            page = await client.list_tools(cursor=cursor)
            cursor = page.next_cursor
            if cursor is None or any(tool.name == order.tool for tool in page.tools):
                break
        return await client.session.send_request(CallToolRequest(params=params), _RESULT)


def _declining(line: _Line) -> Any:
    """Says no to a question in the middle of a call: a person's answer comes a turn later."""

    async def decline(_: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        line.declined = " ".join(params.message.split())[:200]
        return ElicitResult(action="decline")

    return decline


def _with_declined(result: T, line: _Line) -> T:
    """A failure with the question that was declined, which is what it is about."""
    if line.declined and isinstance(result, CallToolResult) and result.is_error:
        told = f'it asked "{line.declined}" in the middle of the call, and was told no'
        result.content.append(TextContent(type="text", text=told))
    return result


def _told(error: MCPError, line: _Line) -> str:
    """What went wrong, for the trace."""
    if error.code == CONNECTION_CLOSED or line.ended.happened:
        said = line.ended.last_words()
        return f"the server ended in the middle of a call{': ' + said if said else ''}"
    return f"the server: {error.message}"[:300]


def _unreachable(error: BaseException, line: _Line) -> FulfilmentError:
    """Why there is no connection, in one line."""
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    if isinstance(error, FulfilmentError):
        return error
    if isinstance(error, asyncio.CancelledError):
        return FulfilmentError(f"the server was not ready within {START_S:g} s")
    said = line.ended.last_words()
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return FulfilmentError(f"the server cannot be reached: {said or what}"[:300])


def _key(service: Service, folder: str | None) -> tuple[Any, ...]:
    headers: Sequence[Any] = sorted(service.headers.items())
    where = folder if service.command else None
    return (service.command, *service.args, None, *service.env, service.url, *headers, where)
