"""Claims: a skill's local store takes 24 KB on average at most, one of 300 utterances and 20
intents 60 KB; it loads cold within 0.5 ms; 100,000 of them take at most 3 GB on disk, and no more
memory than the budget; a skill of 300 utterances trains within 2 s, skills of 12 samples at 30 a
second on two cores.

    python -m benchmarks.stores DATA --write
    python -m benchmarks.stores DATA --skills 60 --many 5000      # a look

DATA holds alexa_models.parquet and alexa_models-2.parquet. Every model with an intent of its own is
trained as `sayso train` does it and written to a bundle. A local store is what the skill has learnt
(piece `store` of its entry); what the developer wrote (`definition`) and the shortlist's examples
are counted beside it. The many skills are copies of the real ones under other names, so that sizes
are spread as in reality. "Cold" is not in this process' memory, but in the page cache of the disk.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track
from threadpoolctl import threadpool_limits

from benchmarks.alexa_models import FILES, rows
from benchmarks.hardware import write_result
from sayso import bundle
from sayso.bundle import Bundle, Part
from sayso.bundle.entry import STORE, Entry, encode
from sayso.encoders import Encoder, Encoders
from sayso.runtime.load import cards_of
from sayso.runtime.local_stores import LocalStores
from sayso.skills import import_model
from sayso.types.skills import Intent, Language, Skill, SlotType
from sayso.understanding.cards import pack
from sayso.understanding.installed import Installed
from sayso.understanding.installing import fit

KB, MB, GB = 1e3, 1 << 20, 1e9
UTTERANCES, INTENTS = 300, 20
SMALL = 12  # samples of a skill that is one of many
BUDGET_MB = 128
ROUNDS = 3  # of the skills learnt in bulk; the median counts
ASKED = 20_000  # skills opened at random, of the many
_encoder: Encoders | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with the two parquet files")
    parser.add_argument("--skills", type=int, default=1000, help="most real skills")
    parser.add_argument("--many", type=int, default=100_000, help="copies of them")
    parser.add_argument("--scratch", type=Path, help="where the bundles are written; 3 GB")
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    missing = [name for name in FILES if not (arguments.data / name).is_file()]
    if missing:
        sys.exit(f"skipped: {arguments.data} lacks {', '.join(missing)}")
    skills = list(real_skills(arguments.data))
    random.Random(0).shuffle(skills)
    skills = skills[: arguments.skills]
    with threadpool_limits(1, "blas"), tempfile.TemporaryDirectory(dir=arguments.scratch) as place:
        result = measure(skills, arguments.many, Path(place))
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("stores", result)


def measure(skills: Sequence[Skill], many: int, place: Path) -> dict[str, Any]:
    encoder = Encoders(Encoder.load(), {})
    parts = [trained(skill, encoder) for skill in track(skills, "training")]
    merged = of_size(skills, UTTERANCES, INTENTS)
    small = [of_size(skills[at:], SMALL, 3) for at in range(0, len(skills), 4)]
    found = write(place / "real", parts)
    return {
        "encoder": encoder.default.name,
        "real_skills": sizes(found),
        "one_of_300_utterances": large(merged, encoder, place),
        "cold_ms": cold(found),
        "many": of_many(parts, many, place / "many"),
        "skills_of_12_samples": bulk(small),
    }


def real_skills(data: Path) -> Iterator[Skill]:
    """Every model that has an intent of its own."""
    for number, row in enumerate(rows(data)):
        language, _ = import_model(
            json.loads(row["model"]),
            id=f"skill-{number}",
            name=row["skill_name"] or "skill",
            locale=row["locale"],
        )
        if any(not intent.builtin for intent in language.intents):
            yield Skill(f"skill-{number}", row["skill_name"] or "skill", languages=(language,))


def of_size(skills: Sequence[Skill], utterances: int, intents: int) -> Skill:
    """A skill made of intents of real English ones, each with the same number of samples."""
    each = utterances // intents
    chosen: list[Intent] = []
    types: list[SlotType] = []
    for language in (skill.languages[0] for skill in skills):
        if language.locale.startswith("en"):
            for intent in language.intents:
                if not intent.builtin and len(intent.samples) >= each and len(chosen) < intents:
                    name = f"{intent.name}{len(chosen)}"
                    chosen.append(replace(intent, name=name, samples=intent.samples[:each]))
                    known = {kind.name for kind in types}
                    used = {slot.type for slot in intent.slots} - known
                    types += [kind for kind in language.types if kind.name in used]
    return Skill(
        "merged", "Merged", languages=(Language("en-US", "merged", "", (), chosen, types),)
    )


def trained(skill: Skill, encoder: Encoders) -> Part:
    return pack(
        [
            fit(skill, language, engine="shared", encoder=encoder.of(language.locale))
            for language in skill.languages
        ]
    )


def write(folder: Path, parts: Sequence[Part] | Iterator[Part]) -> Bundle:
    bundle.write(folder, parts, engine="shared", encoder={}, routing={}, written_by="benchmark")
    return bundle.read(folder)


def sizes(found: Bundle) -> dict[str, Any]:
    """Bytes of each kind of piece, a skill; the fraction of each that stands in the entry."""
    pieces: dict[str, list[int]] = {"store": [], "examples": [], "values": [], "definition": []}
    for skill, at in found.places.items():
        entry = Entry(found.segments[at.segment], at.offset, at.length, skill)
        for kind, lengths in pieces.items():
            lengths.append(
                sum(n for name, n in entry.lengths().items() if name.split("/")[-1] == kind)
            )
    return {
        "skills": len(found.places),
        **{
            f"{kind}_kb": {**spread([n / KB for n in lengths]), "mean": mean_kb(lengths)}
            for kind, lengths in pieces.items()
        },
    }


def mean_kb(lengths: Sequence[int]) -> float:
    return round(float(np.mean(lengths)) / KB, 2)


def large(skill: Skill, encoder: Encoders, place: Path) -> dict[str, Any]:
    times, part = [], trained(skill, encoder)
    for _ in range(3):
        start = time.perf_counter()
        part = trained(skill, encoder)
        times.append(time.perf_counter() - start)
    found = write(place / "large", [part])
    language = skill.languages[0]
    return {
        "utterances": sum(len(intent.samples) for intent in language.intents),
        "intents": len(language.intents),
        "store_kb": sizes(found)["store_kb"]["mean"],
        "train_s": round(min(times), 2),
    }


def cold(found: Bundle) -> dict[str, Any]:
    """Milliseconds to open each real skill, three times each; the best counts.

    local_store: from the page cache to heads that can be asked, its checksum compared;
    whole_skill: with the definition and what is looked up in it, as the engine opens it.
    """
    stores, whole = [], []
    for skill in found.places:
        stored = found.stored(skill)
        for locale in stored.locales():
            stores.append(best_ms(lambda s=stored, x=locale: ready(s.store(x))))  # type: ignore[misc]
            whole.append(best_ms(lambda s=stored: opened(s, found)))  # type: ignore[misc]
    return {"local_store": spread(stores), "whole_skill": spread(whole)}


def ready(store: bundle.Packed) -> object:
    """What the store holds of a model: the part of opening that does not need the definition."""
    from sayso.understanding.heads import Heads

    prefix = "model."
    tensors = {k[len(prefix) :]: v for k, v in store.tensors.items() if k.startswith(prefix)}
    return Heads.unpack(bundle.Packed(tensors, store.settings["model"]))


def opened(stored: bundle.Stored, found: Bundle) -> object:
    return [card.open() for card in cards_of(stored, found.manifest, LocalStores(0))]


def best_ms(action: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def of_many(parts: Sequence[Part], many: int, folder: Path) -> dict[str, Any]:
    """Copies of the real skills under other names: disk, opening, memory, a change."""
    entries = {part.skill: len(encode(part)) for part in parts}
    start = time.perf_counter()
    bundle.write(
        folder, copies(parts, many), engine="shared", encoder={}, routing={}, written_by=""
    )
    written = time.perf_counter() - start
    start = time.perf_counter()
    found = bundle.read(folder)
    read = time.perf_counter() - start
    files = list(found.folder.iterdir())
    stores = sum(
        n
        for skill in track(list(found.places)[: len(parts)], "sizes")
        for name, n in entry_of(found, skill).lengths().items()
        if name.endswith(f"/{STORE}")
    )
    start = time.perf_counter()
    bundle.change(folder, put=[replace(parts[0], skill="one-more")])
    changed = time.perf_counter() - start
    return {
        "skills": many,
        "disk_gb": round(sum(path.stat().st_size for path in files) / GB, 3),
        "local_stores_gb": round(stores / len(parts) * many / GB, 3),
        "entry_kb": mean_kb(list(entries.values())),
        "write_s": round(written, 1),
        "open_and_check_s": round(read, 2),
        "one_skill_added_s": round(changed, 2),
        **within_budget(found),
    }


def copies(parts: Sequence[Part], many: int) -> Iterator[Part]:
    for number in track(range(many), "writing"):
        yield replace(parts[number % len(parts)], skill=f"copy-{number}")


def entry_of(found: Bundle, skill: str) -> Entry:
    at = found.places[skill]
    return Entry(found.segments[at.segment], at.offset, at.length, skill)


def within_budget(found: Bundle) -> dict[str, Any]:
    """Skills opened at random, and a few again and again, under a budget."""
    stores: LocalStores[Installed] = LocalStores(BUDGET_MB << 20)
    chance = random.Random(0)
    names = list(found.places)
    asked = [chance.choice(names) for _ in range(min(ASKED, 2 * len(names)))]
    gc.collect()
    before, loads, hits = resident_mb(), [], []
    for skill in track(asked, "opening"):
        card = cards_of(found.stored(skill), found.manifest, stores)[0]
        start = time.perf_counter()
        card.open()
        loads.append(1000 * (time.perf_counter() - start))
        start = time.perf_counter()
        card.open()
        hits.append(1000 * (time.perf_counter() - start))
    counts = stores.counts()
    return {
        "budget_mb": BUDGET_MB,
        "held_mb_as_counted": round(counts.held_bytes / MB, 1),
        "resident_mb": round(resident_mb() - before, 1),
        "held": counts.held,
        "opened": counts.loads,
        "evicted": counts.evictions,
        "open_ms": spread(loads),
        "hit_us": {name: round(1000 * ms, 2) for name, ms in spread(hits, digits=6).items()},
    }


def bulk(small: Sequence[Skill]) -> dict[str, Any]:
    """Skills a second with two processes, encoder and all, once both have begun."""
    with ProcessPoolExecutor(2, initializer=begin) as pool:
        list(pool.map(teach, [*small[:2], *small[:2]]))
        walls: list[float] = []
        seconds: list[float] = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            seconds += pool.map(teach, small, chunksize=4)
            walls.append(time.perf_counter() - start)
    return {
        "skills": len(small),
        "per_s": round(len(small) / float(np.median(walls)), 1),
        "cpu_ms_a_skill": round(1000 * float(np.mean(seconds)), 1),
    }


def begin() -> None:
    global _encoder
    threadpool_limits(1, "blas")
    _encoder = Encoders(Encoder.load(), {})


def teach(skill: Skill) -> float:
    """Fit and pack a skill; seconds of processor time."""
    assert _encoder is not None
    start = time.process_time()
    encode(trained(skill, _encoder))
    return time.process_time() - start


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / MB


def spread(figures: Sequence[float], digits: int = 3) -> dict[str, float]:
    p50, p99 = np.quantile(figures, (0.5, 0.99))
    most = max(figures)
    return {"p50": round(p50, digits), "p99": round(p99, digits), "most": round(most, digits)}


if __name__ == "__main__":
    main()
