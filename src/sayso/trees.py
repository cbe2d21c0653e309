"""Gradient-boosted trees as plain arrays: what is fitted with scikit-learn, served with numpy.

A model is a sum of trees, turned into a probability by the logistic function and, where it was
fitted with one, by a calibration: a curve over the sum. Trees are complete in memory, one row a
node, so that all rows of a batch walk one level of all trees at once; a missing value (NaN) goes
where most like it went in training.

Friedman 2001, doi:10.1214/aos/1013203451; calibration by isotonic regression: Zadrozny and Elkan
2002, doi:10.1145/775047.775151.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from sayso.errors import BundleError

Floats: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]

_ROWS = 2048  # walked at a time: (rows, trees) places and values stay in the cache
_MANY = 512  # rows from which on a batch is scanned
_MOST_LEAVES = 64  # of a tree that is scanned: the bits of a number
_VERSION = 1


def _nothing() -> Doubles:
    return np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """A fitted model over named features.

    feature, threshold, left, right, missing_left: (nodes,), of all trees one after another; `left`
    and `right` are places in these arrays, a leaf's are its own place. value: (nodes,), what a leaf
    adds to the log-odds. roots: (trees,), where each begins. base: log-odds before any tree.
    depth: most steps from a root to a leaf.
    knots, levels: (k,), the calibration: `levels` in [0, 1] at the log-odds `knots`, which rise;
    straight lines between them. Both empty: the logistic function.
    """

    names: tuple[str, ...]
    feature: NDArray[np.int32]
    threshold: Doubles
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    missing_left: NDArray[np.bool_]
    value: Doubles
    roots: NDArray[np.int32]
    base: float
    depth: int
    knots: Doubles = field(default_factory=_nothing)
    levels: Doubles = field(default_factory=_nothing)

    def log_odds(self, features: Floats) -> Doubles:
        """The sum over all trees, uncalibrated. features: (n, d) -> (n,); NaN is missing."""
        features = np.asarray(features, np.float32)
        if features.ndim != 2 or features.shape[1] != len(self.names):
            raise ValueError(
                f"features of shape {features.shape}; wanted (n, {len(self.names)}): "
                + ", ".join(self.names)
            )
        total = np.full(len(features), self.base)
        # Walking costs by the row, scanning by the tree: a few rows walk, a batch is scanned.
        masks = _masks(self) if len(features) >= _MANY else None
        for start in range(0, len(features), _ROWS):
            rows = features[start : start + _ROWS]
            total[start : start + _ROWS] += (
                self._walked(rows) if masks is None else _scanned(masks, rows)
            )
        return total

    def predict(self, features: Floats) -> Doubles:
        """Probabilities in [0, 1]. features: (n, d), columns as `names` says -> (n,)."""
        odds = self.log_odds(features)
        if len(self.knots):
            return np.interp(odds, self.knots, self.levels)
        return 1 / (1 + np.exp(-np.clip(odds, -700, 700)))

    def _walked(self, rows: Floats) -> Doubles:
        """What all trees add for a few rows: (n,)."""
        if not len(self.roots):
            return np.zeros(len(rows))
        flat, some_missing = rows.ravel(), bool(np.isnan(rows).any())
        first = (np.arange(len(rows), dtype=np.int32) * rows.shape[1])[:, None]
        places = np.broadcast_to(self.roots, (len(rows), len(self.roots)))  # (n, trees)
        for _ in range(self.depth):
            values = flat[first + self.feature[places]]
            lower = values <= self.threshold[places]
            if some_missing:
                lower |= np.isnan(values) & self.missing_left[places]
            places = np.where(lower, self.left[places], self.right[places])
        return np.asarray(self.value[places].sum(axis=1))

    def save(self, path: Path) -> None:
        """Write the arrays to one `.npz` file, the same bytes for the same model."""
        path.write_bytes(self.to_bytes())

    def to_bytes(self) -> bytes:
        """The file that `save` writes, as a bundle may hold it."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            version=np.int64(_VERSION),
            names=np.array(self.names, np.str_),
            feature=self.feature,
            threshold=self.threshold,
            left=self.left,
            right=self.right,
            missing_left=self.missing_left,
            value=self.value,
            roots=self.roots,
            base=np.float64(self.base),
            depth=np.int64(self.depth),
            knots=self.knots,
            levels=self.levels,
        )
        return buffer.getvalue()


