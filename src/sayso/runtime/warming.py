"""What a turn would make when it first needs it is made before, beside the turns."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event, Thread

from sayso.runtime.engine import Engine

MOST = 2000  # skills; of more not all would be kept


class Warming:
    """Reads the descriptions of an engine's skills, one by one, until it is done or stopped."""

    def __init__(self, engine: Engine, locales: Sequence[str]) -> None:
        self._engine, self._locales = engine, locales
        self._over = Event()
        self._thread = Thread(target=self._run, name="warming", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Until all is ready."""
        self._thread.join()

    def stop(self) -> None:
        """Let the skill be that is being read, and no other."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        for locale in self._locales:
            view = self._engine.view(locale)
            if len(view.installed) > MOST:
                continue
            for name in list(view.installed):
                if self._over.is_set():
                    return
                told = view.installed[name].descriptions
                if told is not None:
                    told.warm()
