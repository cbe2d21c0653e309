"""One worker process, seen from the pool: start it, give it a job, kill it when it is late."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

import sayso
from sayso.errors import FulfilmentError
from sayso.fulfilment.wire import HEADER, LOADING_S, MAX_BYTES, parse_json

_TICK_S = 0.2  # a dead worker whose child keeps the pipes open is noticed after this long
_TAIL_BYTES = 4096  # of standard error, kept for the trace
_CHUNK = 65536
_READ, _GONE = select.POLLIN, select.POLLHUP | select.POLLERR


class Process:
    """A worker. One job at a time; not thread-safe; dead (`alive` False) after a FulfilmentError.

    loaded: ids of the skills it has run, so that the pool may send them here again.
    """

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-u", "-X", "faulthandler", "-m", "sayso.fulfilment.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # a group of its own: Ctrl-C passes it by, a kill takes all
            env={**os.environ, "PYTHONPATH": _import_path()},
        )
        self._stdin, self._stdout, self._stderr = map(_unblocked, _pipes(self._child))
        self._errors = bytearray()
        self._limit_s = 0.0
        self.alive = True
        self.loaded: set[str] = set()

    def run(self, job: bytes, timeout_s: float) -> dict[str, Any]:
        """The worker's answer to a packed job: `result` or `failure`, as in `worker`.

        Raises FulfilmentError, and leaves the worker dead, where it hangs, dies or talks nonsense.
        """
        self._limit_s = timeout_s if self.loaded else LOADING_S  # a fresh one has to boot
        try:
            return self._exchange(job)
        except BaseException:
            self.kill()
            raise

    def last_words(self) -> str:
        """The end of what the last job wrote to standard output and error."""
        self._drain_errors()
        lines = self._errors.decode(errors="replace").strip().splitlines()
        return " | ".join(lines[-5:])[-500:]

    def kill(self) -> None:
        """End the worker and all that it started."""
        self.alive = False
        try:
            os.killpg(self._child.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # macOS says the latter of zombies
            self._child.kill()
        self._child.wait()
        for pipe in _pipes(self._child):
            pipe.close()

    def _exchange(self, job: bytes) -> dict[str, Any]:
        self._drain_errors()
        self._errors.clear()
        poller = select.poll()
        poller.register(self._stdin, select.POLLOUT)
        poller.register(self._stdout, _READ)
        poller.register(self._stderr, _READ)
        unsent, received = memoryview(job), bytearray()
        started, deadline = time.monotonic(), time.monotonic() + self._limit_s
        while True:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise self._hung(time.monotonic() - started)
            for pipe, event in poller.poll(min(remaining, _TICK_S) * 1000):
                if pipe == self._stdin:
                    unsent = unsent[self._send(unsent, event) :]
                    if not unsent:
                        poller.unregister(self._stdin)
                elif pipe == self._stdout:
                    received += self._receive(event)
                elif not self._drain_errors():
                    poller.unregister(self._stderr)  # the handler closed it; that is its business
            for message in _messages(received):
                if "phase" not in message:
                    return message
                deadline = self._next_phase(message, job_limit_s=self._limit_s)
            if self._child.poll() is not None and not received:
                raise self._died()
