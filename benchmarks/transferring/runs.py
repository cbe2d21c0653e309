"""Measure what is asked for and not in the cache yet."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.real_skills import progress_bar
from benchmarks.transferring import data, methods
from benchmarks.transferring.data import Target
from benchmarks.transferring.fitting import Settings
from benchmarks.transferring.measures import counted
from benchmarks.transferring.stock import Stocks
from sayso.encoders import Encoder
from sayso.training.finetuning.finetune import LEAST_SAMPLES
from sayso.types.lessons import Label
from sayso.types.readings import Utterance
from sayso.understanding.contract import Heard
from sayso.understanding.heard import hear, hear_all

MONITORED = 200  # test utterances that a curve is drawn on
MOST_OF_LINEAR = 2_000  # labels; of 100 intents and more it would take hours
TIMED = 40  # utterances read one by one for the p50

Row = dict[str, Any]
Job = tuple[str, Target, int, int, str]  # key, target, seed, size, method


@dataclass(frozen=True, slots=True)
class Cache:
    """One JSON object a line; a row is found by what was measured."""

    path: Path

    def rows(self) -> dict[str, Row]:
        """Key -> row."""
        if not self.path.is_file():
            return {}
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return {row["key"]: row for row in map(json.loads, lines)}

    def add(self, row: Row) -> None:
        """Kept even if the run stops now."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def measure(arguments: argparse.Namespace) -> list[Row]:
    """Rows of everything asked for; what is missing is measured first."""
    cache = Cache(arguments.cache / "results.jsonl")
    known = cache.rows()
    targets = chosen_targets(arguments)
    stocks = _stocks(arguments)
    encoder = Encoder.load(arguments.encoder)
    wanted = list(_jobs(targets, arguments, encoder.fingerprint[:8]))
    if arguments.kept:
        return _complete(wanted, known)
    with progress_bar() as bar:
        job = bar.add_task("target x size x method", total=len(wanted))
        bar.update(job, completed=sum(key in known for key, *_ in wanted))
        for target, seed in dict.fromkeys((t, s) for _, t, s, *_ in _hashable(wanted)):
            mine = [x for x in wanted if x[1].id == target and x[2] == seed and x[0] not in known]
            if not mine:
                continue
            heard = _heard(mine, encoder)
            for key, whole, _, size, method in mine:
                row = _row(key, whole, seed, size, method, heard, stocks, encoder)
                cache.add(row)
                known[key] = row
                bar.advance(job)
    return [known[key] for key, *_ in wanted]


def _stocks(arguments: argparse.Namespace) -> Stocks:
    folders = arguments.data, arguments.cache, arguments.encoder, arguments.teacher
    return Stocks(*folders, arguments.sets)


def _complete(wanted: Sequence[Job], known: Mapping[str, Row]) -> list[Row]:
    """Rows of targets that every method was measured on at every size, so that means compare."""
    lacking = {target.id for key, target, *_ in wanted if key not in known}
    return [known[key] for key, target, *_ in wanted if target.id not in lacking]


def _jobs(targets: Sequence[Target], arguments: argparse.Namespace, encoder: str) -> Iterator[Job]:
    """encoder: its fingerprint, part of the key of what depends on it."""
    for target in targets:
        for seed in range(arguments.seeds):
            for size in target.sizes(seed, arguments.sizes):
                labels = len(data.subsample(target.parts[seed][0], size))
                for method in arguments.methods:
                    if method == methods.FINETUNED and labels < LEAST_SAMPLES:
                        continue
                    if method == methods.LINEAR and labels > MOST_OF_LINEAR:
                        continue
                    of = f"@{encoder}" if method in methods.NEED_VECTORS else ""
                    yield f"{target.id}|{seed}|{size}|{method}{of}", target, seed, size, method


def _hashable(jobs: Sequence[Job]) -> list[tuple[str, str, int]]:
    return [(key, target.id, seed) for key, target, seed, *_ in jobs]


def chosen_targets(arguments: argparse.Namespace) -> list[Target]:
    """The skills that are reported, and the sets."""
    skills = [] if arguments.skills == 0 else data.read_skills(arguments.data, arguments.seeds)
    reported = [skill for skill in skills if not data.for_tuning(skill.id)]
    chosen = data.stratified(reported, arguments.skills)
    return [*chosen, *(data.read_set(arguments.data, x, arguments.seeds) for x in arguments.sets)]


def tune(arguments: argparse.Namespace) -> list[Row]:
    """Every searched setting of every bi-LSTM on the tuning skills, with all their examples."""
    cache = Cache(arguments.cache / "tuning.jsonl")
    known = cache.rows()
    skills = [x for x in data.read_skills(arguments.data, 1) if data.for_tuning(x.id)]
    stocks = _stocks(arguments)
    rows = []
    for target in data.stratified(skills, arguments.skills):
        heard: dict[str, Heard] | None = None
        for method in (x for x in arguments.methods if x in methods.BILSTMS):
            for settings in methods.searched(method):
                named = f"{settings.learning_rate:g}, {settings.dropout:g}"
                for size in target.sizes(0, arguments.sizes):
                    key = f"{target.id}|{size}|{method}|{named}"
                    if key not in known:
                        heard = heard or _heard([(key, target, 0, size, method)], None)
                        row = _row(key, target, 0, size, method, heard, stocks, None, settings)
                        known[key] = {**row, "settings": named}
                        cache.add(known[key])
                    rows.append(known[key])
    return rows


def _heard(jobs: Sequence[Job], encoder: Encoder | None) -> dict[str, Heard]:
    """What a target's labels sound like; vectors only if one of the methods looks at them."""
    _, target, seed, *_ = jobs[0]
    train, test = target.parts[seed]
    largest = max(size for *_, size, _ in jobs)
    labels = [*data.subsample(train, largest), *test, *target.names]
    texts = list(dict.fromkeys(label.text for label in labels))
    needed = any(method in methods.NEED_VECTORS for *_, method in jobs)
    said = [Utterance(text, text) for text in texts]
    return dict(zip(texts, hear_all(said, encoder if needed else None), strict=True))


def _row(
    key: str,
    target: Target,
    seed: int,
    size: int,
    method: str,
    heard: Mapping[str, Heard],
    stocks: Stocks,
    encoder: Encoder | None,
    settings: Settings | None = None,
) -> Row:
    train, test = target.parts[seed]
    labels = data.subsample(train, size)
    watched = test[:MONITORED]
    said = [heard[label.text] for label in test]

    def monitor(read_all: Callable[[Sequence[Heard]], Any]) -> float:
        return counted(watched, read_all(said[:MONITORED])).semer

    stock = stocks.of(target, method) if method in methods.BILSTMS else None
    fitted = methods.train(method, target, labels, heard, stock, seed, monitor, settings, encoder)
    counts = counted(test, fitted.read_all(said))
    named = {"key": key, "target": target.id, "kind": target.kind, "seed": seed, "size": size}
    about = {"largest": target.largest(seed), "train": len(labels), "method": method}
    read_ms = _read_ms(test, fitted, encoder if method in methods.NEED_VECTORS else None)
    return {
        **named,
        **about,
        "counts": counts.as_dict(),
        **methods.as_row(fitted),
        "read_ms": read_ms,
    }


def _read_ms(test: Sequence[Label], fitted: methods.Fitted, encoder: Encoder | None) -> float:
    """Median milliseconds from text to reading, its vectors included."""
    taken = []
    for label in test[:TIMED]:
        start = time.perf_counter()
        fitted.read(hear(label.text, encoder))
        taken.append(time.perf_counter() - start)
    return round(1000 * statistics.median(taken), 3)
