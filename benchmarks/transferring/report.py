"""From rows to figures: means over targets, 95 % intervals by bootstrap over targets, tables."""

from __future__ import annotations

import argparse
import json
import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.hardware import RESULTS, hardware
from benchmarks.transferring.curves import draw
from benchmarks.transferring.measures import Counts, best_epoch, first_at_most
from benchmarks.transferring.methods import BILSTMS, LINEAR, SCRATCH
from sayso.encoders import Encoder

RESULT = RESULTS / "transfer.json"
RESAMPLES = 2_000
WIDTH = 120
FIGURES = ("intent_error", "slot_f1", "semer", "irer")
SMALL = (5, 10)

Row = Mapping[str, Any]
Figures = dict[str, Any]


def result(rows: Sequence[Row], arguments: argparse.Namespace) -> Figures:
    """The figures of each group of targets, the skills or a set, from rows measured or kept."""
    sizes = ["all" if size is None else str(size) for size in arguments.sizes]
    of = {"skills": [row for row in rows if row["kind"] != "set"]}
    of |= {name: [row for row in rows if row["target"] == name] for name in arguments.sets}
    vectors = json.loads((arguments.cache / "words.json").read_text(encoding="utf-8"))
    teacher = Encoder.load(arguments.teacher)
    about = {
        "hardware": hardware(),
        "seeds": arguments.seeds,
        "complete_targets_only": arguments.kept,
        "word_vectors": vectors,
        "teacher": {"name": teacher.name, "fingerprint": teacher.fingerprint},
    }
    return {
        name: {
            **about,
            "targets": len({row["target"] for row in some}),
            "kinds": _kinds(some),
            "sizes": _by_size(some, sizes),
            "transfer": _gains(some, sizes),
        }
        for name, some in of.items()
        if some
    }


def at_size(rows: Sequence[Row], size: str) -> list[Row]:
    """What each target has of a size: one with fewer utterances an intent gives all it has."""
    wanted = math.inf if size == "all" else int(size)
    return [row for row in rows if row["size"] == min(wanted, row["largest"])]


def summary(rows: Sequence[Row]) -> Figures:
    """Means over targets of one method at one size."""
    counts = [Counts(**row["counts"]) for row in rows]
    figures: Figures = {"targets": len({row["target"] for row in rows})}
    for name in FIGURES:
        values = [value for one in counts if (value := getattr(one, name)) is not None]
        figures[name] = mean_of(values)
    figures["train"] = round(statistics.mean(row["train"] for row in rows), 1)
    figures["seconds"] = round(statistics.mean(row["seconds"] for row in rows), 3)
    figures["bytes"] = round(statistics.mean(row["bytes"] for row in rows))
    figures["read_ms"] = round(statistics.median(row["read_ms"] for row in rows), 2)
    return figures


def gains(rows: Mapping[str, Row], base: Mapping[str, Row]) -> Figures:
    """One method against another on the same targets, sizes and seeds (keys).

    Errors: 1 - the mean of the one / the mean of the other. Convergence: see `speed`.
    """
    keys = sorted(set(rows) & set(base))
    pairs = [(Counts(**rows[x]["counts"]), Counts(**base[x]["counts"])) for x in keys]
    figures: Figures = {"pairs": len(keys)}
    targets = [rows[x]["target"] for x in keys]
    for name in ("intent_error", "semer", "irer"):
        errors = [(getattr(a, name), getattr(b, name)) for a, b in pairs]
        figures[f"fewer_{name}"] = _fewer(errors, targets)
    slots = {
        place: (1 - a.slot_f1, 1 - b.slot_f1)
        for place, (a, b) in enumerate(pairs)
        if a.slot_f1 is not None and b.slot_f1 is not None
    }
    figures["fewer_slot_errors"] = _fewer([*slots.values()], [targets[x] for x in slots])
    curves = [(rows[x], base[x]) for x in keys if "errors" in rows[x] and "errors" in base[x]]
    return {**figures, **(speed(curves) if curves else {})}


def speed(pairs: Sequence[tuple[Row, Row]]) -> Figures:
    """How much sooner the first of each pair is as good as the second ever gets.

    The second's best is the least combined error (SemER) on the monitored test utterances after any
    of its epochs, at its first such epoch b; the first method's is the first epoch a whose error is
    not above it. The ratio is b / a, and 0 where it never gets there. Probing is epoch 1.
    """
    ratios, seconds, before, after = [], [], 0, 0
    for row, base in pairs:
        b = best_epoch(base["errors"])
        a = first_at_most(row["errors"], min(base["errors"]))
        before += b
        after += a or len(row["errors"])
        ratios.append(b / a if a else 0.0)
        seconds.append(base["elapsed"][b - 1] / row["elapsed"][a - 1] if a else 0.0)
    reached = sum(ratio > 0 for ratio in ratios) / len(ratios)
    return {
        "reached": round(reached, 3),
        "faster_epochs": _middle(ratios),
        "faster_seconds": _middle(seconds),
        "epochs": {"base": round(before / len(pairs), 1), "mine": round(after / len(pairs), 1)},
    }


def mean_of(values: Sequence[float]) -> dict[str, float] | None:
    """A mean with its interval; None of nothing."""
    array = np.array(values)
    return interval(lambda pick: float(array[pick].mean()), len(values))


