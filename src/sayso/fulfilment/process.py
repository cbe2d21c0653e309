"""One worker process, seen from the pool: start it, give it a job, kill it when it is late."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sayso.errors import FulfilmentError
from sayso.fulfilment.wire import HEADER, LOADING_S, MAX_BYTES, parse_json

Progress = Callable[[str], object]
_TICK_S = 0.2  # a dead worker whose own children keep the pipes open is noticed after this long
_TAIL_BYTES = 4096  # of standard error, kept for the trace
_CHUNK = 65536
_PLACE = re.compile(r'File "([^"]+)", line (\d+) in (\S+)\n')
_START = (
    "import sys; place = sys.argv.pop(); place in sys.path or sys.path.insert(0, place);"
    "from sayso.fulfilment.worker import main; main()"
)


def no_progress(speech: str) -> None:
    """Nobody listens while the skill works."""


class Process:
    """A worker. One job at a time; not thread-safe; dead after a FulfilmentError.

    loaded: names of the skills it has run, so that the pool may send them here again.
    """

    def __init__(self) -> None:
        options = ["-P", "-u", "-X", "faulthandler", "-c", _START]
        self._child = subprocess.Popen(  # noqa: S603  this Python and nothing else
            [sys.executable, *options, str(Path(__file__).parents[2])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # a group of its own: Ctrl-C passes it by, a kill takes all
        )
        pipes = (self._child.stdin, self._child.stdout, self._child.stderr)
        self._pipes = tuple(pipe for pipe in pipes if pipe is not None)
        self._stdin, self._stdout, self._stderr = (pipe.fileno() for pipe in self._pipes)
        for pipe in self._pipes:
            os.set_blocking(pipe.fileno(), False)
        self._received, self._errors = bytearray(), bytearray()
        self._deaf = self._ended = False
        self.loaded: set[str] = set()

    @property
    def alive(self) -> bool:
        """Whether it can take another job."""
        return not self._ended and self._child.poll() is None

    def run(self, job: bytes, timeout_s: float, progress: Progress = no_progress) -> dict[str, Any]:
        """The worker's answer to a packed job: `result` or `failure`, as in `worker`.

        progress: called with what the skill says before its answer; the time goes on running.

        Importing the skill's code has a limit of its own. Raises FulfilmentError, and leaves the
        worker dead, where it hangs, dies or talks nonsense.
        """
        limit_s = timeout_s if self.loaded else LOADING_S  # a fresh one has to start first
        try:
            self._drain_errors()
            self._errors.clear()
            self._send(job, time.monotonic() + limit_s)
            deadline = time.monotonic() + limit_s
            while True:
                message = self._next(limit_s, deadline)
                if "progress" in message:
                    progress(str(message["progress"]))
                elif "phase" in message:
                    limit_s = LOADING_S if message["phase"] == "loading" else timeout_s
                    deadline = time.monotonic() + limit_s
                else:
                    return message
        except BaseException:
            self.kill()
            raise

    def last_words(self) -> str:
        """The end of what the last job wrote to standard output and error, in one line."""
        self._drain_errors()
        lines = self._errors.decode(errors="replace").strip().splitlines()
        return " | ".join(line.strip() for line in lines[-5:])[-500:]

    def interrupt(self) -> None:
        """End the worker and all that it started, from any thread; `run` notices at once."""
        try:
            os.killpg(self._child.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # macOS says the latter of a dead group
            self._child.kill()

    def kill(self) -> None:
        """End the worker and all that it started, and let go of it."""
        if self._ended:
            return
        self._ended = True  # once only: its process id may be somebody else's later
        self.interrupt()
        self._child.wait()
        for pipe in self._pipes:
            pipe.close()

    def _send(self, job: bytes, deadline: float) -> None:
        unsent = memoryview(job)
        while unsent:
            try:
                unsent = unsent[os.write(self._stdin, unsent) :]
            except BlockingIOError:
                self._wait(self._stdin, select.POLLOUT, deadline)
            except BrokenPipeError:
                raise self._died() from None

    def _next(self, limit_s: float, deadline: float) -> dict[str, Any]:
        """The next whole message before the deadline, which is that of a limit."""
        while (message := _take(self._received)) is None:
            if time.monotonic() >= deadline:
                raise FulfilmentError(f"gave no answer within {limit_s:g} s{self._where()}")
            self._wait(self._stdout, select.POLLIN, deadline)
            dead = not self.alive  # looked at before reading: its last message may be in the pipe
            chunk = self._read(self._stdout)
            self._received += chunk or b""
            self._drain_errors()
            if chunk == b"" or (dead and not chunk):
                raise self._died()
        return message

    def _wait(self, pipe: int, event: int, deadline: float) -> None:
        poller = select.poll()
        poller.register(pipe, event)
        if not self._deaf:
            poller.register(self._stderr, select.POLLIN)
        left_s = max(0.0, deadline - time.monotonic())
        poller.poll(min(left_s, _TICK_S) * 1000)

    def _read(self, pipe: int) -> bytes | None:
        """What lies in a pipe: None when nothing does yet, empty at its end."""
        try:
            return os.read(pipe, _CHUNK)
        except BlockingIOError:
            return None

    def _drain_errors(self) -> None:
        while chunk := self._read(self._stderr):
            self._errors += chunk
            del self._errors[:-_TAIL_BYTES]
            if len(chunk) < _CHUNK:
                return  # a handler that never stops printing must not keep us here
        self._deaf = chunk == b""  # it closed its standard error, and would wake us for ever

    def _died(self) -> FulfilmentError:
        try:
            code = self._child.wait(_TICK_S)
        except subprocess.TimeoutExpired:
            return FulfilmentError("closed its pipe")
        said = self.last_words()
        if code < 0:
            return FulfilmentError(f"was killed by {signal.Signals(-code).name}{self._place()}")
        return FulfilmentError(f"its process exited with {code}{': ' + said if said else ''}")

    def _where(self) -> str:
        """Where a hanging handler stands, in words: ` at handler.py:3 in handle`."""
        self._errors.clear()
        self._child.send_signal(signal.SIGUSR1)  # faulthandler writes the stack, even of C code
        deadline = time.monotonic() + _TICK_S
        while not self._place() and time.monotonic() < deadline:
            self._wait(self._stderr, select.POLLIN, deadline)
            self._drain_errors()
        return self._place()

    def _place(self) -> str:
        """The innermost line of the stack that faulthandler wrote, in words."""
        place = _PLACE.search(self._errors.decode(errors="replace"))
        return f" at {Path(place[1]).name}:{place[2]} in {place[3]}" if place else ""


def _take(received: bytearray) -> dict[str, Any] | None:
    """Take the first whole message off the buffer; None where there is none yet."""
    if len(received) < HEADER.size:
        return None
    (length,) = HEADER.unpack_from(received)
    if length > MAX_BYTES:
        raise FulfilmentError("wrote into its pipe what is no message")
    end = HEADER.size + length
    if len(received) < end:
        return None
    message = parse_json(bytes(received[HEADER.size : end]))
    del received[:end]
    if not isinstance(message, dict):
        raise FulfilmentError("wrote into its pipe what is no message")
    return message
