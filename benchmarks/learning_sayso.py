"""Sayso's own learning for `benchmarks.learning`, part by part.

    python -m benchmarks.learning --learner markov=benchmarks.learning_sayso:Markov

Each lets a night's `sayso learn` pass after every day, with the settings that a home has.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sayso.encoders import Encoder, Encoders
from sayso.jobs.nights import Nights
from sayso.settings import LearningSettings
from sayso.types.lessons import LoggedTurn
from sayso.understanding.online.suggest import Online
from sayso.understanding.rewrites import Rewrites


class All:
    """Mined rewrites, requests of everyone, and each person's own."""

    online, personal, people = True, True, LearningSettings().rewrite_people

    def __init__(self) -> None:
        settings = LearningSettings(rewrite_people=self.people)
        self._nights = Nights(_encoders(), settings, online=self.online)

    def __call__(self, rows: Sequence[LoggedTurn], day: int) -> tuple[Rewrites, Online | None]:
        """Two things that an engine looks up, from the next day on."""
        night = self._nights(rows, day)
        return night.rewrites, night.online

    def __del__(self) -> None:
        self._nights.close()


class Markov(All):
    """Mined rewrites alone."""

    online = False


class Markov30(Markov):
    """The same from thirty people on."""

    people = 30


class Global(All):
    """Mined rewrites and requests of everyone."""

    personal = False


@lru_cache(maxsize=1)
def _encoders() -> Encoders:
    return Encoders(Encoder.load(threads=2))
