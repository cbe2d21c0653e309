"""The bundle that a home serves: taken up, changed, and taken up again where another changed it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import sayso
from sayso import bundle as bundles
from sayso.bundle import Bundle, Part
from sayso.encoders import Encoders
from sayso.errors import BundleError
from sayso.learned import LEARNED
from sayso.routing.decide import Costs
from sayso.routing.explore import Exploration
from sayso.routing.ground import Ground
from sayso.runtime.engine import Engine
from sayso.runtime.engine_settings import EngineSettings
from sayso.runtime.load import KnownCards, engine_of, known_cards
from sayso.runtime.local_stores import LocalStores
from sayso.runtime.skill_files import SKILLS
from sayso.runtime.taught import Taught
from sayso.settings import Settings
from sayso.understanding.installed import Installed

_LOG = logging.getLogger(__name__)
BUNDLE = "bundle"


def engine_settings(settings: Settings, engine: str) -> EngineSettings:
    """The engine's part of sayso.toml; `engine` is what the bundle was trained with."""
    routing, understanding = settings.routing, settings.understanding
    return EngineSettings(
        engine=engine,
        shortlist=understanding.shortlist,
        known_sentences=understanding.known_sentences,
        costs=Costs.of_caution(routing.caution),
        ground=Ground(
            side_effects=Costs.of_caution(routing.caution_side_effects),
            trial=Costs.of_caution(routing.new_skill_floor),
            share=routing.new_skill_share,
        ),
        exploration=Exploration(routing.exploration, routing.exploration_of),
        flags=routing.flags,
        attention=routing.attention,
        habits=routing.habits,
    )


class Serving:
    """An engine of the home's bundle. Safe for many threads; several processes may serve one."""

    def __init__(self, folder: Path, settings: Settings, encoder: Encoders) -> None:
        """folder: of the home. Raises BundleError."""
        self._folder, self._settings, self._encoder = folder, settings, encoder
        self.local_stores: LocalStores[Installed] = LocalStores(
            settings.understanding.local_store_budget_mb << 20
        )
        self._taught = Taught(folder / LEARNED, settings.learning)
        self._change = Lock()
        self._stamp = bundles.stamp(folder / BUNDLE)
        self._bundle = bundles.read(folder / BUNDLE)
        self._engine = self._engine_of(self._bundle)

    @property
    def engine(self) -> Engine:
        """The engine that serves now."""
        return self._engine

    @property
    def learns(self) -> bool:
        """Whether the home learns from its log, and has not been told to stop."""
        return self._taught.learns

    @property
    def bundle(self) -> Bundle:
        """What it was made of."""
        return self._bundle

    def refresh(self) -> bool:
        """Take up a bundle that another process has pointed to; whether there was one.

        One that cannot be read is left alone, with a warning in the log of the process: what
        served before goes on serving. The same goes for what `sayso learn` wrote.
        """
        if self._taught.refresh():
            self._teach(self._engine)
        stamp = bundles.stamp(self._folder / BUNDLE)
        if stamp == self._stamp:
            return False
        with self._change:
            if stamp == self._stamp:
                return True
            try:
                self._take_up()
            except BundleError as error:
                _LOG.warning("the bundle before goes on serving: %s", error)
                self._stamp = stamp
        return True

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One change of the bundle at a time, among threads and processes, on the latest one."""
        with bundles.alone(self._folder), self._change:
            if bundles.stamp(self._folder / BUNDLE) != self._stamp:
                self._take_up()
            yield

    def change(self, put: Sequence[Part] = (), remove: Sequence[str] = ()) -> None:
        """Put and remove skills, and serve what comes of it. To be called while `writing`."""
        locales = {*self._engine.locales, *(locale for part in put for locale in part.locales)}
        bundles.change(
            self._folder / BUNDLE,
            put,
            remove,
            encoder=self._encoder.to_json(locales),
            written_by=sayso.__version__,
        )
        self._take_up()

    def _take_up(self) -> None:
        """Serve the bundle that is pointed to now, as every other process will."""
        stamp = bundles.stamp(self._folder / BUNDLE)
        bundle = bundles.read(self._folder / BUNDLE, self._bundle)
        self._engine = self._engine_of(bundle, known_cards(self._bundle, self._engine))
        self._bundle, self._stamp = bundle, stamp

    def _engine_of(self, bundle: Bundle, known: KnownCards | None = None) -> Engine:
        engine = engine_of(
            bundle,
            encoder=self._encoder,
            settings=engine_settings(self._settings, bundle.manifest.engine),
            skills_folder=self._folder / SKILLS,
            stores=self.local_stores,
            known=known,
        )
        self._teach(engine)
        for locale in self._settings.locales:
            engine.view(locale)  # made now, so that no turn has to wait for it
        return engine

    def _teach(self, engine: Engine) -> None:
        engine.rewrites, engine.online = self._taught.rewrites, self._taught.online
        engine.policies = self._taught.policies
