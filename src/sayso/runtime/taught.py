"""What the log has taught, as the engine uses it: taken up, and again where another changed it."""

from __future__ import annotations

import logging
from pathlib import Path

from sayso import learned
from sayso.errors import LearningError
from sayso.settings import LearningSettings
from sayso.understanding.rewrites import NO_REWRITES, TABLE, Rewrites, Shares

_LOG = logging.getLogger(__name__)


class Taught:
    """The version that serves. One that cannot be read is left alone, with a warning."""

    def __init__(self, folder: Path, settings: LearningSettings) -> None:
        """folder: `learned/` of the home, which need not be there."""
        self._folder = folder
        self._shares = Shares(settings.canary, settings.holdout)
        self._on = settings.rewrites
        self._stamp: tuple[int, int] | None = None
        self.rewrites = NO_REWRITES
        self.refresh()

    def refresh(self) -> bool:
        """Take up another version if there is one; whether there was."""
        stamp = learned.stamp(self._folder)
        if stamp == self._stamp or not self._on:
            return False
        self._stamp = stamp
        try:
            self.rewrites = self._read()
        except LearningError as error:
            _LOG.warning("what was learnt before goes on serving: %s", error)
        return True

    def _read(self) -> Rewrites:
        pointer = learned.current(self._folder)
        if pointer is None or pointer.off:
            return NO_REWRITES
        learned.read_manifest(pointer.folder)
        path = pointer.folder / TABLE
        return Rewrites.open(path, self._shares) if path.exists() else NO_REWRITES
