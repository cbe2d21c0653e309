"""How fast a slot's words are found among very many values, and how often rightly.

    python benchmarks/resolve.py --write

Types of 10,000 and 100,000 invented names. What is said: a name word for word, a name with one
letter wrong, or something that is no name at all. A linear scan with the same measure of likeness
runs between the lookups, so that a busy neighbour disturbs both; it must find the same value.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks.hardware import write_result
from sayso.types.skills import TypeValue
from sayso.understanding.catalogue import Catalogue, folded, likeness, plain

SIZES = (10_000, 100_000)
LOOKUPS = 600  # of each kind
ROUNDS = 5  # of each lookup, the median counts: the machine is shared
SCANS = 15  # of each size; one takes up to a second
# What syllables are made of; a coda may be empty.
ONSETS = "b br c ch d f fl g gr h j k l m n p pr qu r s st t tr v w z"
NUCLEI = "a e i o u ai ea oo ou"
CODAS = " l m n nd r rt s sk t x"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write results/resolve.json")
    arguments = parser.parse_args()
    result = {**{f"{size:_}_values": measure(size) for size in SIZES}}
    print(json.dumps(result, indent=2))
    if arguments.write:
        write_result("resolve", result)


def measure(size: int) -> dict[str, Any]:
    """Build and look up in a type of that many values."""
    chance = random.Random(size)
    names = list(dict.fromkeys(name(chance) for _ in range(2 * size)))
    values, others = names[:size], names[size : size + LOOKUPS]
    before = resident_mb()
    start = time.perf_counter()
    catalogue = Catalogue([TypeValue(text, str(n)) for n, text in enumerate(values)], "en")
    result: dict[str, Any] = {"build_s": round(time.perf_counter() - start, 2)}
    result["peak_rss_mb"] = round(resident_mb() - before, 1)
    asked = chance.sample(values, LOOKUPS)
    slips = [slip(chance, text) for text in asked]
    result["word_for_word"] = looked_up(catalogue, asked, asked)
    result["one_letter_wrong"] = looked_up(catalogue, slips, asked)
    result["no_such_value"] = looked_up(catalogue, others, [None] * len(others))
    result["linear_scan"] = against_scan(catalogue, values, slips[:SCANS])
    return result


def looked_up(
    catalogue: Catalogue, said: Sequence[str], meant: Sequence[str | None]
) -> dict[str, float]:
    """Milliseconds, and shares matched rightly, matched wrongly and left unmatched."""
    times, right, wrong = [], 0, 0
    for words, value in zip(said, meant, strict=True):
        rounds = [timed(lambda words=words: catalogue.find(words)) for _ in range(ROUNDS)]  # type: ignore[misc]
        found = rounds[0][0]
        times.append(float(np.median([milliseconds for _, milliseconds in rounds])))
        right += found.matched and found.candidates[0].value == value
        wrong += found.matched and found.candidates[0].value != value
    return {
        "p50_ms": round(float(np.percentile(times, 50)), 3),
        "p99_ms": round(float(np.percentile(times, 99)), 3),
        "matched_rightly": round(right / len(said), 3),
        "matched_wrongly": round(wrong / len(said), 4),
    }


def against_scan(
    catalogue: Catalogue, values: Sequence[str], said: Sequence[str]
) -> dict[str, float]:
    """The index against likeness to every single value, turn by turn."""
    texts = [folded(plain(value), "en") for value in values]
    ours, theirs, same = [], [], 0
    for words in said:
        found, milliseconds = timed(lambda words=words: catalogue.find(words))  # type: ignore[misc]
        ours.append(milliseconds)
        best, milliseconds = timed(lambda words=words: scan(words, texts))  # type: ignore[misc]
        theirs.append(milliseconds)
        same += bool(found.candidates) and found.candidates[0].value == values[best]
    return {
        "p50_ms": round(float(np.median(theirs)), 1),
        "over_index": round(float(np.median(theirs) / np.median(ours)), 1),
        "same_best_value": round(same / len(said), 3),
    }


def scan(words: str, texts: Sequence[str]) -> int:
    """Index of the likest text, every one compared."""
    text = folded(plain(words), "en")
    return max(range(len(texts)), key=lambda index: likeness(text, texts[index]))


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    result = run()
    return result, 1000 * (time.perf_counter() - start)


def name(chance: random.Random) -> str:
    """An invented name of one to three words."""
    return " ".join(word(chance) for _ in range(chance.choice((1, 2, 2, 3))))


def word(chance: random.Random) -> str:
    return "".join(
        "".join(chance.choice(part.split(" ")) for part in (ONSETS, NUCLEI, CODAS))
        for _ in range(chance.choice((2, 2, 3)))
    )


def slip(chance: random.Random, text: str) -> str:
    """The text with one letter of its longest word left out, doubled, swapped or replaced."""
    longest = max(text.split(), key=len)
    at = chance.randrange(1, len(longest) - 1)
    changed = chance.choice(
        (
            longest[:at] + longest[at + 1 :],
            longest[:at] + longest[at] + longest[at:],
            longest[:at] + longest[at + 1] + longest[at] + longest[at + 2 :],
            longest[:at] + chance.choice(LETTERS) + longest[at + 1 :],
        )
    )
    return text.replace(longest, changed, 1)


def resident_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
