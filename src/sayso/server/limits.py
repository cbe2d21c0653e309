"""What a request may cost: the size and strictness of its body, and a place in the queue."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine
from functools import partial
from typing import Any, ParamSpec, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic_core import from_json

from sayso.server.errors import Refusal

P = ParamSpec("P")
T = TypeVar("T")


class StrictRequest(Request):
    """A request whose body is bounded, declared to be JSON, and JSON by the letter."""

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """The body, counted as it comes in. Raises Refusal 413 as soon as it is too large."""
        largest: int = self.app.state.max_request_bytes
        declared = self.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > largest:
            raise _too_large(largest)
        seen = 0
        async for chunk in super().stream():
            seen += len(chunk)
            if seen > largest:
                raise _too_large(largest)
            yield chunk

    async def json(self) -> Any:
        """The body as JSON: no NaN, no lone surrogates, nesting bounded. Raises Refusal 400."""
        try:
            return from_json(await self.body(), allow_inf_nan=False)
        except ValueError as error:
            raise Refusal(400, f"The body is not valid JSON: {error}") from error


class StrictRoute(APIRoute):
    """A route that reads its requests strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, behind a look at the content type."""
        handle = super().get_route_handler()
        reads_body = self.body_field is not None

        async def strict(request: Request) -> Response:
            if reads_body:
                _check_media_type(request)
            return await handle(StrictRequest(request.scope, request.receive))

        return strict


def _check_media_type(request: Request) -> None:
    # Also what keeps a web page from posting here unasked: it may not send JSON to another site.
    given = request.headers.get("content-type", "")
    if given.partition(";")[0].strip().lower() != "application/json":
        raise Refusal(
            415, f'Send JSON with "Content-Type: application/json", not "{given or "nothing"}"'
        )


def _too_large(largest: int) -> Refusal:
    return Refusal(
        413,
        f"The body is larger than {largest} bytes; send less, or raise server.max_request_bytes",
    )


class Queue:
    """A bounded number of threads for calls that block, and a bounded queue before them."""

    def __init__(self, threads: int, longest: int) -> None:
        self._limiter = CapacityLimiter(threads)
        self._most = threads + longest
        self._inside = 0

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the call returns; its thread is never abandoned. Raises Refusal 503 when full."""
        if self._inside >= self._most:
            raise Refusal(503, "Too many turns at once; try again", headers={"Retry-After": "1"})
        self._inside += 1
        try:
            bound = partial(call, *args, **kwargs)
            return await anyio.to_thread.run_sync(bound, limiter=self._limiter)
        finally:
            self._inside -= 1
