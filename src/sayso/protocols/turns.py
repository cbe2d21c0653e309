"""Turns for services that wait on sockets: in threads of their own, boundedly many at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter

from sayso.errors import RequestError

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 16  # most of them wait for a back-end; the engine works on one turn at a time
LONGEST_QUEUE = 200


class Busy(RequestError):
    """There is more to do than will ever be done in time; to be tried again later."""


class Turns:
    """Runs calls that block, such as `Home.take`, without holding up the sockets."""

    def __init__(self, threads: int = THREADS, longest: int = LONGEST_QUEUE) -> None:
        self._limiter = CapacityLimiter(threads)
        self._most = threads + longest
        self._inside = 0

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the call returns; its thread is never abandoned. Raises Busy when full."""
        if self._inside >= self._most:
            raise Busy("too many turns at once; try again")
        self._inside += 1
        try:
            bound = partial(call, *args, **kwargs)
            return await anyio.to_thread.run_sync(bound, limiter=self._limiter)
        finally:
            self._inside -= 1
