"""Make the packaged models of defects on simulated people: what tells them afterwards
(src/sayso/feedback/defects.npz) and beforehand (src/sayso/routing/misgivings.npz).

    python -m scripts.make_defects --scratch FOLDER
    python -m scripts.make_defects --scratch FOLDER --look     # figures only

Each world has people of other manners, drawn from wide ranges and not those that benchmarks use, so
that the model learns what holds for any of them. The figures printed are of another seed, with the
usual manners. Logs are kept in FOLDER and used again. It takes about an hour on one core.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sayso
from sayso.cli.demo import example_home
from sayso.dialogue.helpful import MIDDLING
from sayso.evaluation.households.assistant import Assistant
from sayso.evaluation.households.manners import Manners
from sayso.evaluation.households.simulate import example_town, simulate
from sayso.evaluation.households.truth import Truth
from sayso.events.engines import DuckDB
from sayso.events.read import read
from sayso.feedback.boosting import Shape, fit
from sayso.feedback.defects import SHIPPED, from_truth
from sayso.feedback.evidence import Bins, evidence, place, step, unpacked
from sayso.feedback.judge import rephrases
from sayso.feedback.rephrased import detect
from sayso.routing import misgivings
from sayso.runtime.load import load
from sayso.trees import Floats, Trees
from sayso.types.lessons import LoggedTurn
from sayso.types.people import pseudonym
from sayso.understanding.fold import fold

WORLDS, PEOPLE, DAYS = range(100, 115), 120, 6
HELD = range(901, 902)
# Without the constraint the simulated people's own skills are learnt by heart, not doubt.
BEFOREHAND = Shape(trees=60, leaves=10, least=30, rising=("outcome",), falling=("confidence",))
RANGES = {
    "notices": (0.6, 0.98),
    "barges": (0.1, 0.6),
    "fidgets": (0.01, 0.08),
    "retries": (0.4, 0.9),
    "tires": (0.5, 0.9),
    "repeats": (0.15, 0.6),
    "stops": (0.03, 0.2),
    "complains": (0.0, 0.1),
    "thanks": (0.01, 0.12),
    "undoes": (0.0, 0.08),
    "follows": (0.05, 0.3),
    "moves": (0.1, 0.4),
    "again": (0.0, 0.05),
    "asked": (0.01, 0.05),
    "fails": (0.0, 0.02),
    "retry_s": (3.0, 12.0),
    "next_s": (12.0, 60.0),
    "played_s": (60.0, 300.0),
    "cut_s": (4.0, 20.0),
    "beyond": (0.0, 0.08),
    "misspeaks": (0.0, 0.04),
}
Told = tuple[Floats, NDArray[np.bool_], NDArray[np.int64]]
Marked = tuple[Bins, NDArray[np.bool_], NDArray[np.int64]]  # evidence, wrong, person


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scratch", type=Path, required=True, help="folder for logs")
    parser.add_argument("--look", action="store_true", help="write no model")
    arguments = parser.parse_args()
    arguments.scratch.mkdir(parents=True, exist_ok=True)
    assistant = trained_home(arguments.scratch)
    rows, wrong, people = _joined(
        [marked(arguments.scratch, seed, mixed(seed), assistant) for seed in WORLDS]
    )
    model = from_truth(rows, wrong, people)
    held = _joined([marked(arguments.scratch, seed, Manners(), assistant) for seed in HELD])
    print(json.dumps(figures(model, *held[:2]), indent=1))
    told, wrong, people = _joined([beforehand(arguments.scratch, seed) for seed in WORLDS])
    doubts = fit(misgivings.FEATURES, told, wrong.astype(np.int64), groups=people, shape=BEFOREHAND)
    held = _joined([beforehand(arguments.scratch, seed) for seed in HELD])
    print(json.dumps(figures_beforehand(doubts, *held[:2]), indent=1))
    if not arguments.look:
        home = Path(sayso.__file__).parent
        model.save(home / "feedback" / SHIPPED)
        doubts.save(home / "routing" / misgivings.SHIPPED)
        print(f"wrote both: {len(rows)} turns, {wrong.mean():.1%} of them defects")


def mixed(seed: int) -> Manners:
    """Manners drawn from the ranges."""
    chance = random.Random(seed)
    drawn: dict[str, Any] = {name: chance.uniform(*ends) for name, ends in RANGES.items()}
    return Manners(**drawn)


def marked(scratch: Path, seed: int, manners: Manners, assistant: Assistant) -> Marked:
    """A simulated world's turns: what speaks for and against them, and the truth."""
    kept = scratch / f"marked-{seed}.npz"
    if not kept.exists():
        log, truth = lived(seed, PEOPLE, DAYS, manners, assistant)
        path = log_of(scratch, seed, log)
        key, wrong, person = _evidence(scratch, path, log, truth)
        np.savez(kept, key=key, wrong=wrong, person=person)
        known = _beforehand(log, {one.id: one.right for one in truth})
        np.savez(scratch / f"beforehand-{seed}.npz", told=known[0], wrong=known[1], person=known[2])
    with np.load(kept) as data:
        return unpacked(data["key"]), data["wrong"], data["person"] * 1000 + seed


