"""Claim: 100,000 skills of 12 samples are built on two cores in 20 minutes, in 75 with models.

    python -m benchmarks.building DATA/skills --skills 10000 --write

DATA/skills holds `catalogue.parquet`. The skills are made-up ones near the catalogue's
(`evaluation/crowd.py`), seeded, each of about 12 samples; the same skills are built twice, as an
index alone and with local models. Told are minutes on the clock, minutes of processor (its own
processes included) and what 100,000 would take. What grows slower than the number of skills is
taken apart before: the calibration, which 300 skills are enough for. On a machine that is shared
the clock says little; processor minutes over cores are the least that it can take.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import sayso
from benchmarks.hardware import hardware, write_result
from sayso.cli.output import progress
from sayso.encoders import Encoder
from sayso.evaluation.crowd import crowd
from sayso.skills.catalogue import CATALOGUE, read_catalogue
from sayso.training.progress import Progress
from sayso.training.registering import register_alone
from sayso.types.skills import Skill

LOCALE = "en-US"
SAMPLES = 12
WHOLE = 100_000
GOALS_MIN = {"index": 20, "models": 75}
ONCE = ("listening", "calibrating")  # stages of `train` that more skills make no longer


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="the folder of catalogue.parquet")
    parser.add_argument("--skills", type=int, default=10_000)
    parser.add_argument("--index-only", action="store_true")
    parser.add_argument("--write", action="store_true", help="commit it to results/")
    arguments = parser.parse_args()
    if not (arguments.data / CATALOGUE).is_file():
        sys.exit(f"skipped: {arguments.data} lacks {CATALOGUE}")
    skills = made_up(read_catalogue(arguments.data), arguments.skills)
    result = {"samples": SAMPLES, "skills": len(skills), **built(skills, arguments.index_only)}
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("building", result)


def made_up(real: Sequence[Skill], count: int) -> list[Skill]:
    """The crowd without the real skills, most of which have fewer samples."""
    everybody = crowd(real, len(real) + count, locale=LOCALE, samples=SAMPLES)
    made = [skill for skill in everybody if skill.id.rpartition(".")[2].isdecimal()]
    return list(islice(made, count))


def built(skills: Sequence[Skill], index_only: bool) -> dict[str, Any]:
    found = {}
    with tempfile.TemporaryDirectory() as place, progress() as tell:
        encoder = Encoder.load(threads=2)
        folder = Path(place)
        found["index"] = timed(lambda on: register_alone(skills, folder, encoder, on), tell)
        if not index_only:
            found["models"] = timed(
                lambda on: sayso.train(skills, folder, encoder=encoder, progress=on), tell, ONCE
            )
    return {
        name: {**told(one, len(skills)), "goal_min": GOALS_MIN[name]} for name, one in found.items()
    }


def timed(
    build: Callable[[Progress], object], tell: Progress, once: Sequence[str] = ()
) -> dict[str, tuple[float, float]]:
    """Seconds of clock and of processor: in all, and until the stages that come once were over."""
    begun = now()
    past = begun

    def on(stage: str, done: int, total: int) -> None:
        nonlocal past
        tell(stage, done, total)
        if stage in once:
            past = now()

    build(on)
    ended = now()
    return {"all": since(begun, ended), "once": since(begun, past)}


def now() -> tuple[float, float]:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(each.ru_utime + each.ru_stime for each in spent)


def since(before: tuple[float, float], after: tuple[float, float]) -> tuple[float, float]:
    return after[0] - before[0], after[1] - before[1]


def told(found: dict[str, tuple[float, float]], skills: int) -> dict[str, float]:
    cores = hardware()["cores"]
    (clock, work), (clock_once, work_once) = found["all"], found["once"]
    more = WHOLE / skills
    return {
        "minutes": round(clock / 60, 2),
        "processor_minutes": round(work / 60, 2),
        "whole_minutes": round((clock_once + more * (clock - clock_once)) / 60, 1),
        "whole_least_minutes": round((work_once + more * (work - work_once)) / 60 / cores, 1),
    }


if __name__ == "__main__":
    main()
