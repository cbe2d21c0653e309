"""Sayso's own learning for `benchmarks.learning`, part by part.

    python -m benchmarks.learning --learner markov=benchmarks.learning_sayso:Markov

Each lets a night's `sayso learn` pass after every day, with the settings that a home has.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sayso.encoders import Encoder, Encoders
from sayso.jobs.nights import Night, Nights
from sayso.settings import LearningSettings
from sayso.types.lessons import LoggedTurn
from sayso.types.skills import Skill

EVERY = 2  # nights, after which skills are trained anew: it takes longer than all else


class All:
    """All of it: mined rewrites, requests of everyone and one's own, examples, questions."""

    online, personal, examples, asks = True, True, True, True
    people = LearningSettings().rewrite_people

    def __init__(self, skills: Sequence[Skill]) -> None:
        settings = LearningSettings(rewrite_people=self.people)
        taught = skills if self.examples else ()
        self._nights = Nights(
            _encoders(),
            settings,
            online=self.online,
            asks=self.asks,
            skills=taught,
            every=EVERY,
        )

    def __call__(self, rows: Sequence[LoggedTurn], day: int) -> Night:
        """What serves from the next day on."""
        return self._nights(rows, day)

    def __del__(self) -> None:
        self._nights.close()


class Markov(All):
    """Mined rewrites alone."""

    online = examples = asks = False


class Questions(Markov):
    """Mined rewrites, and questions in the place of giving up."""

    asks = True


class Examples(Markov):
    """Mined rewrites and examples."""

    examples = True


class Requests(All):
    """Mined rewrites, requests of everyone, and each person's own."""

    examples = asks = False


@lru_cache(maxsize=1)
def _encoders() -> Encoders:
    return Encoders(Encoder.load(threads=2))
