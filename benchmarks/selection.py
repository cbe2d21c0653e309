"""How often the right one of a store's English skills is found for a phrase that names none.

    python -m benchmarks.selection DATA/skills --write
    python -m benchmarks.selection DATA/skills --skills 2000        # a look

DATA/skills holds `catalogue.parquet` and `catalogue_phrases.parquet`. Of every English skill with
two phrases that ask for something, one is taken out by a hash of the skill's id. All skills, with
the phrases that are left, are read by `sayso.read_skills`, trained by `sayso.train`, and asked for
what was taken out through `engine.shortlist`. Many phrases fit dozens of skills ("give me a fact"):
`same` counts any skill that has the same words among its phrases, too. The score that ships was
fitted on the skills whose id has an odd checksum: `held_out` is of the others alone.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from rich.progress import track

import sayso
from benchmarks.hardware import write_result
from sayso.cli.output import progress
from sayso.skills.catalogue import CATALOGUE, PHRASES, id_of
from sayso.understanding.fold import fold

KS = (1, 5, 20)
TONGUE = "en"


@dataclass(frozen=True, slots=True)
class Asked:
    """A phrase that was taken out, and the skill that it is a phrase of."""

    skill: str
    text: str


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with the two parquet files")
    parser.add_argument("--skills", type=int, help="how many take part (default: all)")
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    missing = [x for x in (CATALOGUE, PHRASES) if not (arguments.data / x).is_file()]
    if missing:
        sys.exit(f"skipped: {arguments.data} lacks {', '.join(missing)}")
    result = measure(arguments.data, arguments.skills)
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("selection", result)


def measure(data: Path, most: int | None) -> dict[str, Any]:
    from pyarrow import Table, parquet

    rows, phrases, asked = split(
        parquet.read_table(data / CATALOGUE).to_pylist(),
        parquet.read_table(data / PHRASES).to_pylist(),
        most,
    )
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        parquet.write_table(Table.from_pylist(rows), folder / CATALOGUE)
        parquet.write_table(Table.from_pylist(phrases), folder / PHRASES)
        start = time.perf_counter()
        with progress() as tell:
            bundle = sayso.train(sayso.read_skills(folder), folder / "bundle", progress=tell)
        trained = time.perf_counter() - start
        engine = sayso.load(bundle)
        engine.shortlist("which skill is it", 1)
        found, times = [], []
        for each in track(asked, "asking"):
            start = time.perf_counter()
            names = [name for name, _ in engine.shortlist(each.text, max(KS))]
            times.append(1000 * (time.perf_counter() - start))
            found.append(names)
    p50, p99 = np.quantile(times, (0.5, 0.99))
    return {
        "skills": len(rows),
        "asked": len(asked),
        "recall": recall(asked, found, {}),
        "same": recall(asked, found, sayers(phrases)),
        "held_out": held_out(asked, found),
        "p50_ms": round(float(p50), 1),
        "p99_ms": round(float(p99), 1),
        "train_s": round(trained),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def split(
    rows: Sequence[dict[str, Any]], phrases: Sequence[dict[str, Any]], most: int | None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[Asked]]:
    """The English skills, the phrases they keep, and what was taken out."""
    rows = [x for x in rows if x["locale"].split("-")[0] == TONGUE]
    rows = sorted(rows, key=lambda row: crc32(row["id"].encode()))[:most]
    ids = {row["id"] for row in rows}
    phrases = [x for x in phrases if x["id"] in ids and x["locale"].split("-")[0] == TONGUE]
    wanted: dict[str, list[int]] = defaultdict(list)
    for at, phrase in enumerate(phrases):
        if phrase["selectable"]:
            wanted[phrase["id"]].append(at)
    out = {
        places[crc32(id.encode()) % len(places)] for id, places in wanted.items() if len(places) > 1
    }
    asked = [Asked(id_of(phrases[at]), phrases[at]["name_free"]) for at in sorted(out)]
    # The rows of skills repeat their phrases as the store shows them.
    rows = [{**row, "phrases": None} for row in rows]
    return rows, [x for at, x in enumerate(phrases) if at not in out], asked


def held_out(asked: Sequence[Asked], found: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Recall among skills that no weight has seen."""
    pairs = [x for x in zip(asked, found, strict=True) if crc32(x[0].skill.encode()) % 2 == 0]
    right, names = [one for one, _ in pairs], [each for _, each in pairs]
    return {"asked": len(right), **recall(right, names, {})}


def sayers(phrases: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """Folded phrase -> the skills that have it."""
    found: dict[str, set[str]] = defaultdict(set)
    for phrase in phrases:
        if phrase["name_free"]:
            found[fold(phrase["name_free"])].add(id_of(phrase))
    return found


def recall(
    asked: Sequence[Asked], found: Sequence[Sequence[str]], same: Mapping[str, set[str]]
) -> dict[str, float]:
    """Of the phrases, those whose skill, or one that says the same, is among the first k."""
    counts: Counter[int] = Counter()
    for each, names in zip(asked, found, strict=True):
        right = {each.skill} | same.get(fold(each.text), set())
        for k in KS:
            counts[k] += not right.isdisjoint(names[:k])
    return {f"@{k}": round(counts[k] / max(len(asked), 1), 3) for k in KS}


if __name__ == "__main__":
    main()
