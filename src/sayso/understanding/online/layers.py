"""Which layers of second thoughts serve: everyone's requests, each person's own, or neither.

Each is on trial like any rewrite, and one that proves worse than doing without it is off from the
next version on. Who turns it on again by hand has the last word.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sayso.errors import LearningError
from sayso.types.lessons import Trial
from sayso.understanding.online.suggest import Layer

LAYERS = "layers.json"  # in a version of what was learnt
ONLINE = "online-"  # what ids of their rewritings begin with


@dataclass(frozen=True, slots=True)
class Serving:
    """How a layer does. off: it proved worse. by_hand: turned on again by somebody, for good."""

    off: bool = False
    by_hand: bool = False
    trial: Trial | None = None


Layers = Mapping[Layer, Serving]
ALL_ON: Layers = {layer: Serving() for layer in Layer}


def id_of(layer: Layer) -> str:
    """What a turn's rewriting is called that a layer suggested."""
    return f"{ONLINE}{layer}"


def layers_of(content: bytes | None) -> Layers:
    """What `to_bytes` gave; all on for None. Raises LearningError for anything else."""
    if content is None:
        return ALL_ON
    try:
        told = json.loads(content)
        return {layer: _serving(told.get(layer.value, {})) for layer in Layer}
    except (ValueError, TypeError, AttributeError) as error:
        raise LearningError(f"{LAYERS}: damaged ({error}); run: sayso learn") from error


def to_bytes(layers: Layers) -> bytes:
    """As a version keeps them."""
    told = {layer.value: asdict(serving) for layer, serving in layers.items()}
    return json.dumps(told, indent=1, sort_keys=True).encode()


def in_version(folder: Path) -> Layers:
    """Those of a version. Raises LearningError for a damaged file."""
    path = folder / LAYERS
    return layers_of(path.read_bytes() if path.exists() else None)


def _serving(told: Mapping[str, object]) -> Serving:
    trial = told.get("trial")
    return Serving(
        bool(told.get("off", False)),
        bool(told.get("by_hand", False)),
        Trial(**trial) if isinstance(trial, dict) else None,
    )
