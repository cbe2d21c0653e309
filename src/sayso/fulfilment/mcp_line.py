"""One connection to an MCP server: what goes over it, and how its end is told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import anyio
from mcp import Client, MCPError
from mcp.client import ClientRequestContext
from mcp_types import (
    CONNECTION_CLOSED,
    HEADER_MISMATCH,
    CallToolRequest,
    CallToolRequestParams,
    CallToolResult,
    ElicitRequestParams,
    ElicitResult,
    InputRequiredResult,
    TextContent,
)
from pydantic import TypeAdapter

from sayso.errors import FulfilmentError
from sayso.fulfilment.mcp_transport import Ended
from sayso.types.skills import Service

START_S = 60.0  # longest that a server may take to be there; the call that started it waits less
IDLE_S = 900.0  # a server that nobody has called for so long is let go of
MOST_PAGES = 100  # of a list of tools
_PAUSE_S = 0.1  # before a server that asked for nothing but patience is asked again
_RESULT: TypeAdapter[CallToolResult | InputRequiredResult] = TypeAdapter(
    CallToolResult | InputRequiredResult
)
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
class Line:
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
        """Whether another call may go over it."""
        return not (self.retired or self.ended.happened or self.leave.is_set())

    def retire(self) -> None:
        """No new calls; it ends when those that run have ended."""
        self.retired = True
        if not self.running:
            self.leave.set()


async def left(line: Line) -> None:
    """Until the connection has ended, or nobody has called for long."""
    while not line.leave.is_set():
        with anyio.move_on_after(IDLE_S):
            await line.leave.wait()
        if not line.running and time.monotonic() - line.used >= IDLE_S:
            return


async def ready(line: Line, wait_s: float) -> Client:
    """The client of a connection; it goes on being made where it is not there in time."""
    try:
        return await asyncio.wait_for(asyncio.shield(line.ready), wait_s)
    except TimeoutError as error:
        raise FulfilmentError(
            f"the server was not ready within {wait_s:g} s; it goes on starting"
        ) from error


async def answered(client: Client, order: Order) -> CallToolResult | InputRequiredResult:
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


def declining(line: Line) -> Any:
    """Says no to a question in the middle of a call: a person's answer comes a turn later."""

    async def decline(_: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        line.declined = " ".join(params.message.split())[:200]
        return ElicitResult(action="decline")

    return decline


def with_declined(result: T, line: Line) -> T:
    """A failure with the question that was declined, which is what it is about."""
    if line.declined and isinstance(result, CallToolResult) and result.is_error:
        told = f'it asked "{line.declined}" in the middle of the call, and was told no'
        result.content.append(TextContent(type="text", text=told))
    return result


def complaint(error: MCPError, line: Line) -> str:
    """What went wrong, for the trace."""
    if error.code == CONNECTION_CLOSED or line.ended.happened:
        said = line.ended.last_words()
        return f"the server ended in the middle of a call{': ' + said if said else ''}"
    return f"the server: {error.message}"[:300]


def unreachable(error: BaseException, line: Line) -> FulfilmentError:
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
