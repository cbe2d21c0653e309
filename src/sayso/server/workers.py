"""Several workers and their parent, which replaces one that dies and stops them together.

The parent itself serves nothing and loads nothing heavy. Workers are spawned, not forked: threads
and open databases do not survive a fork.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import RawArray
from pathlib import Path

from sayso.errors import HomeError, SaysoError
from sayso.server.accept import Board

PATIENCE_S = 40  # a little more than a worker gives its turns
PAUSE_S = 1.0  # before a worker is replaced, so that one that cannot start does not spin
BUSY = 2**31 - 1  # connections of a worker that takes none

log = logging.getLogger("sayso.server")


@dataclass(frozen=True, slots=True)
class _Worker:
    process: BaseProcess
    news: Connection

    def until_ready(self) -> None:
        """Raises HomeError with the worker's own complaint if it cannot serve."""
        try:
            complaint: str = self.news.recv()
        except EOFError:
            self.process.join()
            complaint = f"a worker died as it started (exit code {self.process.exitcode})"
        if complaint:
            raise HomeError(complaint)


def supervise(
    folder: Path,
    listening: socket.socket,
    count: int,
    *,
    metrics: Path,
    on_ready: Callable[[], None],
) -> None:
    """Run `count` workers until SIGTERM or SIGINT. Raises HomeError if one cannot start."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    start = partial(_start, folder, listening, RawArray("l", count), metrics)
    workers: list[_Worker] = []
    try:
        workers += map(start, range(count))
        for worker in workers:
            worker.until_ready()
        on_ready()
        while True:
            wait([worker.process.sentinel for worker in workers])
            time.sleep(PAUSE_S)
            for number, worker in enumerate(workers):
                if not worker.process.is_alive():
                    log.error("worker %s died; another takes its place", worker.process.pid)
                    workers[number] = start(number)
    except KeyboardInterrupt:
        pass
    finally:
        listening.close()  # or it would go on queueing connections that nobody takes
        _stop(workers)
        signal.signal(signal.SIGTERM, before)


def _start(
    folder: Path, listening: socket.socket, board: Board, metrics: Path, number: int
) -> _Worker:
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    # A worker that is only starting, or is dead, is not one that takes connections.
    board[number] = BUSY
    process = context.Process(
        target=_main, args=(folder, listening, board, number, metrics, theirs)
    )
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _stop(workers: Sequence[_Worker]) -> None:
    """Let every worker finish; one that does not in time is killed."""
    interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for worker in workers:
        worker.process.terminate()
    deadline = time.monotonic() + PATIENCE_S
    for worker in workers:
        worker.process.join(max(0.0, deadline - time.monotonic()))
        worker.process.kill()
        worker.process.join()
        worker.news.close()
    signal.signal(signal.SIGINT, interrupt)


def _main(
    folder: Path,
    listening: socket.socket,
    board: Board,
    number: int,
    metrics: Path,
    news: Connection,
) -> None:
    # prometheus_client looks for it when it is imported, which `work` does.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    with suppress(KeyboardInterrupt):
        try:
            from sayso.server.worker import Place, work

            place = Place(board, number, metrics)
            work(folder, listening, place, on_ready=partial(news.send, ""))
        except SaysoError as error:
            news.send(str(error))
    for each in (signal.SIGTERM, signal.SIGINT):  # we are leaving, there is no need to say it again
        signal.signal(each, signal.SIG_IGN)


def _leave_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
