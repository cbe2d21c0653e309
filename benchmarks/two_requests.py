"""Claim: two requests in one sentence are told from one that merely holds an "and".

    python -m benchmarks.two_requests --write

The sentences stand in two_requests.tsv, written for the skills of the example home; braces mark the
conjunction. The rules were written against the half `tune`; the half `held` was set aside before
any result was seen; FIRST is what it came to when it was run once. Some rules were mended after
that, so what counts for them is `fresh`, written then and run once, too. A sentence of two requests
is found if it comes apart into as many requests as were meant and each is read as the intent that
was meant; precision is over the sentences that came apart. `doing` counts sentences of one request
that came apart: each is something done that nobody asked for. Cost: the milliseconds that looking
for requests adds to a turn, for a sentence with and for one without a conjunction.
"""

from __future__ import annotations

import argparse
import csv
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.hardware import write_result
from sayso.cli.demo import example_home
from sayso.cli.train import train_home
from sayso.runtime.engine import Engine
from sayso.runtime.home import Home
from sayso.types.context import Context
from sayso.types.readings import Utterance

SENTENCES = Path(__file__).parent / "two_requests.tsv"
HALVES = ("tune", "held", "fresh")
FIRST = {"came_apart": 54, "right": 47, "precision": 0.8704, "recall": 0.9038, "doing": 3}
PLAIN = "turn off the kitchen lights"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, its half, how many requests it holds, and their intents, `skill.Intent`."""

    half: str
    text: str
    requests: int
    intents: Sequence[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a sentence came to, and what looking for requests took."""

    sentence: Sentence
    parts: Sequence[str]
    intents: Sequence[str]
    extra_ms: float

    @property
    def came_apart(self) -> bool:
        """Whether it was taken for several requests."""
        return len(self.parts) > 1

    @property
    def is_right(self) -> bool:
        """Whether there are as many requests as were meant, and, of several, those meant."""
        if len(self.parts) != self.sentence.requests:
            return False
        return not self.came_apart or [*self.intents] == [*self.sentence.intents]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--home", type=Path, help="a trained copy of the example home")
    parser.add_argument("--half", choices=HALVES, help="one half alone, with what is wrong in it")
    parser.add_argument("--write", action="store_true", help="write results/two_requests.json")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.home or furnished(Path(scratch) / "home")
        with Home.open(folder) as home:
            found = [look(home.engine, each) for each in sentences()]
            plain = cost_of_none(home.engine)
    if arguments.half:
        found = [each for each in found if each.sentence.half == arguments.half]
        for each in found:
            if not each.is_right:
                print(f"{each.sentence.text} -> {each.parts} {each.intents}")
    result = {half: figures([x for x in found if x.sentence.half == half]) for half in HALVES}
    result["held_first"] = FIRST
    result["no_conjunction"] = {"extra_p50_ms": round(plain, 5)}
    for name, values in result.items():
        print(name, values)
    if arguments.write and not arguments.half:
        write_result("two_requests", result)


def furnished(folder: Path) -> Path:
    shutil.copytree(example_home(), folder)
    train_home(folder, quiet=True)
    return folder


def sentences(path: Path = SENTENCES) -> Iterator[Sentence]:
    with path.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            yield Sentence(
                row["half"],
                re.sub(r"\s+,", ",", re.sub("[{}]", "", row["sentence"])),
                {"one": 1, "two": 2}[row["kind"]],
                row["intents"].split(),
            )


def look(engine: Engine, sentence: Sentence) -> Found:
    """A sentence as a turn out of the blue."""
    context = _context()
    turn = engine.turn(Utterance(sentence.text, sentence.text), context)
    started = time.perf_counter()
    parts = engine.requests(turn, context)
    extra_ms = (time.perf_counter() - started) * 1000
    readings = (engine.decide(part, context).hypotheses for part in parts)
    intents = [f"{each[0].skill}.{each[0].intent}" if each else "" for each in readings]
    return Found(sentence, parts, intents, extra_ms)


def cost_of_none(engine: Engine, times: int = 2000) -> float:
    """Median milliseconds that a sentence without a conjunction pays."""
    context = _context()
    turn = engine.turn(Utterance(PLAIN, PLAIN), context)
    took = []
    for _ in range(times):
        started = time.perf_counter()
        engine.requests(turn, context)
        took.append((time.perf_counter() - started) * 1000)
    return float(np.median(took))


def figures(found: Sequence[Found]) -> Mapping[str, Any]:
    """Counts, and precision and recall of coming apart rightly."""
    apart = [each for each in found if each.came_apart]
    two = [each for each in found if each.sentence.requests > 1]
    right = sum(each.is_right for each in apart)
    if not found:
        return {}
    extra = [each.extra_ms for each in found]
    return {
        "sentences": len(found),
        "two": len(two),
        "one": len(found) - len(two),
        "came_apart": len(apart),
        "right": right,
        "precision": round(right / len(apart), 4) if apart else None,
        "recall": round(right / len(two), 4) if two else None,
        "doing": sum(each.sentence.requests == 1 for each in apart),
        "extra_p50_ms": round(float(np.percentile(extra, 50)), 2),
        "extra_p99_ms": round(float(np.percentile(extra, 99)), 2),
    }


def _context() -> Context:
    return Context("two", now=datetime(2026, 11, 20, 17, 40, tzinfo=UTC), user="ana")


if __name__ == "__main__":
    main()
