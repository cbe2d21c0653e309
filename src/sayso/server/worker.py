"""One process that serves: a home, its application, and uvicorn on a socket it is given."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from sayso import memory
from sayso.runtime.home import Home
from sayso.server.accept import Board, Listener
from sayso.server.app import create_app

GRACE_S = 30  # for turns that have begun; a back-end is given far less
SWITCH_S = 0.0005


@dataclass(frozen=True, slots=True)
class Place:
    """A worker among its like.

    number: this one's place on the board.
    metrics: folder in which they add up their metrics; None for a worker on its own.
    """

    board: Board
    number: int = 0
    metrics: Path | None = None


class _Server(uvicorn.Server):
    """uvicorn, but it takes connections as `Listener` does, and ends streams when it stops."""

    def __init__(
        self,
        config: uvicorn.Config,
        listening: socket.socket,
        place: Place,
        *,
        on_ready: Callable[[], None],
        on_stop: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._listening = listening
        self._place = place
        self._on_ready = on_ready
        self._on_stop = on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then listen, then say so."""
        await super().startup([])
        if self.started:
            self._listener = Listener(
                self._listening,
                self._protocol,
                connections=lambda: len(self.server_state.connections),
                board=self._place.board,
                place=self._place.number,
            )
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, end what would never end by itself, finish the rest."""
        self._listener.close()
        self._on_stop()
        await super().shutdown([])

    def _protocol(self) -> asyncio.Protocol:
        kind: Callable[..., asyncio.Protocol] = self.config.http_protocol_class
        return kind(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )


def work(
    folder: Path, listening: socket.socket, place: Place, *, on_ready: Callable[[], None]
) -> None:
    """Serve until SIGTERM or SIGINT, then finish what has begun. Raises what Home.open raises."""
    memory.share_an_arena()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # uvicorn raises the signal that stopped it once more when it is done.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        home = Home.open(folder)
        try:
            app = create_app(home, shared_metrics=place.metrics)
            config = uvicorn.Config(
                app,
                loop="asyncio",
                http="httptools",
                ws="none",
                lifespan="on",
                log_config=None,
                log_level=logging.WARNING,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=GRACE_S,
            )
            memory.settle()
            # The loop that reads and answers waits so long for Python's lock while a turn is on.
            sys.setswitchinterval(SWITCH_S)
            end_streams = app.state.door.bell.close
            _Server(config, listening, place, on_ready=on_ready, on_stop=end_streams).run()
        finally:
            home.close()
