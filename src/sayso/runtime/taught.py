"""What the log has taught, as the engine uses it: taken up, and again where another changed it."""

from __future__ import annotations

import logging
from pathlib import Path

from sayso import learned
from sayso.bundle import Segment
from sayso.errors import BundleError, LearningError
from sayso.routing.kept import read_policies
from sayso.routing.policies import NO_POLICIES, Policies, policies_of
from sayso.settings import LearningSettings
from sayso.understanding.online.index import Index
from sayso.understanding.online.ranker import RANKER, Ranker, ranker_of, shipped_ranker
from sayso.understanding.online.suggest import Layer, Online
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
        self.online: Online | None = None
        self.policies = NO_POLICIES
        self.learns = False
        self.refresh()

    def refresh(self) -> bool:
        """Take up another version if there is one; whether there was."""
        stamp = learned.stamp(self._folder)
        if stamp == self._stamp or not self._on:
            return False
        self._stamp = stamp
        try:
            pointer = learned.current(self._folder)
            self.learns = pointer is not None and not pointer.off
            self.rewrites, self.online, self.policies = self._read(pointer)
        except (LearningError, BundleError) as error:
            _LOG.warning("what was learnt before goes on serving: %s", error)
        return True

    @property
    def ranker(self) -> Ranker:
        """What judges requests: the home's own, or the packaged one."""
        return self.online.ranker if self.online is not None else shipped_ranker()

    def _read(self, pointer: learned.Pointer | None) -> tuple[Rewrites, Online | None, Policies]:
        if pointer is None or pointer.off:
            return NO_REWRITES, None, NO_POLICIES
        learned.read_manifest(pointer.folder)
        path = pointer.folder / TABLE
        rewrites = Rewrites.open(path, self._shares) if path.exists() else NO_REWRITES
        policies = policies_of(read_policies(self._folder), self._shares)
        return rewrites, open_online(pointer.folder, policies), policies


def open_online(folder: Path, policies: Policies = NO_POLICIES) -> Online | None:
    """The indexes of a version with what judges them; None where there are none.

    A layer that was given up is left out. Raises BundleError for damaged ones.
    """
    if not (folder / RANKER).exists():
        return None
    paths = () if policies.given_up(Layer.GLOBAL.policy) else sorted(folder.glob("*.online"))
    indexes = {path.stem: Index(Segment(path)) for path in paths}
    ranker = ranker_of((folder / RANKER).read_bytes())
    return Online(indexes, ranker, personal=not policies.given_up(Layer.PERSONAL.policy))
