"""`sayso learn` beside the server, every so often, as a process of its own.

The server loads none of it: what passes the gates is written to the home, and every process that
serves it takes that up at its next turn.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from sayso import learned

log = logging.getLogger("sayso.server")
SETTLED_S = 60.0  # a server has this long to come up before it learns
PATIENCE_S = 5.0  # for a run that is told to stop; it goes on where it was, next time


@contextmanager
def learning(home: Path, every_h: float) -> Iterator[None]:
    """While inside, learn from the home's log every `every_h` hours; 0 means never.

    Counted from the last run, by whomever; where there was none, from the first start.
    """
    if not every_h:
        yield
        return
    if find_spec("ibis") is None:
        log.warning("nothing is learnt from the log: pip install 'sayso[learn]'")
        yield
        return
    schedule = _Schedule(home, every_h * 3600)
    schedule.start()
    try:
        yield
    finally:
        schedule.stop()


class _Schedule(threading.Thread):
    """Runs the verb, waits, runs it again."""

    def __init__(self, home: Path, every_s: float) -> None:
        super().__init__(name="learning", daemon=True)
        self._home, self._every_s = home, every_s
        self._over = threading.Event()
        self._run: subprocess.Popen[str] | None = None

    def run(self) -> None:
        folder = self._home / learned.LEARNED
        if learned.since_run(folder) is None:
            self._note(folder)  # else a server that is started anew every day would never learn
        while not self._over.wait(self._wait_s(folder)):
            self._learn()
            self._note(folder)  # what failed is tried again next time, and not at once

    def _wait_s(self, folder: Path) -> float:
        since = learned.since_run(folder)
        left = self._every_s - (since if since is not None else 0.0)
        return max(left, min(SETTLED_S, self._every_s))

    def _note(self, folder: Path) -> None:
        try:
            learned.note_run(folder)
        except OSError as error:
            log.warning("%s: when it was last learnt cannot be noted (%s)", folder, error)

    def stop(self) -> None:
        """Stop waiting, and a run that is going on."""
        self._over.set()
        run = self._run
        if run is not None and run.poll() is None:
            run.terminate()
        self.join(PATIENCE_S)
        if run is not None and run.poll() is None:
            run.kill()

    def _learn(self) -> None:
        # People who wait for an answer come first.
        polite = ["nice", "-n", "10"] if which("nice") else []
        command = [*polite, sys.executable, "-m", "sayso", "learn", str(self._home), "--json"]
        pipe = subprocess.PIPE
        with subprocess.Popen(  # noqa: S603 - our own verb
            command, stdout=pipe, stderr=pipe, text=True, encoding="utf-8"
        ) as self._run:
            out, err = self._run.communicate()
            code = self._run.returncode
        if self._over.is_set():
            return
        if code:
            last = err.strip().splitlines()[-1:] or [f"exit code {code}"]
            log.error("sayso learn failed, what served before serves on: %s", last[0])
            return
        told = json.loads(out)
        log.info(
            "learnt from %s turns: %s changes, now %s",
            told.get("turns"),
            len(told.get("changes", ())),
            told.get("states"),
        )
