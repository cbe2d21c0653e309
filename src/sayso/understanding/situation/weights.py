"""Relations of readings to facts -> what each adds, in log-odds.

Of each signal one fact counts for a reading, the one that it has most to do with: whoever reports
a hundred lamps must not outweigh the words. The weights were fitted list-wise with whole signals
left out at random (`sayso.training.situating`), so that each says what it can by itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.understanding.situation.facts import KINDS, SIGNALS, Fact
from sayso.understanding.situation.relate import RELATIONS, Relations, Table

LEAST = 0.01  # log-odds that are worth naming
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Situational:
    """Weights, in log-odds each: kind of fact -> relation -> weight."""

    weights: Mapping[str, Mapping[str, float]]

    def contributions(self, found: Relations) -> list[dict[str, float]]:
        """Of each reading what each signal adds: `signal: clause` -> log-odds."""
        added = (found.table * self._of(found.facts)).sum(axis=2)
        named: list[dict[str, float]] = [{} for _ in added]
        for chosen in attended(found).values():
            for at, place in enumerate(chosen.tolist()):
                more = float(added[at, place])
                if abs(more) >= LEAST:
                    fact = found.facts[place]
                    named[at][f"{fact.signal}: {fact.clause}"] = round(more, 4)
        return named

    def _of(self, facts: Sequence[Fact]) -> Table:
        """(facts, RELATIONS)."""
        rows = [[self.weights.get(x.kind, {}).get(r, 0.0) for r in RELATIONS] for x in facts]
        return np.array(rows, np.float32)

    def to_json(self) -> dict[str, Any]:
        """As it is shipped."""
        return {kind: dict(weights) for kind, weights in self.weights.items()}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Situational:
        """What `to_json` gave."""
        return cls({kind: raw.get(kind, {}) for kind in KINDS})


def attended(found: Relations) -> Mapping[str, Places]:
    """Signal -> (readings,) place of the fact that each reading has most to do with."""
    signals = [fact.signal for fact in found.facts]
    strength = np.abs(found.table).sum(axis=2)
    return {
        signal: mine[strength[:, mine].argmax(axis=1)]
        for signal in SIGNALS
        if len(mine := np.flatnonzero([each == signal for each in signals]))
    }


@lru_cache(maxsize=1)
def shipped_situational() -> Situational:
    """The weights that the package holds."""
    text = files("sayso.understanding.situation").joinpath("situation.json").read_text("utf-8")
    return Situational.from_json(json.loads(text))
