"""What an action is worth, guessed from what the log knows of its reading: ridge regression.

Each row is guessed by a model that has not seen its group (folds), so that the guess knows nothing
of the reward that it will be compared with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sayso.evaluation.logged import Action, Logged
from sayso.routing.rank import FEATURES
from sayso.types.readings import Outcome

FOLDS = 5
RIDGE = 1.0  # strength of the pull to 0, as if that many rows spoke for it
_KINDS = tuple(map(str, Outcome))
Floats = NDArray[np.float64]
Guess = Mapping[Action, float]


def guesses(rows: Sequence[Logged]) -> list[Guess]:
    """For each row, what each action that might have been done there is likely worth."""
    folds = np.array([crc32(row.group.encode(errors="surrogatepass")) % FOLDS for row in rows])
    tables = [np.array([described(row, action) for action in row.support]) for row in rows]
    places = [list(row.support).index(row.taken) for row in rows]
    taken = np.array([table[place] for table, place in zip(tables, places, strict=True)])
    rewards = np.array([row.reward for row in rows])
    weights = [_fit(taken[folds != fold], rewards[folds != fold]) for fold in range(FOLDS)]
    return [
        dict(zip(row.support, map(float, table @ weights[fold]), strict=True))
        for row, table, fold in zip(rows, tables, folds, strict=True)
    ]


def described(row: Logged, action: Action) -> Floats:
    """An action in numbers: its kind, how sure the serving ranker was, its reading's features."""
    kind = [float(action[0] == name) for name in _KINDS]
    pairs = set(zip(action[1::2], action[2::2], strict=True))
    meant = [reading for reading in row.readings if (reading.skill, reading.intent) in pairs]
    best: dict[tuple[str, str], float] = {}
    for reading in meant:
        best.setdefault((reading.skill, reading.intent), reading.confidence)
    sure, first = sum(best.values()), float(action == row.usual)
    acted = meant[0] if kind[0] and meant else None
    features = [acted.features.get(name, 0.0) if acted is not None else 0.0 for name in FEATURES]
    return np.array([*kind, kind[0] * sure, kind[1] * sure, first, *features])


def _fit(table: Floats, rewards: Floats) -> Floats:
    width = table.shape[1]
    weights = np.linalg.solve(table.T @ table + RIDGE * np.eye(width), table.T @ rewards)
    return weights.astype(np.float64)
