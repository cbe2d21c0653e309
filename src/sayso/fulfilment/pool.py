"""The worker processes and who may use them: one job a worker, some always left for others."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sayso.errors import FulfilmentError
from sayso.fulfilment.process import Process, Progress, no_progress
from sayso.fulfilment.wire import pack


class Pool:
    """Up to `workers` processes, started when first needed. Thread-safe.

    No skill may hold all of them (given two or more), so one that hangs leaves room for others.
    """

    def __init__(self, workers: int) -> None:
        self._most = workers
        self._share = max(1, workers - 1)
        self._free: list[Process] = []
        self._running: set[Process] = set()
        self._starting = 0
        self._busy: Counter[str] = Counter()
        self._closed = False
        self._changed = threading.Condition()

    def run(
        self,
        job: Mapping[str, Any],
        *,
        skill: str,
        timeout_s: float,
        progress: Progress = no_progress,
    ) -> Any:
        """What the skill's code returned for a job of `worker`; progress: see `Process.run`.

        Waits for a worker as long as a call may take. Raises FulfilmentError for all that the
        skill's code does wrong, and when no worker becomes free.
        """
        message = pack({**job, "timeout_s": timeout_s})
        worker = self._acquire(skill, time.monotonic() + timeout_s)
        try:
            answer = worker.run(message, timeout_s, progress)
            worker.loaded.add(skill)
            if "failure" in answer:
                raise _failure(answer, worker)
            return answer.get("result")
        finally:
            self._release(worker, skill)

    def close(self) -> None:
        """End every worker, those that are running a job as well."""
        with self._changed:
            self._closed = True
            free, self._free = self._free, []
            for worker in self._running:
                worker.interrupt()  # whoever waits for it cleans up
            self._changed.notify_all()
        for worker in free:
            worker.kill()

    def _acquire(self, skill: str, deadline: float) -> Process:
        with self._changed:
            while not self._closed and not self._room(skill):
                if not self._changed.wait(deadline - time.monotonic()):
                    raise FulfilmentError("no worker became free in time; raise fulfilment.workers")
            if self._closed:
                raise FulfilmentError("the back-ends are closed")
            self._busy[skill] += 1
            worker = self._pick(skill)
            if worker is not None:
                self._running.add(worker)
                return worker
            self._starting += 1
        return self._start(skill)

    def _room(self, skill: str) -> bool:
        """Whether the skill may have a worker now."""
        in_use = len(self._running) + self._starting
        return self._busy[skill] < self._share and in_use < self._most

    def _pick(self, skill: str) -> Process | None:
        """A free worker, one that knows the skill if there is one; None: start another."""
        for worker in [worker for worker in self._free if not worker.alive]:
            self._free.remove(worker)  # it died in its sleep
            worker.kill()
        known = [worker for worker in self._free if skill in worker.loaded]
        if not known and not self._free:
            return None
        worker = known[-1] if known else self._free[0]
        self._free.remove(worker)
        return worker

    def _start(self, skill: str) -> Process:
        """A new worker, made outside of the lock: others need not wait for it."""
        worker: Process | None = None
        try:
            worker = Process()
            return worker
        except OSError as error:
            raise FulfilmentError(f"no worker process could be started: {error}") from error
        finally:
            with self._changed:
                self._starting -= 1
                if worker is not None:
                    self._running.add(worker)
                else:
                    self._drop(skill)

    def _drop(self, skill: str) -> None:
        self._busy[skill] -= 1
        if not self._busy[skill]:
            del self._busy[skill]
        self._changed.notify_all()

    def _release(self, worker: Process, skill: str) -> None:
        with self._changed:
            self._running.discard(worker)
            if worker.alive and not self._closed:
                self._free.append(worker)
            else:
                worker.kill()
            self._drop(skill)


def _failure(answer: Mapping[str, Any], worker: Process) -> FulfilmentError:
    """What the skill's code raised, with the last lines that it printed."""
    said = worker.last_words()
    if answer.get("worn"):
        worker.kill()
    return FulfilmentError(f"{answer['failure']}{' | printed: ' + said if said else ''}")
