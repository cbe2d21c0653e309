"""Claim: what is said again is found by the conversation, not by likeness of two texts alone.

    python -m benchmarks.rephrase DATA --write
    python -m benchmarks.rephrase DATA --ship      # and write the packaged model

DATA holds `dialogues/sgd` and `nlu/{hwu64,slurp,snips}`. Conversations are made of annotated turns
(benchmarks/rephrasing): requests fail and are said again, or are followed by what only looks so.
`same` are other dialogues and homes of the kind that was fitted on; `other` another kind, of other
sentences, noise, times and habits; `home` the simulated households of `evaluation` in the example
home; those of other worlds (hwu64 as skills, manners by lot) are a part of what was fitted on.

The baseline is the best of its class: boosted trees on all that can be seen in two texts (19
features with the encoder's cosine), its threshold at its best F1. All thresholds are chosen on a
fifth of the train dialogues that no tree has seen.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.hardware import write_result
from benchmarks.rephrasing.worlds import World, example_home, fitting, other_world, same_world
from sayso.encoders import Encoder
from sayso.feedback import rephrased
from sayso.feedback.boosting import Shape, fit
from sayso.feedback.likeness import NAMES, Cosine, by_encoder
from sayso.feedback.rephrased import FEATURES, choose, pairs
from sayso.trees import Trees

# Few trees tell one kind of world well at the cost of the other.
SHAPE = Shape(trees=800, leaves=16, rate=0.08, least=40)
# Of the turns said to have no rephrase, on the held fifth of the train part: for each kind of world
# by itself, since where more is said again more is missed.
NULL = 0.975
_TIME = ("place", "later_turns", "wait_s", "pause_s")
_COSINE = ("cosine",)
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Set:
    """Windows as numbers. at: (pairs, 2); features: (pairs, d); truth, dialogue: (rows,)."""

    at: NDArray[np.int64]
    features: NDArray[np.float32]
    truth: NDArray[np.int64]
    dialogue: NDArray[np.int64]

    def part(self, held: bool) -> Set:
        """The fifth of the dialogues that is held out, or the rest."""
        kept = (self.dialogue % _FOLDS == 0) == held
        mine = kept[self.at[:, 0]]
        number = np.cumsum(kept) - 1
        at = np.stack([number[self.at[mine, 0]], self.at[mine, 1]], axis=1)
        return Set(at, self.features[mine], self.truth[kept], self.dialogue[kept])

    @property
    def hit(self) -> NDArray[np.bool_]:
        """(pairs,): whether a candidate is the rephrase."""
        return np.asarray(self.truth[self.at[:, 0]] == self.at[:, 1])


def _read(world: World, cosine: Cosine | None) -> Set:
    at, features = pairs(world, cosine)
    return Set(at, features, np.array(world["truth"]), np.array(world["dialogue"]))


def _both(one: Set, other: Set) -> Set:
    """Two sets of one dialogue numbering each, side by side."""
    rows = np.array([len(one.truth), 0])
    return Set(
        np.concatenate([one.at, other.at + rows]),
        np.concatenate([one.features, other.features]),
        np.concatenate([one.truth, other.truth]),
        np.concatenate([one.dialogue, other.dialogue]),
    )


@dataclass(frozen=True, slots=True)
class Train:
    """seen: what trees are fitted on; held: a fifth of each kind of world, to draw the line on."""

    seen: Set
    held: Sequence[Set]


@dataclass(frozen=True, slots=True)
class Judge:
    """A fitted way to find rephrases: trees over some columns, and where to draw the line."""

    trees: Trees
    columns: Sequence[int]
    least: float

    def places(self, data: Set) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Likeliest candidates and their probabilities."""
        chances = self.trees.predict(data.features[:, self.columns])
        return choose(data.at, chances, len(data.truth))


def _fitted(train: Train, names: Sequence[str], *, null: float = 0.0) -> Judge:
    """Trees over these columns, and the line of best F1 that keeps `null` in each kind of world."""
    columns = [FEATURES.index(name) for name in names]
    mine = train.seen
    groups = mine.dialogue[mine.at[:, 0]]
    seen = mine.features[:, columns]
    trees = fit(names, seen, mine.hit, groups=groups, shape=SHAPE, folds=2)
    judge = Judge(trees, columns, 0.5)
    lines = np.linspace(0.05, 0.9, 86)
    likeliest = [judge.places(kind) for kind in train.held]
    told = [
        [
            _counts(np.where(best >= line, places, 0), kind).sum(axis=0)
            for kind, (places, best) in zip(train.held, likeliest, strict=True)
        ]
        for line in lines
    ]
    fine = [
        n
        for n, each in enumerate(told)
        if all(_of_counts(x)["null_precision"] >= null for x in each)
    ]
    chosen = max(fine or range(len(told)), key=lambda n: _of_counts(sum(told[n]))["f1"])
    return Judge(trees, columns, float(lines[chosen]))


def _counts(places: NDArray[np.int64], data: Set) -> NDArray[np.float64]:
    """(dialogues, 5): right rephrases, said, true, right nulls, said nulls."""
    each = np.stack(
        [
            (places > 0) & (places == data.truth),
            places > 0,
            data.truth > 0,
            (places == 0) & (data.truth == 0),
            places == 0,
        ]
    ).astype(float)
    _, which = np.unique(data.dialogue, return_inverse=True)
    return np.stack([np.bincount(which, weights=row) for row in each], axis=1)


def _of_counts(sums: NDArray[np.float64]) -> dict[str, float]:
    right, said, true, null, said_null = sums.tolist()
    precision, recall = right / max(said, 1), right / max(true, 1)
    return {
        "f1": 2 * right / max(said + true, 1),
        "precision": precision,
        "recall": recall,
        "null_precision": null / max(said_null, 1),
    }


