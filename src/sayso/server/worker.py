"""One process that serves: a home, its application, and uvicorn on a socket it is given."""

from __future__ import annotations

import ctypes
import logging
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn

from sayso.runtime.home import Home
from sayso.server.app import create_app

GRACE_S = 30  # for turns that have begun; a back-end is given far less
BACKLOG = 2048
M_ARENA_MAX = -8  # of malloc.h


class _Server(uvicorn.Server):
    """uvicorn that says when it serves, and when it is about to wait for open requests."""

    def __init__(
        self, config: uvicorn.Config, on_ready: Callable[[], None], on_stop: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._on_stop = on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what would never end by itself, then stop."""
        self._on_stop()
        await super().shutdown(sockets)


def _share_an_arena() -> None:
    """Let all threads allocate from one heap; glibc would give each its own (40 MB for eight)."""
    with suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def work(
    folder: Path,
    listening: socket.socket,
    *,
    shared_metrics: Path | None,
    on_ready: Callable[[], None],
) -> None:
    """Serve until SIGTERM or SIGINT, then finish what has begun. Raises what Home.open raises."""
    _share_an_arena()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # uvicorn raises the signal that stopped it once more when it is done.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        home = Home.open(folder)
        try:
            app = create_app(home, shared_metrics=shared_metrics)
            config = uvicorn.Config(
                app,
                loop="asyncio",
                http="httptools",
                ws="none",
                lifespan="on",
                backlog=BACKLOG,
                log_config=None,
                log_level=logging.WARNING,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=GRACE_S,
            )
            _Server(config, on_ready, app.state.door.bell.close).run([listening])
        finally:
            home.close()