def lived(
    seed: int, people: int, days: int, manners: Manners, assistant: Assistant
) -> tuple[list[LoggedTurn], list[Truth]]:
    """What so many people of the example home said, and the truth of it."""
    skills = sayso.read_skills(example_home() / "skills")
    town = example_town(skills, people, seed, manners)
    log: list[LoggedTurn] = []
    truth: list[Truth] = []
    for rows, told in simulate(town, assistant, days, seed):
        log += rows
        truth += told
    return log, truth


def log_of(scratch: Path, seed: int, log: Sequence[LoggedTurn]) -> Path:
    """The rows as a file of Parquet."""
    import pyarrow as pa
    from pyarrow import parquet

    names = [each.name for each in fields(LoggedTurn)]
    columns = {name: [getattr(row, name) for row in log] for name in names}
    path = scratch / f"log-{seed}.parquet"
    parquet.write_table(pa.table(columns), path)
    return path


def _evidence(
    scratch: Path, path: Path, log: Sequence[LoggedTurn], truth: Sequence[Truth]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Of each turn that can be right or wrong: key, wrong, person."""
    engine = DuckDB(scratch / "work", memory=1000)
    events = read(engine, path, number)
    again = rephrases(engine, events.windows, detect)
    found = evidence(events.turns, events.windows, events.texts, again)
    table = found.join(
        events.turns.select("number", "user", "at"), found.turn == events.turns.number
    )
    rows = table.order_by("turn").to_pyarrow().to_pylist()
    engine.close()
    told = right_at(log, truth)
    known = [row for row in rows if told[row["user"], row["at"]] is not None]
    return (
        np.array([row["key"] for row in known]),
        np.array([not told[row["user"], row["at"]] for row in known]),
        np.array([row["user"] % 1_000_000 for row in known]),
    )


def right_at(
    log: Sequence[LoggedTurn], truth: Sequence[Truth]
) -> dict[tuple[int, int], bool | None]:
    """Person and moment -> whether that turn was right, if it can be.

    A person says one thing at a moment; the log's id is not carried beyond reading.
    """
    right = {one.id: one.right for one in truth}
    return {(number(row.user), micros(row)): right[row.id] for row in log}


def beforehand(scratch: Path, seed: int) -> Told:
    """What was known of a world's turns at their time, kept when it was marked."""
    with np.load(scratch / f"beforehand-{seed}.npz") as data:
        return data["told"], data["wrong"], data["person"] * 1000 + seed


def _beforehand(log: Sequence[LoggedTurn], right: Mapping[str, bool | None]) -> Told:
    """What serving knows of each turn, and the truth."""
    known = [row for row in log if right[row.id] is not None]
    told = misgivings.figures(
        outcome=[row.outcome for row in known],
        confidence=[np.nan if row.confidence is None else row.confidence for row in known],
        words=[len(fold(row.said).split()) for row in known],
        slots=[len(json.loads(row.slots)) for row in known],
        basis=[row.basis for row in known],
    )
    users = np.array([number(row.user) for row in known])
    return told, np.array([not right[row.id] for row in known]), users % 1_000_000


def figures_beforehand(model: Trees, told: Floats, wrong: NDArray[np.bool_]) -> dict[str, float]:
    """How well defects are told before anything followed, beside confidence alone."""
    from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

    chance = model.predict(told)
    doubt = 1 - np.nan_to_num(told[:, misgivings.FEATURES.index("confidence")], nan=0.0)
    outcome, basis = (told[:, misgivings.FEATURES.index(name)] for name in ("outcome", "basis"))
    acted = (outcome == 0) & (basis == 0)
    doubted = acted & (chance >= MIDDLING[0]) & (chance <= MIDDLING[1])
    return {
        "auc": round(float(roc_auc_score(wrong, chance)), 4),
        "average_precision": round(float(average_precision_score(wrong, chance)), 4),
        "brier": round(float(brier_score_loss(wrong, chance)), 4),
        "auc_of_acted": round(float(roc_auc_score(wrong[acted], chance[acted])), 4),
        "defects_of_acted": round(float(wrong[acted].mean()), 4),
        "doubted": round(float(doubted.mean()), 4),
        "defects_of_doubted": round(float(wrong[doubted].mean()), 4),
        "auc_of_confidence": round(float(roc_auc_score(wrong, doubt)), 4),
        "average_precision_of_confidence": round(float(average_precision_score(wrong, doubt)), 4),
    }


def figures(model: Trees, rows: Bins, wrong: NDArray[np.bool_]) -> dict[str, float]:
    """How well a model tells defects, beside the rule that anything bad is one."""
    from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

    chance = model.predict(rows.astype(np.float32))
    rule = (
        (rows[:, place("outcome")] == step("outcome", "abstained"))
        | (rows[:, place("broken")] > 0)
        | (rows[:, place("rephrased")] >= step("rephrased", "likely"))
        | (rows[:, place("barge_in")] > 0)
        | (rows[:, place("next")] >= step("next", "stop"))
        | (rows[:, place("helpful")] == step("helpful", "no"))
        | (rows[:, place("undone")] > 0)
    )
    steps = np.arange(0.05, 1, 0.05)
    return {
        "turns": len(rows),
        "defects": round(float(wrong.mean()), 4),
        "told": round(float(chance.mean()), 4),
        "auc": round(float(roc_auc_score(wrong, chance)), 4),
        "average_precision": round(float(average_precision_score(wrong, chance)), 4),
        "brier": round(float(brier_score_loss(wrong, chance)), 4),
        "f1_at_half": round(_f1(chance >= 0.5, wrong), 4),
        "f1_best": round(max(_f1(chance >= at, wrong) for at in steps), 4),
        "f1_rule": round(_f1(rule, wrong), 4),
    }


def _f1(told: NDArray[np.bool_], wrong: NDArray[np.bool_]) -> float:
    return float(2 * (told & wrong).sum() / (told.sum() + wrong.sum()))


def _joined(parts: Sequence[tuple[Any, Any, Any]]) -> tuple[Any, Any, Any]:
    rows, wrong, people = zip(*parts, strict=True)
    return np.concatenate(rows), np.concatenate(wrong), np.concatenate(people)


def trained_home(scratch: Path) -> Assistant:
    """The example home, trained once; its decisions are kept from one world to the next."""
    bundle = scratch / "home.bundle"
    if not bundle.exists():
        sayso.train(list(sayso.read_skills(example_home() / "skills")), bundle)
    return Assistant(load(bundle), "en-US")


def number(user: str) -> int:
    """The pseudonym of a simulated person."""
    return pseudonym(b"simulated", user)


def micros(row: LoggedTurn) -> int:
    """When a turn was, as tables of `events` have it."""
    return round(row.at.timestamp() * 1e6)


if __name__ == "__main__":
    main()