def load(source: Path | bytes, names: Sequence[str] | None = None) -> Trees:
    """A saved model. names: the features that the caller computes, if they are to be compared.

    Raises BundleError if the file is damaged, newer than this Sayso, or of other features.
    """
    where = source if isinstance(source, Path) else "trees in a bundle"
    try:
        content = source if isinstance(source, bytes) else source.read_bytes()
        with np.load(io.BytesIO(content)) as data:
            if int(data["version"]) > _VERSION:
                raise BundleError(f"{where}: written by a newer Sayso; update Sayso")
            trees = Trees(
                names=tuple(str(name) for name in data["names"]),
                feature=data["feature"],
                threshold=data["threshold"],
                left=data["left"],
                right=data["right"],
                missing_left=data["missing_left"],
                value=data["value"],
                roots=data["roots"],
                base=float(data["base"]),
                depth=int(data["depth"]),
                knots=data["knots"],
                levels=data["levels"],
            )
    except (KeyError, ValueError, OSError, EOFError, BadZipFile) as error:
        raise BundleError(f"{where}: damaged ({error}); fit it again") from error
    if names is not None and trees.names != tuple(names):
        raise BundleError(f"{where}: fitted for other features; fit it again")
    return trees


@dataclass(frozen=True, slots=True, eq=False)
class _Mask:
    """A node as it is scanned: what goes right there cannot end in the leaves of its left side.

    missing: what stands for a missing value, so that it goes where it is to. left: a bit for each
    leaf of the left side.
    """

    feature: int
    threshold: np.float32
    missing: float
    left: np.unsignedinteger[Any]


@lru_cache(maxsize=8)
def _masks(trees: Trees) -> Sequence[tuple[Sequence[_Mask], Doubles, type[Any]]] | None:
    """Nodes, values of the leaves from left to right, and kind of number, of each tree.

    None where a tree has too many leaves. After Lucchese et al. 2015 (QuickScorer),
    doi:10.1145/2766462.2767733.
    """
    found = []
    for root in trees.roots.tolist():
        nodes: list[tuple[int, int, int]] = []
        leaves = _leaves(trees, root, nodes, 0)
        if len(leaves) > _MOST_LEAVES:
            return None
        kind = np.uint16 if len(leaves) <= 16 else np.uint64
        masks = [
            _Mask(
                int(trees.feature[node]),
                _single(float(trees.threshold[node])),
                -np.inf if trees.missing_left[node] else np.inf,
                kind((1 << end) - (1 << begin)),
            )
            for node, begin, end in nodes
        ]
        found.append((masks, np.array(leaves), kind))
    return found


def _single(threshold: float) -> np.float32:
    """The largest single number up to a threshold: parts features, single ones, as it does.

    Compared at half the cost. What splits off missing values alone stays above all numbers.
    """
    below = np.float32(min(threshold, float(np.finfo(np.float32).max)))
    return below if below <= threshold else np.nextafter(below, np.float32(-np.inf))


def _leaves(trees: Trees, node: int, nodes: list[tuple[int, int, int]], begin: int) -> list[float]:
    """Values of the leaves under a node; `nodes` gets those within, with their left leaves."""
    if trees.left[node] == node:
        return [float(trees.value[node])]
    left = _leaves(trees, int(trees.left[node]), nodes, begin)
    nodes.append((node, begin, begin + len(left)))
    return left + _leaves(trees, int(trees.right[node]), nodes, begin + len(left))


def _scanned(masks: Sequence[tuple[Sequence[_Mask], Doubles, type[Any]]], rows: Floats) -> Doubles:
    """What all trees add: (n,). Of the leaves that no node rules out, the leftmost counts."""
    columns = np.ascontiguousarray(rows.T)
    gone = np.isnan(columns)
    filled = {end: np.where(gone, np.float32(end), columns) for end in (-np.inf, np.inf)}
    total = np.zeros(len(rows))
    for nodes, values, kind in masks:
        ruled_out, part = np.zeros(len(rows), kind), np.empty(len(rows), kind)
        for node in nodes:
            right = filled[node.missing][node.feature] > node.threshold
            np.multiply(right, node.left, out=part)
            np.bitwise_or(ruled_out, part, out=ruled_out)
        lowest = ~ruled_out & (ruled_out + kind(1))
        total += values[np.frexp(lowest.astype(np.float64))[1] - 1]
    return total
