"""A lookup among 100,000 mined rewrites, found and not found, beside a dict in the same run.

    python -m benchmarks.rewrite_lookup [--write]

The table is opened from its file, as a home does. Texts are folded already, as they are in a turn.
Rounds take turns; processor time of a lookup is the median over them.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.hardware import write_result
from sayso.types.lessons import Evidence, Rewrite, RewriteState
from sayso.understanding.rewrites import Rewrites, pack_table

REWRITES, LOOKUPS, ROUNDS, GOAL_US = 100_000, 5_000, 15, 20.0
WORDS = (
    "play turn set wake stop call find read send show open close start dim raise lower ask tell "
    "morning evening kitchen garden river lantern velvet copper meadow winter harbor pepper"
).split()
EVIDENCE = Evidence(30, 10, 0.1, 0.2, 0.9, 0.8, 4.0)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write results/rewrite_lookup.json")
    write = parser.parse_args().write
    chance = random.Random(0)
    texts = made(chance, 2 * REWRITES)
    said, unknown = texts[:REWRITES], texts[REWRITES:]
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "rewrites.table"
        path.write_bytes(pack_table(rewrites(said)))
        table, size = Rewrites.open(path), path.stat().st_size
    plain = {("en", text): text for text in said}
    sought = {"found": chance.sample(said, LOOKUPS), "missing": chance.sample(unknown, LOOKUPS)}
    result: dict[str, Any] = {"rewrites": len(table), "file_mb": round(size / 1e6, 1)}
    for name, some in sought.items():
        assert all((table.find(text, "en") is not None) is (name == "found") for text in some)
        result[name] = compared(
            lambda text: table.find(text, "en"), lambda text: plain.get(("en", text)), some
        )
    result["goal_us"] = GOAL_US
    print(result)
    if write:
        write_result("rewrite_lookup", result)


def made(chance: random.Random, count: int) -> list[str]:
    """Different texts of four to seven words and a number, in no order."""
    found = {
        f"{' '.join(chance.choices(WORDS, k=chance.randint(3, 6)))} {number}"
        for number in range(count)
    }
    return sorted(found, key=lambda text: chance.random())


def rewrites(said: Sequence[str]) -> list[Rewrite]:
    """One for each text."""
    since = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        Rewrite(f"{at:08x}", "en", text, f"please {text}", RewriteState.LIVE, EVIDENCE, since)
        for at, text in enumerate(said)
    ]


def compared(
    one: Callable[[str], object], other: Callable[[str], object], texts: Sequence[str]
) -> dict[str, float]:
    """Microseconds of a lookup by each, and how many times the dict's that is."""
    rounds = [(timed(one, texts), timed(other, texts)) for _ in range(ROUNDS)]
    ours, theirs = (median(each) for each in zip(*rounds, strict=True))
    return {
        "us": round(ours, 2),
        "dict_us": round(theirs, 3),
        "ratio": round(median(a / b for a, b in rounds), 1),
    }


def timed(look: Callable[[str], object], texts: Sequence[str]) -> float:
    """Microseconds of processor a lookup."""
    began = time.process_time()
    for text in texts:
        look(text)
    return (time.process_time() - began) / len(texts) * 1e6


if __name__ == "__main__":
    main()
