"""Make the packaged model of a second look at verdicts (src/sayso/feedback/others.npz).

    python -m scripts.make_others --scratch FOLDER
    python -m scripts.make_others --scratch FOLDER --look     # figures only

On simulated people of other manners each world, as `make_defects`, but more of them, so that many
say the same; none of a seed that benchmarks use. The figures printed are of worlds of other seeds,
with the usual manners. Needs the models that `make_defects` makes. Logs are kept in FOLDER and used
again. It takes about a quarter of an hour on one core.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scripts.make_defects import lived, log_of, mixed, number, right_at, trained_home

import sayso
from sayso.evaluation.households.assistant import Assistant
from sayso.evaluation.households.manners import Manners
from sayso.evaluation.households.truth import Truth
from sayso.events.engines import DuckDB
from sayso.events.read import read
from sayso.feedback.boosting import fit
from sayso.feedback.judge import first_look, rephrases
from sayso.feedback.others import NAMES, SHAPE, SHIPPED, figures
from sayso.feedback.rephrased import detect
from sayso.types.lessons import CERTAIN, LoggedTurn

WORLDS, PEOPLE, DAYS = range(200, 210), 300, 6
HELD = range(910, 912)
Marked = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]  # steps, own, wrong, person


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scratch", type=Path, required=True, help="folder for logs")
    parser.add_argument("--look", action="store_true", help="write no model")
    arguments = parser.parse_args()
    arguments.scratch.mkdir(parents=True, exist_ok=True)
    assistant = trained_home(arguments.scratch)
    told = [marked(arguments.scratch, seed, mixed(seed), assistant) for seed in WORLDS]
    steps, _, wrong, person = _joined(told)
    model = fit(NAMES, steps.astype(np.float32), wrong, groups=person, shape=SHAPE)
    held = _joined([marked(arguments.scratch, seed, Manners(), assistant) for seed in HELD])
    then = model.predict(held[0].astype(np.float32))
    for least in (0, 2, 4):  # steps of people
        some = held[0][:, NAMES.index("people")] >= least
        print(json.dumps(quality(held[1][some], then[some], held[2][some]), indent=1))
    if not arguments.look:
        model.save(Path(sayso.__file__).parent / "feedback" / SHIPPED)
        print(f"wrote it: {len(steps)} turns whose words others said, {wrong.mean():.1%} defects")


def marked(scratch: Path, seed: int, manners: Manners, assistant: Assistant) -> Marked:
    """Turns of a simulated world whose words others said, too; what is known of them, and true."""
    kept = scratch / f"others-{seed}.npz"
    if not kept.exists():
        log, truth = lived(seed, PEOPLE, DAYS, manners, assistant)
        steps, own, wrong, person = _looked_at(scratch, log_of(scratch, seed, log), log, truth)
        np.savez(kept, steps=steps, own=own, wrong=wrong, person=person)
    with np.load(kept) as data:
        return data["steps"], data["own"], data["wrong"], data["person"] * 1000 + seed


def _looked_at(
    scratch: Path, path: Path, log: Sequence[LoggedTurn], truth: Sequence[Truth]
) -> Marked:
    engine = DuckDB(scratch / "work", memory=1000)
    events = read(engine, path, number)
    verdicts = first_look(engine, events, rephrases(engine, events.windows, detect)).verdicts
    turns = events.turns.select("user", "at", turn="number")
    table = figures(events.turns, verdicts).join(verdicts.select("turn", "defect_bp"), "turn")
    rows = engine.fetch(table.join(turns, "turn").order_by("turn")).to_pylist()
    engine.close()
    told = right_at(log, truth)
    known = [row for row in rows if told[row["user"], row["at"]] is not None]
    return (
        np.array([[row[name] for name in NAMES] for row in known]),
        np.array([row["defect_bp"] / CERTAIN for row in known]),
        np.array([not told[row["user"], row["at"]] for row in known], np.int64),
        np.array([row["user"] % 1_000_000 for row in known]),
    )


def quality(
    own: NDArray[Any], then: NDArray[Any], wrong: NDArray[Any]
) -> dict[str, float | list[float]]:
    """How well defects are told, before the second look and after it."""
    from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

    def both(measure: Any) -> list[float]:
        return [round(float(measure(wrong, chance)), 4) for chance in (own, then)]

    return {
        "turns": len(wrong),
        "defects": round(float(wrong.mean()), 4),
        "auc": both(roc_auc_score),
        "average_precision": both(average_precision_score),
        "brier": both(brier_score_loss),
    }


def _joined(parts: Sequence[Marked]) -> Marked:
    steps, own, wrong, person = (np.concatenate(each) for each in zip(*parts, strict=True))
    return steps, own, wrong, person


if __name__ == "__main__":
    main()
