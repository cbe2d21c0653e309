"""Claims: 10 million turns with 500,000 distinct texts go from Parquet to texts, conversations,
windows and verdicts, personal data removed, within 10 minutes and 4 GB on two cores, rephrase
detection and mining included; the cost grows at most 1.15 times as fast as the log.

    python -m benchmarks.learning_scale --scratch FOLDER --write
    python -m benchmarks.learning_scale --scratch FOLDER --millions 1     # a look

FOLDER holds the generated log (60 bytes a turn) and the tables (up to 250). Each size runs in a
process of its own, and of each step are noted seconds, processor seconds, and the most memory that
it and all processes it started held together (benchmarks.memory). Times of a machine that does
other things say little: the ratios of a run say more. The log is made of random words, some of them
misheard and said again: it says how long, not how well.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.hardware import write_result
from benchmarks.memory import watched
from sayso.encoders import Encoder, Encoders
from sayso.events.engines import MEMORY, open_engine
from sayso.jobs.learn import gates_of
from sayso.jobs.lessons import find_rewrites, look
from sayso.jobs.work import Run
from sayso.settings import LearningSettings
from sayso.types.people import pseudonym

T = TypeVar("T")
PART = 1_000_000  # rows of a file
TEXTS = 500_000
PER_USER = 50
DAYS = 14
EVERY, MISHEARD = 50, 7  # of so many texts one is the text before it, misheard


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scratch", type=Path, help="folder for logs and tables")
    parser.add_argument("--millions", type=float, nargs="*", default=[1, 3, 10, 30])
    parser.add_argument("--memory", type=int, default=MEMORY, help="MB, as of sayso learn")
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as place:
        sizes = [
            measure(round(each * 1e6), arguments.memory, Path(place)) for each in arguments.millions
        ]
    result = {"memory_mb": arguments.memory, "texts": TEXTS, "sizes": sizes}
    result["growth"] = growth(sizes)
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("learning_scale", result)


def growth(sizes: Sequence[Mapping[str, Any]]) -> dict[int, dict[str, float]]:
    """Processor seconds a turn, as a multiple of the smallest log's: in all; and without reading
    texts, of which a log ten times as long has not ten times as many."""

    def each(size: Mapping[str, Any], without: float = 0.0) -> float:
        cost: float = (size["processor_s"] - without) / size["rows"]
        return cost

    def reading(size: Mapping[str, Any]) -> float:
        seconds: float = size["steps"]["vectors"]["processor_s"]
        return seconds

    least = min(sizes, key=lambda size: size["rows"])
    return {
        size["rows"]: {
            "all": round(each(size) / each(least), 3),
            "without_texts": round(
                each(size, reading(size)) / each(least, reading(least)),
                3,
            ),
        }
        for size in sizes
    }


def measure(rows: int, memory: int, place: Path) -> dict[str, Any]:
    """One size: a log is made, learnt from, and removed."""
    log = place / f"log-{rows}"
    made = time.perf_counter()
    generate(log, rows)
    print(f"{rows} rows made in {time.perf_counter() - made:.0f} s", flush=True)
    told = learnt(log, place / "work", memory)
    shutil.rmtree(log)
    shutil.rmtree(place / "work")
    return {"rows": rows, **told}


def learnt(log: Path, work: Path, memory: int, kind: str = "duckdb") -> dict[str, Any]:
    """All steps of a log, in a process of its own, whose memory is watched from here."""
    # Not multiprocessing's own pool, whose processes may not start any themselves.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        pid = pool.submit(os.getpid).result()  # it has one process: that which will learn
        with watched(pid) as held:
            told: dict[str, Any] = pool.submit(learn, log, work, memory, kind).result()
    for (step, start, _), (_, end, _) in pairwise(told.pop("marks")):
        told["steps"][step]["peak_mb"] = held.peak_mb(start, end)
    return {**told, "peak_mb": held.peak_mb()}


@dataclass(slots=True)
class Clocked(Run):
    """A run whose steps tell a clock that they begin; those of `events` tell it one by one."""

    clock: Callable[[str], None] = field(default=lambda step: None)

    def step(self, name: str, make: Callable[[], T], kept: Callable[[], T]) -> T:
        """See `Run.step`."""
        if name != "events":
            self.clock(name)
        return Run.step(self, name, make, kept)


def learn(log: Path, work: Path, memory: int, kind: str) -> dict[str, Any]:
    """All steps of one log on an engine of that kind: seconds by step, and what was found."""
    engine = open_engine(kind, work, memory=memory)
    steps = Steps()
    encoders = Encoders(Encoder.load(threads=os.cpu_count() or 1))
    run = Clocked(work, {}, datetime.now(UTC), clock=steps)
    key = partial(pseudonym, b"benchmark")

    def tell(stage: str, done: int, total: int) -> None:
        if not done:
            steps(stage)

    seen = look(engine, log, key, encoders, run, tell)
    findings = find_rewrites(engine, seen, encoders, gates_of(LearningSettings()), run)
    steps("end")
    told = steps.told()
    told["candidates"] = len(findings.mined)
    told["rewrites"] = sum(not each.barred for each in findings.mined)
    told["windows"] = seen.events.windows.count().to_pyarrow().as_py()
    told["distinct_texts"] = seen.events.texts.count().to_pyarrow().as_py()
    engine.close()
    return {**told, "marks": steps.marks}


class Steps:
    """A clock that is told when a step begins."""

    def __init__(self) -> None:
        self.marks: list[tuple[str, float, float]] = []

    def __call__(self, step: str) -> None:
        """Note that a step begins."""
        mine, theirs = (
            resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        processor = mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime
        self.marks.append((step, time.perf_counter(), processor))
        print(f"  {step}", flush=True)

    def told(self) -> dict[str, Any]:
        """Seconds and processor seconds, by step and in all."""
        pairs = list(pairwise(self.marks))
        return {
            "seconds": round(self.marks[-1][1] - self.marks[0][1], 1),
            "processor_s": round(self.marks[-1][2] - self.marks[0][2], 1),
            "steps": {
                a[0]: {"seconds": round(b[1] - a[1], 1), "processor_s": round(b[2] - a[2], 1)}
                for a, b in pairs
            },
        }


def generate(folder: Path, rows: int, *, texts: int = TEXTS, seed: int = 0) -> None:
    """A log of random sessions, file by file; popular texts are said by many."""
    import pyarrow as pa
    from pyarrow import parquet

    folder.mkdir(parents=True)
    words = sentences(texts, seed)
    said = pa.array(words)
    slots = pa.array([f'{{"song":"{text.split(" ", 1)[1]}"}}' for text in words])
    speeches = pa.array([f"Here is {text.split(' ', 1)[1]}." for text in words])
    for part, start in enumerate(range(0, rows, PART)):
        random = np.random.default_rng((seed, part))
        many = min(PART, rows - start)
        table = pa.table(_columns(random, start, many, said, slots, speeches))
        parquet.write_table(table, folder / f"part-{part:04d}.parquet")


def sentences(many: int, seed: int) -> list[str]:
    """Distinct made-up requests; a few hold a number that must not be kept."""
    random = np.random.default_rng(seed)
    syllables = ["ba", "lo", "mi", "ra", "tu", "ne", "ko", "sa", "vi", "du", "pe", "fa"]
    names = ["".join(random.choice(syllables, 3)) for _ in range(2000)]
    verbs = ["play", "find", "call", "show", "order", "read", "start", "open"]
    found: dict[str, None] = {}
    while len(found) < many:
        verb, first, second, third = random.integers(0, [8, 2000, 2000, 2000]).tolist()
        text = f"{verbs[verb]} {names[first]} {names[second]}"
        found[f"{text} {names[third]}" if third % 2 else text] = None
        if third % 100 == 0:
            found[f"call {first * 4_000_003 + 10_000_000} for {names[second]}"] = None
    listed = list(found)[:many]
    for at in range(MISHEARD, many, EVERY):
        # Another last syllable; where that is a request, too, both are heard right.
        misheard = listed[at - 1][:-2] + syllables[at // EVERY % len(syllables)]
        listed[at] = listed[at] if misheard in found else misheard
    return listed


def _columns(
    random: np.random.Generator, start: int, many: int, said: Any, slots: Any, speeches: Any
) -> dict[str, Any]:
    """One file's rows: sessions of one to five turns, each of one person and one device."""
    import pyarrow as pa

    session = np.repeat(np.arange(many), random.integers(1, 6, many))[:many]
    first = np.searchsorted(session, session)
    place = np.arange(many) - first
    people = max(1, many // PER_USER)
    # People of a file are its own: as in a log that is written day by day, mixed by person.
    user = start + random.integers(0, people, many)[session]
    began = random.integers(0, DAYS * 86_400_000, many)[session]
    popular = np.minimum(len(said) * random.random(many) ** 4, len(said) - 1).astype(np.int64)
    text: NDArray[np.int64] = np.where(random.random(many) < 0.3, popular, popular[session])
    # Most who were misheard say it right in their next turn.
    again = np.flatnonzero((text[:-1] % EVERY == MISHEARD) & (place[1:] > 0))
    again = again[random.random(len(again)) < 0.7]
    text[again + 1] = text[again] - 1
    wrong = (text % EVERY == MISHEARD) & (random.random(many) < 0.9)
    outcome = np.where(wrong, 2, random.choice(3, many, p=[0.85, 0.05, 0.10]))
    acted = outcome == 0
    pauses = random.integers(3_000, 60_000, many)
    pauses[again + 1] = random.integers(2_000, 9_000, len(again))
    pause = np.cumsum(pauses)
    at = 1_770_000_000_000 + began + pause - pause[first]

    def maybe(values: Any, share: float) -> Any:
        return pa.array(values, mask=random.random(many) >= share)

    def named(prefix: str, numbers: NDArray[np.int64], width: int) -> Any:
        labels = np.char.add(prefix, np.char.zfill(numbers.astype(f"U{width}"), width))
        return pa.array(labels)

    def take(column: Any) -> Any:
        return column.take(pa.array(text))

    skill = pa.array([f"skill_{each}" for each in range(200)])
    outcomes = pa.array(["act", "ask", "abstain"])
    kinds = pa.array(["speaker", "phone", "screen"])
    return {
        "id": named("row-", start + np.arange(many), 24),
        "at": pa.array(at, pa.int64()).cast(pa.timestamp("ms", "UTC")),
        "user": named("user-", user, 12),
        "device": named("device-", user % 7, 4),
        "device_type": kinds.take(pa.array(user % 3)),
        "conversation": named("talk-", start + first, 12),
        "turn": pa.array(place),
        "locale": pa.array(np.full(many, "en-US")),
        "said": take(said),
        "text": take(said),
        "outcome": outcomes.take(pa.array(outcome)),
        "skill": skill.take(pa.array(text % 200, mask=~acted)),
        "intent": skill.take(pa.array(text % 200, mask=~acted)),
        "slots": take(slots),
        "confidence": pa.array(random.random(many), mask=~acted),
        "basis": pa.array(np.full(many, "words")),
        "side_effects": pa.array(text % 20 == 0),
        "speech": take(speeches),
        "failed": pa.array(random.random(many) < 0.02),
        "ended": pa.array(outcome != 1),
        "rewrite": pa.nulls(many, pa.string()),
        "arm": pa.nulls(many, pa.string()),
        "barge_in_ms": maybe(random.random(many) * 4000, 0.05),
        "played_s": maybe(random.random(many) * 300, 0.2),
        "helpful": maybe(random.random(many) < 0.7, 0.01),
        "undone": maybe(np.ones(many, bool), 0.01),
    }


if __name__ == "__main__":
    main()
