"""SNIPS as one skill: intents and slots from all of it, frozen and fine-tuned, and from ten each.

    sayso pretrain DATA FOLDER --without clinc150 --without snips
    python -m benchmarks.snips DATA/nlu/snips --encoder FOLDER --finetune --write

Learnt from the training part (12,406 sentences); scored on the validation part (1,378): intent
accuracy, and slot F1 of exact spans and names under the intent that was read, as conlleval counts.
`frozen` is the shared engine as every skill has it, `finetuned` what `sayso train --finetune` makes
of it, and `ten` the frozen engine with ten sentences an intent (the given draw, and two by seed).
The encoder must not have learnt from SNIPS; the packaged one has, and is not asked.

`--tune` leaves the validation part alone: a thousand training sentences stand in its place.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from benchmarks.fewshot import SEEDS
from benchmarks.hardware import write_result
from benchmarks.real_skills import progress_bar
from benchmarks.transferring.data import set_label
from benchmarks.transferring.measures import Counts, counted
from sayso.encoders import Encoder
from sayso.training.calibrate import Course
from sayso.types.lessons import Label, LabelSource
from sayso.types.skills import Intent, Language, Skill, Slot
from sayso.understanding.contract import Heard
from sayso.understanding.heard import hear_all
from sayso.understanding.hints import hints
from sayso.understanding.installed import Installed
from sayso.understanding.installing import fit_heard

GOALS = {"intent_accuracy": 0.985, "slot_f1": 0.955}
SHOTS = 10
FOR_TUNING = 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with train.parquet, validation.parquet")
    parser.add_argument("--encoder", type=Path, required=True, help="one that knows no SNIPS")
    parser.add_argument("--finetune", action="store_true", help="needs the extra train (torch)")
    parser.add_argument("--tune", action="store_true", help="score training sentences kept apart")
    parser.add_argument("--write", action="store_true", help="write results/snips.json")
    arguments = parser.parse_args()
    if not (arguments.data / "train.parquet").is_file():
        print(f"skipped: {arguments.data} has no train.parquet")
        return
    taught, tested = parts(arguments.data, tune=arguments.tune)
    encoder = Encoder.load(arguments.encoder, threads=2)
    result = measure(arguments.data, encoder, taught, tested, finetune=arguments.finetune)
    print(json.dumps(result))
    show(result)
    if arguments.write:
        write_result("snips", result)


def parts(folder: Path, *, tune: bool) -> tuple[list[Label], list[Label]]:
    """What is learnt, and what is read."""
    train = read(folder / "train.parquet")
    if not tune:
        return train, read(folder / "validation.parquet")
    mixed = Random("tune").sample(train, len(train))
    return mixed[FOR_TUNING:], mixed[:FOR_TUNING]


def read(path: Path) -> list[Label]:
    import pyarrow.parquet as pq

    found = map(set_label, pq.read_table(path).to_pylist())
    return [replace(x, skill="snips", source=LabelSource.SAMPLE) for x in found if x is not None]


def measure(
    folder: Path,
    encoder: Encoder,
    taught: Sequence[Label],
    tested: Sequence[Label],
    *,
    finetune: bool,
) -> dict[str, Any]:
    """Figures of every method."""
    by_text = heard_by_text(encoder, [*taught, *tested])
    heard = [by_text[x.text] for x in tested]
    started = time.perf_counter()
    course = course_of(encoder, taught, by_text)
    held = fitted(course)
    result: dict[str, Any] = {
        "encoder": encoder.name,
        "taught": len(taught),
        "tested": len(tested),
        "goals": GOALS,
        "frozen": figures(held, tested, heard, time.perf_counter() - started),
    }
    if finetune:
        result["finetuned"] = finetuned_figures(course, encoder, held, tested, heard)
    draws = [ten(folder, taught, seed) for seed in range(SEEDS)]
    few = [figures(fitted(course_of(encoder, x, by_text)), tested, heard, 0.0) for x in draws]
    names = ("intent_accuracy", "slot_f1")
    result["ten"] = {name: round(sum(x[name] for x in few) / len(few), 4) for name in names}
    result["ten"]["draws"] = [{name: x[name] for name in names} for x in few]
    return result


def heard_by_text(encoder: Encoder, labels: Sequence[Label]) -> dict[str, Heard]:
    texts = sorted({x.text for x in labels})
    with progress_bar() as bar:
        job = bar.add_task("hearing SNIPS", total=len(texts))
        found = hear_all(texts, encoder, lambda done: bar.update(job, completed=done))
    return dict(zip(texts, found, strict=True))


def course_of(encoder: Encoder, labels: Sequence[Label], heard: Mapping[str, Heard]) -> Course:
    """The sentences as a skill's lessons, with the hints that its intents' names give."""
    skill = skill_of(labels)
    lessons = [*labels, *hints(skill.id, skill.languages[0])]
    named = hear_all([x.text for x in lessons[len(labels) :]], encoder)
    return Course(skill, skill.languages[0], lessons, [*(heard[x.text] for x in labels), *named])


def skill_of(labels: Sequence[Label]) -> Skill:
    """A skill with the intents and slots of these sentences; one said twice may be filled twice."""
    slots: dict[str, dict[str, bool]] = {}
    for label in labels:
        known = slots.setdefault(label.intent, {})
        for name, times in Counter(span.name for span in label.spans).items():
            known[name] = known.get(name, False) or times > 1
    intents = [
        Intent(intent, samples=("-",), slots=[Slot(x, x, multiple=twice[x]) for x in twice])
        for intent, twice in sorted(slots.items())
    ]
    return Skill("snips", "SNIPS", languages=(Language("en-US", "snips", intents=intents),))


def fitted(course: Course) -> Installed:
    skill, language = course.skill, course.language
    with threadpool_limits(1, "blas"):
        return fit_heard(
            skill, language, course.lessons, course.heard, engine="shared", strangers=None
        )


def finetuned_figures(
    course: Course,
    encoder: Encoder,
    held: Installed,
    tested: Sequence[Label],
    heard: Sequence[Heard],
) -> dict[str, Any]:
    """What the verb makes of it, and whether its own gate let the new layers pass."""
    from sayso.training.finetuning.finetune import finetuned

    # As `train` does: threads of BLAS that wait for each other are slower than one.
    with threadpool_limits(1, "blas"), progress_bar() as bar:
        job = bar.add_task("tuning", total=None)
        fresh, trial = finetuned(
            course,
            encoder,
            held,
            progress=lambda done, total: bar.update(job, completed=done, total=total),
        )
    gate = {name: getattr(trial, name) for name in ("kept", "held_out", "before", "after")}
    return {**figures(fresh, tested, heard, trial.seconds), "gate": gate}


def figures(
    held: Installed, tested: Sequence[Label], heard: Sequence[Heard], seconds: float
) -> dict[str, Any]:
    counts: Counts = counted(tested, [held.model.read(x, limit=1)[0] for x in heard])
    return {
        "intent_accuracy": round(1 - counts.intent_error, 4),
        "slot_f1": round(counts.slot_f1 or 0.0, 4),
        "all_right": round(1 - counts.irer, 4),
        "seconds": round(seconds, 1),
    }


def ten(folder: Path, taught: Sequence[Label], seed: int) -> list[Label]:
    """Ten sentences an intent: for seed 0 the set's own draw, else one from its training part."""
    if seed == 0 and (folder / f"train_fewshot_{SHOTS}.parquet").is_file():
        return read(folder / f"train_fewshot_{SHOTS}.parquet")
    by_intent: dict[str, list[Label]] = {}
    for one in taught:
        by_intent.setdefault(one.intent, []).append(one)
    return [
        one
        for intent, labels in sorted(by_intent.items())
        for one in Random(f"{seed}/{intent}").sample(labels, min(SHOTS, len(labels)))
    ]


def show(result: Mapping[str, Any]) -> None:
    table = Table(title=f"SNIPS, {result['tested']} sentences, encoder {result['encoder']}")
    for heading in ("method", "intent accuracy", "slot F1", "all right", "seconds"):
        table.add_column(heading)
    for method in ("frozen", "finetuned", "ten"):
        if method in result:
            row = result[method]
            cells = [str(row.get(x, "-")) for x in ("all_right", "seconds")]
            table.add_row(method, f"{row['intent_accuracy']:.4f}", f"{row['slot_f1']:.4f}", *cells)
    table.add_row("goal", *(f"{goal:.3f}" for goal in GOALS.values()), "-", "-")
    Console().print(table)


if __name__ == "__main__":
    main()
