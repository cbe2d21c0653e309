"""Figures -> probabilities: that what was heard is right as it stands, that another was meant.

What ships (`online.safetensors`) was fitted by `scripts/make_online.py` on simulated people; a home
fits its own from what it has mined (`sayso.rewriting.online.fit`) and takes it where it is better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from sayso.bundle import Packed, pack_tensors, unpack_tensors
from sayso.errors import BundleError
from sayso.trees import Trees, load
from sayso.types.readings import Outcome
from sayso.understanding.online.figures import KEEP, MEANT, Floats
from sayso.understanding.online.projection import Projection

RANKER = "online.ranker"  # a home's own, in a version of what was learnt


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a request is rewritten, and when Sayso asks which one was meant.

    defect: of what was heard, at least; better: probability that the other is meant, at least;
    margin: of that over what was heard being right.
    wrong, question: what a wrong action and a question cost, a right action being worth 1, as the
    router weighs them; least: probability of what is asked about.
    """

    defect: float = 0.3
    better: float = 0.7
    margin: float = 0.3
    wrong: float = 1.5
    question: float = 0.8
    least: float = 0.1

    def sure(self, meant: float, kept: float) -> bool:
        """Whether to rewrite: three thresholds."""
        return 1 - kept > self.defect and meant > self.better and meant - kept > self.margin

    def asks(self, meant: float, offered: float, kept: float, outcome: Outcome) -> bool:
        """Whether a question is worth more than to go on as it is.

        offered: probability that one of what is offered is right; outcome: of the first reading.
        """
        stands = 0.0
        if outcome is Outcome.ACT:
            stands = kept - self.wrong * (1 - kept)
        elif outcome is Outcome.ASK:
            stands = max(0.0, kept - self.question)
        return meant > self.least and min(1.0, offered) - self.question > stands


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """The two models, the map of vectors that they were fitted with, and the thresholds."""

    keep: Trees
    meant: Trees
    projection: Projection = field(default_factory=Projection)
    thresholds: Thresholds = field(default_factory=Thresholds)

    def kept(self, figures: Floats) -> float:
        """Probability that what was heard is right as it stands."""
        return float(self.keep.predict(figures)[0])

    def meant_by(self, figures: Floats) -> Floats:
        """(n,) probability of each request that it is what was meant."""
        return self.meant.predict(figures).astype(np.float32)

    def to_bytes(self) -> bytes:
        """As it is kept in a file."""
        tensors: dict[str, Any] = {
            name: np.frombuffer(trees.to_bytes(), np.uint8)
            for name, trees in (("keep", self.keep), ("meant", self.meant))
        }
        if self.projection.matrix is not None:
            # Half precision moves a cosine by less than a thousandth.
            tensors["projection"] = self.projection.matrix.astype(np.float16)
        return pack_tensors(Packed(tensors, asdict(self.thresholds)))


_LIMITS = tuple(each.name for each in fields(Thresholds))


def ranker_of(content: bytes) -> Ranker:
    """What `to_bytes` gave. Raises BundleError for anything else."""
    try:
        packed = unpack_tensors(content)
        matrix = packed.tensors.get("projection")
        said: Mapping[str, float] = packed.settings
        return Ranker(
            load(packed.tensors["keep"].tobytes(), KEEP),
            load(packed.tensors["meant"].tobytes(), MEANT),
            Projection(matrix.astype(np.float32) if matrix is not None else None),
            # One that was made before a threshold was dropped serves with those of today.
            Thresholds(**{each: said[each] for each in _LIMITS if each in said}),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError(f"online ranker: damaged ({error}); run: sayso learn") from error


@lru_cache(maxsize=1)
def shipped_ranker() -> Ranker:
    """The one that comes with Sayso."""
    file = files("sayso.understanding.online").joinpath("online.safetensors")
    return ranker_of(file.read_bytes())