def _score(places: NDArray[np.int64], data: Set) -> dict[str, float]:
    return _of_counts(_counts(places, data).sum(axis=0))


def _intervals(
    mine: NDArray[np.float64], theirs: NDArray[np.float64]
) -> dict[str, tuple[float, float]]:
    """95 % by bootstrap over dialogues: of F1, null precision and the relative gain in F1."""
    random = np.random.default_rng(0)
    drawn = []
    for _ in range(1000):
        rows = random.integers(0, len(mine), len(mine))
        a, b = _of_counts(mine[rows].sum(axis=0)), _of_counts(theirs[rows].sum(axis=0))
        drawn.append((a["f1"], a["null_precision"], a["f1"] / b["f1"] - 1))
    low, high = np.percentile(np.array(drawn), [2.5, 97.5], axis=0)
    names = ("f1", "null_precision", "gain")
    return {name: (float(x), float(y)) for name, x, y in zip(names, low, high, strict=True)}


def _calibration(best: NDArray[np.float64], places: NDArray[np.int64], data: Set) -> float:
    """Expected calibration error of the likeliest candidate, ten bins of equal size."""
    right = (places == data.truth) & (data.truth > 0)
    order = np.argsort(best)
    parts = [p for p in np.array_split(order, 10) if len(p)]
    gaps = [abs(best[p].mean() - right[p].mean()) * len(p) for p in parts]
    return float(sum(gaps) / len(best))


def _ways() -> dict[str, tuple[Sequence[str], float]]:
    """Name -> features it sees, and the null precision that its threshold must keep."""

    def without(gone: Sequence[str]) -> list[str]:
        return [name for name in FEATURES if name not in gone]

    return {
        "pairwise": (NAMES, 0.0),
        "pairwise + time": ([*NAMES, *_TIME], 0.0),
        "conversation": (FEATURES, NULL),
        "without time": (without(_TIME), NULL),
        "without cosine": (without(_COSINE), NULL),
    }


def measure(data: Path, ship: Path | None = None) -> dict[str, Any]:
    cosine = by_encoder(Encoder.load(threads=2))
    train = _train(data, cosine)
    worlds = {"same": same_world(data), "other": other_world(data), "home": example_home(data)}
    tests = {name: _read(world, cosine) for name, world in worlds.items()}
    result: dict[str, Any] = {"windows": {n: len(x.truth) for n, x in tests.items()}}
    result["rephrased"] = {n: float((x.truth > 0).mean()) for n, x in tests.items()}
    counts: dict[tuple[str, str], NDArray[np.float64]] = {}
    for way, (names, null) in _ways().items():
        judge = _fitted(train, names, null=null)
        for name, test in tests.items():
            places, best = judge.places(test)
            said = np.where(best >= judge.least, places, 0)
            counts[way, name] = _counts(said, test)
            told: dict[str, Any] = _score(said, test)
            told["calibration_error"] = _calibration(best, places, test)
            against = counts["pairwise", name]
            told["gain_over_pairwise"] = told["f1"] / _of_counts(against.sum(axis=0))["f1"] - 1
            told["interval"] = _intervals(counts[way, name], against)
            result.setdefault(name, {})[way] = {"threshold": judge.least, **told}
            print(way, name, _line(told), f"from {judge.least:.2f}", flush=True)
        if way == "conversation":
            result["cost"] = _cost(worlds["same"], cosine, judge.trees)
            if ship is not None:
                judge.trees.save(ship)
                print(f"wrote {ship.name}; LEAST = {judge.least:.2f}")
    return result


def _train(data: Path, cosine: Cosine) -> Train:
    seen, held = [], []
    for worlds in fitting(data):
        kind = reduce(_both, (_read(world, cosine) for world in worlds))
        # A home without an encoder for its language has no cosines: a part learns without.
        few = [_few(_read(world, None)).part(False) for world in worlds]
        seen += [kind.part(False), *few]
        held.append(kind.part(True))
    return Train(reduce(_both, seen), held)


def _few(data: Set) -> Set:
    """A fifth of the dialogues; numbers kept, so that what is held out stays so."""
    kept = data.dialogue // _FOLDS % 5 == 0
    mine = kept[data.at[:, 0]]
    at = np.stack([(np.cumsum(kept) - 1)[data.at[mine, 0]], data.at[mine, 1]], axis=1)
    return Set(at, data.features[mine], data.truth[kept], data.dialogue[kept])


def _cost(world: World, cosine: Cosine, trees: Trees) -> dict[str, float]:
    """Microseconds of processor time a window, texts encoded before, none seen twice or more."""
    rephrased.detect(world, cosine, model=trees)  # encodes what is new
    start = time.process_time()
    rephrased.detect(world, cosine, model=trees)
    return {"us_a_window": 1e6 * (time.process_time() - start) / len(world["truth"])}


def _line(told: dict[str, Any]) -> str:
    low, high = told["interval"]["gain"]
    return (
        f"F1 {told['f1']:.3f} P {told['precision']:.3f} R {told['recall']:.3f} "
        f"null {told['null_precision']:.3f} ECE {told['calibration_error']:.3f} "
        f"gain {told['gain_over_pairwise']:.1%} [{low:.1%}, {high:.1%}]"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true", help="write results/rephrase.json")
    parser.add_argument("--ship", action="store_true", help="write the packaged model, too")
    arguments = parser.parse_args()
    packaged = Path(rephrased.__file__).with_name(rephrased.SHIPPED)
    result = measure(arguments.data, packaged if arguments.ship else None)
    if arguments.write:
        write_result("rephrase", result)


if __name__ == "__main__":
    main()
