"""Claim: slots that are only described are found: joint goal accuracy on SGD's validation part is
at least that of the published baseline, on services whose dialogues nobody has learnt from as well.

    python -m benchmarks.state_tracking DATA --write
    python -m benchmarks.state_tracking DATA --every 10      # a tenth of the dialogues

DATA holds `dialogues/sgd`. Every service is one of our skills, made of its schema alone. What is
measured is the shipped model of described slots (scripts/make_described.py), which has learnt from
the dialogues of the training services; `unseen` services are not among them, nor is any dialogue
of theirs. Beside it, in the same run: nothing read; all that the system names taken (always-carry);
the engine with samples made of the schema, with and without descriptions. Sayso is the system, so
the acts of the system before each turn are known to it, as to the baselines here. Published
trackers read its sentence alone; so does `described slots, text alone`, by ears that learn from
every n-th dialogue of the training part (`--text N`).
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Collection, Sequence
from functools import partial
from operator import eq
from pathlib import Path
from typing import Any

from benchmarks.hardware import write_result
from benchmarks.sgd.engine import by_engine
from benchmarks.sgd.heard import hear_texts
from benchmarks.sgd.metrics import summary
from benchmarks.sgd.overhearing import Overheard, learn
from benchmarks.sgd.reading import dialogues, schema
from benchmarks.sgd.skills import described
from benchmarks.sgd.tracking import Tracked, Tracker, always_carry, by_reader, nothing, tracked
from sayso.encoders.encoder import Encoder
from sayso.understanding.described.read import shipped

# Of the published baseline (Rastogi et al. 2020 on the test part; its README on this part).
PUBLISHED = {"test": 25.4, "validation": 38.3}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with dialogues/sgd")
    parser.add_argument("--every", type=int, default=1, help="only every n-th dialogue")
    parser.add_argument("--text", type=int, default=12, help="dialogues to learn its ears from")
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    folder = arguments.data / "dialogues" / "sgd"
    if not (folder / "validation.parquet").is_file():
        sys.exit(f"skipped: {folder} lacks validation.parquet")
    result = measure(folder, arguments.every, arguments.text)
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("state_tracking", result)


def measure(folder: Path, every: int, text: int) -> dict[str, Any]:
    """Every tracker on the same dialogues; seen and unseen services apart."""
    encoder = Encoder.load()
    services = schema(folder / "schema_validation.json")
    learnt = schema(folder / "schema_train.json")
    skills = {name: described(service, encoder) for name, service in services.items()}
    asked = dialogues(folder / "validation.parquet", every=every)
    taught = dialogues(folder / "train.parquet", every=text)
    heard = hear_texts((turn.text for each in (*asked, *taught) for turn in each.turns), encoder)
    trackers: dict[str, Tracker] = {
        "nothing": nothing,
        "always carry": always_carry(skills),
        "engine, no descriptions": by_engine(services, encoder, descriptions=False),
        "engine, descriptions": by_engine(services, encoder, descriptions=True),
        "described slots": by_reader(shipped(), skills),
    }
    found: dict[str, Any] = {}
    for name, tracker in trackers.items():
        frames = tracked(asked, heard, services, skills, tracker)
        found[name] = _told(frames, learnt)
    found["described slots"]["services"] = {
        service: _figures(frames, partial(eq, service)) for service in sorted(services)
    }
    known = {name: described(service, encoder) for name, service in learnt.items()}
    ears = learn(taught, heard, known, shipped())
    overheard = partial(Overheard, ears=ears, heard=heard)
    frames = tracked(asked, heard, services, skills, trackers["described slots"], overheard)
    found["described slots, text alone"] = _told(frames, learnt)
    return {
        "dialogues": len(asked),
        "published joint goal accuracy": PUBLISHED,
        "trackers": found,
        "weights_kb": round(len(shipped().to_bytes()) / 1024),
    }


def _told(frames: Sequence[Tracked], learnt: Collection[str]) -> dict[str, Any]:
    """Figures of all frames, and of seen and unseen services apart; and the time."""
    return {
        "all": _figures(frames, lambda service: True),
        "seen": _figures(frames, lambda service: service in learnt),
        "unseen": _figures(frames, lambda service: service not in learnt),
        "milliseconds": _times(frames),
    }


def _figures(frames: Sequence[Tracked], wanted: Callable[[str], bool]) -> dict[str, float]:
    return summary([each.score for each in frames if wanted(each.score.service)])


def _times(frames: Sequence[Tracked]) -> dict[str, float]:
    """Milliseconds of the processor for a frame, without the encoding of its words."""
    taken = [each.milliseconds for each in frames]
    cuts = statistics.quantiles(taken, n=100)
    return {"p50": round(statistics.median(taken), 2), "p99": round(cuts[98], 2)}


if __name__ == "__main__":
    main()
