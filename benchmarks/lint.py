"""Claims: 1,000 real skills are linted in at most 60 s on two cores; collisions that are planted
among real skills are found; a sample that is told to be stolen reaches another skill when it is
left out of training.

    python -m benchmarks.lint DATA --write

DATA holds the Alexa models and the catalogue. `thousand`: the English Alexa models with intents of
their own, then skills of the catalogue that have phrases, in a seeded order, linted by the verb,
from files to JSON; the machine's load before tells whether others were at work. `planted`: PLANTS
collisions of each kind among the English models of part 2, each between two skills drawn at random;
the share that is told, and the other errors and warnings that this brought, by kind. `stolen`: of
part 2, a tenth of each intent's samples (three at most) left out, all skills trained, these samples
asked. `right` is the share of the samples told to be stolen that reached another skill, `found` the
share of those that reached another skill that had been told. Samples that are word for word, or but
for their slots, somebody else's are left aside there.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

import sayso
from benchmarks import alexa_models
from benchmarks.hardware import write_result
from benchmarks.planting import PLANTS, TOGETHER, planted
from benchmarks.stores import real_skills
from sayso.cli.output import progress
from sayso.encoders import Encoder, Encoders
from sayso.evaluation.collisions.find import Found, find
from sayso.evaluation.collisions.nouns import Kind, Severity
from sayso.evaluation.collisions.samples import samples_of
from sayso.skills import write_skill
from sayso.skills.catalogue import CATALOGUE
from sayso.types.skills import Intent, Skill

LOCALE = "en-US"
MANY = 1000
SEED = 1
LEFT_OUT = 3  # samples of an intent at most


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with the parquet files")
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    names = [*alexa_models.FILES, CATALOGUE]
    missing = [name for name in names if not (arguments.data / name).is_file()]
    if missing:
        sys.exit(f"skipped: {arguments.data} lacks {', '.join(missing)}")
    with threadpool_limits(1, "blas"):
        result = measure(arguments.data)
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("lint", result)


def measure(data: Path) -> dict[str, Any]:
    from pyarrow import parquet

    encoders = Encoders(Encoder.load(threads=2))
    models = [x for x in real_skills(data) if x.languages[0].locale.startswith("en")]
    first = parquet.read_metadata(data / alexa_models.FILES[0]).num_rows
    part_2 = [x for x in models if int(x.id.removeprefix("skill-")) >= first]
    return {
        "thousand": thousand(models, data),
        "planted": found_again(part_2, encoders),
        "stolen": stolen(part_2, encoders),
    }


def lint(skills: Sequence[Skill], encoders: Encoders) -> Found:
    with progress() as tell:
        return find(skills, [LOCALE], encoders, tell)


def thousand(models: Sequence[Skill], data: Path) -> dict[str, Any]:
    """The verb itself, from files to JSON, in a process of its own."""
    store = [x for x in sayso.read_skills(data / CATALOGUE) if _speaks(x)]
    random.Random(SEED).shuffle(store)
    skills = [*models, *store][:MANY]
    with tempfile.TemporaryDirectory() as folder:
        for skill in skills:
            write_skill(skill, Path(folder) / skill.id)
        load = os.getloadavg()[0]
        command = [sys.executable, "-m", "sayso", "lint", folder, "--locale", LOCALE, "--json"]
        before, start = os.times(), time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds, after = time.perf_counter() - start, os.times()
    spent = after.children_user + after.children_system
    report = json.loads(done.stdout)
    counts = Counter(one["kind"] for one in report["findings"])
    return {
        "goal_s": 60,
        "seconds": round(seconds, 1),
        "processor_s": round(spent - before.children_user - before.children_system, 1),
        "load_before": round(load, 1),
        "skills": report["skills"],
        "alexa_models": len(models),
        "samples": report["samples"],
        "findings": dict(counts.most_common()),
    }


def _speaks(skill: Skill) -> bool:
    language = skill.language(LOCALE)
    return language is not None and any(intent.samples for intent in language.intents)


def found_again(skills: Sequence[Skill], encoders: Encoders) -> dict[str, Any]:
    """Of each kind the share of plants that is told; and what else is told for the first time."""
    before = {(one.kind, one.everyone) for one in lint(skills, encoders).collisions}
    result: dict[str, Any] = {"plants_of_a_kind": PLANTS}
    besides: Counter[str] = Counter()
    for kinds in TOGETHER:
        grown, plants = planted(skills, kinds, random.Random(SEED))
        after = lint(grown, encoders).collisions
        fresh = [one for one in after if (one.kind, one.everyone) not in before]
        for kind in kinds:
            told = [plant.is_told(fresh) for plant in plants if plant.kind == kind]
            result[str(kind)] = round(sum(told) / len(told), 3)
        for one in fresh:
            planned = any(plant.is_told([one]) for plant in plants)
            besides[str(one.kind)] += not planned and one.severity != Severity.NOTE
    return {**result, "besides": dict(+besides)}


def stolen(skills: Sequence[Skill], encoders: Encoders) -> dict[str, Any]:
    """Who gets a sample that was left out, and whether that was told."""
    kept, left = _left_out(skills)
    owners = {(x.site.owner, x.site.sample): x for x in samples_of(skills, LOCALE)}
    asked = [owners[key] for key in left if key in owners]
    found = lint(skills, encoders).collisions
    told = {(s.owner, s.sample) for one in found if one.kind == Kind.STOLEN for s in one.sites}
    shared = {
        (site.owner, site.sample)
        for one in found
        if one.kind in (Kind.WORDS, Kind.TEMPLATE, Kind.APART)
        for site in one.everyone
    }
    with tempfile.TemporaryDirectory() as folder, progress() as tell:
        bundle = sayso.train(kept, Path(folder) / "bundle", encoder=encoders, progress=tell)
        engine = sayso.load(bundle)
        both, away, warned = 0, 0, 0
        rest = [x for x in asked if (x.site.owner, x.site.sample) not in shared]
        for sample in rest:
            readings = engine.understand(sample.texts[0], locale=LOCALE)
            lost = not readings or readings[0].skill != sample.site.skill
            was_told = (sample.site.owner, sample.site.sample) in told
            both, away, warned = both + (lost and was_told), away + lost, warned + was_told
    return {
        "samples_left_out": len(rest),
        "went_to_another_skill": away,
        "told": warned,
        "right": round(both / max(warned, 1), 3),
        "found": round(both / max(away, 1), 3),
    }


def _left_out(skills: Sequence[Skill]) -> tuple[list[Skill], list[tuple[tuple[str, str], str]]]:
    """The skills without some of their samples, and these: owner and sample."""
    chance = random.Random(SEED)
    left: list[tuple[tuple[str, str], str]] = []

    def thinned(skill: Skill) -> Callable[[Intent], Intent]:
        def thin(intent: Intent) -> Intent:
            samples = list(dict.fromkeys(intent.samples))
            few = min(LEFT_OUT, max(1, len(samples) // 10)) if len(samples) > LEFT_OUT else 0
            out = [] if intent.builtin else chance.sample(samples, few)
            left.extend(((skill.id, intent.name), text) for text in out)
            return replace(intent, samples=tuple(x for x in samples if x not in out))

        return thin

    return [_with_intents(skill, thinned(skill)) for skill in skills], left


def _with_intents(skill: Skill, change: Callable[[Intent], Intent]) -> Skill:
    (language,) = skill.languages
    intents = tuple(map(change, language.intents))
    return replace(skill, languages=(replace(language, intents=intents),))


if __name__ == "__main__":
    main()