def interval(figure: Callable[[Any], float], size: int) -> dict[str, float] | None:
    """A figure over all targets, and the middle 95 % of it over resampled ones."""
    if size == 0:
        return None
    picks = np.random.default_rng(0).integers(0, size, (RESAMPLES, size))
    low, high = np.quantile([figure(pick) for pick in picks], (0.025, 0.975))
    whole = figure(np.arange(size))
    return {"mean": round(float(whole), 4), "low": round(low, 4), "high": round(high, 4)}


def show(groups: Figures) -> None:
    """The tables."""
    for name, group in groups.items():
        columns = ("N", "method", "intent error", "slot F1", "SemER", "IRER", "s", "KB", "p50 ms")
        table = Table(*columns, title=f"{name}: {group['targets']}")
        for size, by_method in group["sizes"].items():
            for method, x in by_method.items():
                cells = [f"{x[f]['mean']:.3f}" if x[f] else "-" for f in FIGURES]
                more = f"{x['seconds']:.2f}", f"{x['bytes'] / 1000:.0f}", f"{x['read_ms']:.2f}"
                table.add_row(size, method, *cells, *more)
        Console(width=WIDTH).print(table)
        headings = ("N", "method", "fewer SemER", "fewer intent", "faster", "seconds", "reached")
        table = Table(*headings, title=f"{name}: against {SCRATCH}")
        for size, by_method in group["transfer"].items():
            for method, x in by_method.items():
                table.add_row(size, method, *_gain_cells(x))
        Console(width=WIDTH).print(table)


def show_tuning(rows: Sequence[Row]) -> None:
    """The searched settings of each bi-LSTM, best first."""
    groups: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        error = Counts(**row["counts"]).semer
        groups.setdefault((row["method"], row["settings"]), []).append(error)
    table = Table("method", "learning rate, dropout", "SemER", "runs")
    for (method, settings), errors in sorted(groups.items(), key=lambda x: np.mean(x[1])):
        table.add_row(method, settings, f"{np.mean(errors):.4f}", str(len(errors)))
    Console(width=WIDTH).print(table)


def write(groups: Figures) -> None:
    """Into the result, beside the groups of other runs; and the curves for the documentation."""
    known = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.is_file() else {}
    text = json.dumps({**known, **groups}, indent=2, sort_keys=True)
    RESULT.write_text(text + "\n", encoding="utf-8")
    draw(groups)


def _by_size(rows: Sequence[Row], sizes: Sequence[str]) -> Figures:
    order = list(dict.fromkeys(row["method"] for row in rows))
    some = {size: at_size(rows, size) for size in sizes}
    return {
        size: {m: summary(mine) for m in order if (mine := [r for r in of if r["method"] == m])}
        for size, of in some.items()
    }


def _gains(rows: Sequence[Row], sizes: Sequence[str]) -> Figures:
    """By size, at the small sizes and the large ones, and over all different pairs."""
    small = [row for row in rows if row["size"] <= max(SMALL)]
    large = [row for row in rows if row["size"] > max(SMALL)]
    groups = {size: at_size(rows, size) for size in sizes}
    groups |= {"5-10": small, "over 10": large, "every": list(rows)}
    return {name: found for name, some in groups.items() if (found := _against_scratch(some))}


def _against_scratch(rows: Sequence[Row]) -> Figures:
    by = {method: {_key(x): x for x in rows if x["method"] == method} for method in _methods(rows)}
    base = by.get(SCRATCH)
    if not base:
        return {}
    others = [x for x in (*BILSTMS, *_methods(rows)) if x in by and x not in (SCRATCH, LINEAR)]
    return {x: gains(by[x], base) for x in dict.fromkeys(others) if set(by[x]) & set(base)}


def _methods(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row["method"] for row in rows))


def _key(row: Row) -> str:
    return f"{row['target']}|{row['seed']}|{row['size']}"


def _kinds(rows: Sequence[Row]) -> dict[str, int]:
    kinds = {row["target"]: row["kind"] for row in rows}
    return {kind: list(kinds.values()).count(kind) for kind in sorted(set(kinds.values()))}


def _fewer(pairs: Sequence[tuple[float, float]], targets: Sequence[str]) -> dict[str, float] | None:
    """1 - mean / mean of the other. A target counts once, however many sizes it was measured at."""
    of: dict[str, list[tuple[float, float]]] = {}
    for pair, target in zip(pairs, targets, strict=True):
        of.setdefault(target, []).append(pair)
    errors = np.array([np.mean(some, axis=0) for some in of.values()])

    def figure(pick: Any) -> float:
        return 1.0 - float(errors[pick, 0].mean()) / max(float(errors[pick, 1].mean()), 1e-9)

    return interval(figure, len(errors))


def _middle(ratios: Sequence[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(ratios), 2),
        "mean": round(statistics.mean(ratios), 2),
    }


def _gain_cells(x: Figures) -> list[str]:
    fewer = [x["fewer_semer"], x["fewer_intent_error"]]
    cells = [
        f"{100 * y['mean']:.0f} % [{100 * y['low']:.0f}, {100 * y['high']:.0f}]" for y in fewer
    ]
    if "reached" not in x:
        return [*cells, "-", "-", "-"]
    ratios = [
        f"{x[y]['median']:.1f}x ({x[y]['mean']:.1f}x)" for y in ("faster_epochs", "faster_seconds")
    ]
    return [*cells, *ratios, f"{100 * x['reached']:.0f} %"]
