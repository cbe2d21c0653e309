"""The application: a home behind the endpoints, for one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path

from fastapi import FastAPI

from sayso import __version__
from sayso.runtime.home import Home
from sayso.server import errors
from sayso.server.api import events, operations, people, rasa, signals, skills, turns
from sayso.server.door import Door
from sayso.server.limits import Queue
from sayso.server.metrics import Measured, Meters
from sayso.server.streams import Bell

# A turn costs the same CPU with 3, 8 or 40 threads, but 40 take 7 MB more than 8. A thread that
# waits for a slow back-end costs nothing else, so there are more of them than cores.
THREADS = 16
LONGEST_QUEUE = 400


def create_app(home: Home, *, shared_metrics: Path | None = None) -> FastAPI:
    """The HTTP door of a home; closing the home is its opener's part.

    shared_metrics: folder in which the workers of one server add up their metrics.
    """
    meters = Meters(shared_metrics)
    bell = Bell(home)
    app = FastAPI(
        title="Sayso",
        version=__version__,
        description="Say something and be answered by the right one of very many skills.",
        lifespan=_ringing(bell),
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
    )
    app.state.door = Door(home, Queue(THREADS, LONGEST_QUEUE), meters, bell)
    app.state.max_request_bytes = home.settings.server.max_request_bytes
    for group in (turns, signals, skills, people, events, operations):
        app.include_router(group.router)
    if home.settings.server.rasa:
        app.include_router(rasa.router)
    app.add_middleware(Measured, meters=meters)
    errors.install(app, meters)
    return app


def _ringing(bell: Bell) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        ringing = asyncio.create_task(bell.run())
        try:
            yield
        finally:
            ringing.cancel()
            with suppress(asyncio.CancelledError):
                await ringing

    return lifespan
