"""Workers share one listening socket; the one with the fewest connections takes the next.

Left to chance, a few connections that stay open for long may all be one worker's, and half of the
machine idles. A worker that has more than another therefore waits a moment before it takes one.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from ctypes import Array, c_long

# Open connections of each worker, shared by all of them.
Board = list[int] | Array[c_long]

log = logging.getLogger("sayso.server")

POLITE_S = 0.02  # that a worker with more connections leaves to the others
PAUSE_S = 1.0  # when the system gives no more sockets


class Listener:
    """Takes connections, one at a time, and hands each to a protocol.

    place: this worker's on the board. connections: how many are open here now.
    """

    def __init__(
        self,
        listening: socket.socket,
        protocol: Callable[[], asyncio.Protocol],
        *,
        connections: Callable[[], int],
        board: Board,
        place: int,
    ) -> None:
        self._listening = listening
        self._protocol = protocol
        self._connections = connections
        self._board = board
        self._place = place
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.TimerHandle | None = None
        self._greeting: set[asyncio.Task[object]] = set()
        listening.setblocking(False)
        board[place] = connections()
        self._look()

    def close(self) -> None:
        """Take no more."""
        self._look_away()
        if self._waiting is not None:
            self._waiting.cancel()
        self._listening.close()

    def _look(self) -> None:
        self._loop.add_reader(self._listening.fileno(), self._knocked)

    def _look_away(self) -> None:
        self._loop.remove_reader(self._listening.fileno())

    def _knocked(self) -> None:
        self._board[self._place] = self._connections() + len(self._greeting)
        if self._board[self._place] > min(self._board):
            self._later(POLITE_S)
        else:
            self._take()

    def _later(self, pause_s: float) -> None:
        self._look_away()
        self._waiting = self._loop.call_later(pause_s, self._return)

    def _return(self) -> None:
        self._look()
        self._take()

    def _take(self) -> None:
        try:
            connection, _ = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another worker was faster, or the caller thought better of it
        except OSError as error:
            log.error("no connection can be taken now: %s", error)
            self._later(PAUSE_S)
            return
        connection.setblocking(False)
        greeting = self._loop.create_task(
            self._loop.connect_accepted_socket(self._protocol, connection)
        )
        self._greeting.add(greeting)
        greeting.add_done_callback(self._greeting.discard)
