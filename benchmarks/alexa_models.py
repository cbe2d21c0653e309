"""Claims: every real Alexa model imports with an accounting that adds up; each with a custom
intent trains; >= 98 % of their own samples come back with their intent, known sentences disabled.

Takes the path of a folder that holds alexa_models.parquet and alexa_models-2.parquet. Samples are
filled as training fills them, but with another seed, and read by the whole engine in the locale of
the model, with only that skill installed. Where one model gives a sample to two intents, no reading
could satisfy both: `intent_came_back` takes either for right, `strictly` only the sample's own.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.progress import track
from threadpoolctl import threadpool_limits

from benchmarks.hardware import write_result
from sayso.encoders import Encoder
from sayso.errors import SaysoError
from sayso.runtime.engine import Engine
from sayso.runtime.engine_settings import EngineSettings
from sayso.skills import import_model
from sayso.skills.labels import labels
from sayso.types.skills import Skill
from sayso.understanding.fold import fold
from sayso.understanding.installing import fit

FILES = ("alexa_models.parquet", "alexa_models-2.parquet")
SEED = 1  # of the fillings that are read; training's is 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with the two parquet files")
    parser.add_argument("--engine", default="shared", choices=["shared", "maxent-crf"])
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    missing = [name for name in FILES if not (arguments.data / name).is_file()]
    if missing:
        sys.exit(f"skipped: {arguments.data} lacks {', '.join(missing)}")
    with threadpool_limits(1, "blas"):
        result = measure(list(rows(arguments.data)), arguments.engine)
    for name, value in result.items():
        print(f"{name:28} {value}")
    if arguments.write:
        write_result("alexa_models", result)


def rows(data: Path) -> Iterable[dict[str, Any]]:
    """The models of both files."""
    from pyarrow import parquet

    columns = ["skill_id", "skill_name", "locale", "model"]
    for name in FILES:
        yield from parquet.read_table(data / name, columns=columns).to_pylist()


def measure(models: list[dict[str, Any]], engine: str) -> dict[str, Any]:
    encoder = Encoder.load(threads=2)
    counts: dict[str, float] = defaultdict(float)
    failures: list[str] = []
    for number, row in enumerate(track(models, "models")):
        counts["rows"] += 1
        try:
            language, accounting = import_model(
                json.loads(row["model"]),
                id=f"skill-{number}",
                name=row["skill_name"] or "skill",
                locale=row["locale"],
            )
        except SaysoError as error:
            failures.append(f"{row['skill_id']}: {error}")
            continue
        counts["imported"] += 1
        counts["accounting_adds_up"] += accounting.adds_up
        skill = Skill(f"skill-{number}", row["skill_name"] or "skill", languages=(language,))
        if any(not intent.builtin for intent in language.intents):
            read_back(skill, engine, encoder, counts)
    samples, right, strictly = (counts.pop(name) for name in ("samples", "right", "strictly"))
    return {
        "engine": engine,
        **{name: round(value, 1) for name, value in counts.items()},
        "samples": int(samples),
        "intent_came_back": round(right / samples, 4),
        "strictly": round(strictly / samples, 4),
        "failures": failures,
    }


def read_back(skill: Skill, engine: str, encoder: Encoder, counts: dict[str, float]) -> None:
    """Train one skill and read its own samples."""
    (language,) = skill.languages
    started = time.perf_counter()
    held = fit(skill, language, engine=engine, encoder=encoder)
    counts["train_s"] += time.perf_counter() - started
    counts["trained"] += 1
    settings = EngineSettings(engine=engine, known_sentences=False)
    alone = Engine([held], encoder=encoder, settings=settings)
    filled = labels(skill, language.locale, per_sample=1, seed=SEED)
    own = [label for label in filled if not label.intent.startswith("AMAZON.")]
    allowed = defaultdict(set)
    for label in own:
        allowed[fold(label.text)].add(label.intent)
    for label in own:
        readings = alone.understand(label.text, locale=language.locale)
        counts["samples"] += 1
        first = readings[0].intent if readings else None
        counts["right"] += first in allowed[fold(label.text)]
        counts["strictly"] += first == label.intent


if __name__ == "__main__":
    main()
