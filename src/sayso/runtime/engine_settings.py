"""How an engine reads and routes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sayso.routing.decide import Costs
from sayso.routing.explore import Exploration
from sayso.routing.ground import Ground
from sayso.understanding.personal import Personal, shipped_personal


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How the engine reads and routes.

    engine: which models are fitted for skills added live; shortlist: skills read in full.
    ground: what costly intents and new skills must clear; exploration: how often a runner-up is
        tried.
    flags, attention, habits: whether that counts of what is known of a person.
    """

    engine: str = "shared"
    shortlist: int = 8
    known_sentences: bool = True
    costs: Costs = field(default_factory=Costs)
    ground: Ground = field(default_factory=Ground)
    exploration: Exploration = field(default_factory=Exploration)
    flags: bool = True
    attention: bool = True
    habits: bool = True

    @property
    def personal(self) -> Personal:
        """The weights of what is known of a person."""
        return replace(
            shipped_personal(), flags=self.flags, attention=self.attention, habits=self.habits
        )
