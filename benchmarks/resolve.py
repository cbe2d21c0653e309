"""How fast a slot's words are found among very many values, and how often rightly.

    python -m benchmarks.resolve --write
    python -m benchmarks.resolve --names DATA/asr/evi --write

Catalogues of 1,000, 100,000 and 1,000,000 invented names, many of them neighbours of each other
(`spoken_names.py`). What is said is a name as people and recognisers put it, or no name at all. The
larger ones are written to a file and mapped, as a bundle does it. A look-up is timed by the
processor time of its thread, so that a busy neighbour does not count; a linear scan with the same
measure of likeness runs between the look-ups and must find the same value.

--names: the folder of EVI (recogniser's hypotheses of British names, and the name on file); the
recogniser's best hypothesis is looked up among all names on file, alone and among 20,000 others
made of the same first and last names.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.hardware import write_result
from benchmarks.spoken_names import TWO_THINGS, Question, catalogue, questions
from sayso.bundle.layout import Packed
from sayso.bundle.segments import Segment
from sayso.bundle.tensors import pack, unpack
from sayso.types.skills import TypeValue
from sayso.understanding.values.catalogue import Catalogue
from sayso.understanding.values.likeness import likeness
from sayso.understanding.values.names import folded, plain
from sayso.understanding.values.shelf import Shelf, build
from sayso.understanding.values.shelves import MOST_LISTED

SIZES = (1_000, 100_000, 1_000_000)
EACH = 200  # questions of each kind
SCANS = 5  # of each size up to SCANNED; one takes seconds
SCANNED = 100_000
OTHERS = 20_000  # names beside those of EVI


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--names", type=Path, help="folder of EVI with its Parquet files")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--write", action="store_true", help="write results/resolve.json")
    arguments = parser.parse_args()
    result: dict[str, Any] = {f"{size:_}_values": measure(size) for size in arguments.sizes}
    result["another_word"] = other_words()
    if arguments.names is not None and arguments.names.is_dir():
        result["names_as_recognised"] = recognised(arguments.names)
    else:
        print("names_as_recognised: skipped, give --names DATA/asr/evi")
    print(json.dumps(result, indent=2))
    if arguments.write:
        write_result("resolve", result)


def measure(size: int) -> dict[str, Any]:
    """Build, map and look up in a type of that many values."""
    values = catalogue(size)
    asked = questions(values, EACH)
    names = [value.value for value in values[:SCANNED]]
    scanned = [folded(plain(name), "en") for name in names]
    with tempfile.TemporaryDirectory() as folder:
        built, result = shelved(values, Path(folder)) if size > MOST_LISTED else listed(values)
        del values
        gc.collect()
        before = resident_mb()
        result |= looked_up(built, asked)
        result["resident_mb_after_look_ups"] = round(resident_mb() - before, 1)
        slips = [question for question in asked if question.kind == "letter wrong"]
        if size <= SCANNED:
            result["linear_scan"] = against_scan(built, names, scanned, slips[:SCANS])
    return result


def listed(values: Sequence[TypeValue]) -> tuple[Catalogue, dict[str, Any]]:
    start = time.perf_counter()
    built = Catalogue(values, "en")
    built.find("a name that nobody has")
    return built, {"build_s": round(time.perf_counter() - start, 3)}


def shelved(values: Sequence[TypeValue], folder: Path) -> tuple[Catalogue, dict[str, Any]]:
    start, peak = time.perf_counter(), peak_mb()
    shelf = build(values, "en")
    seconds = time.perf_counter() - start
    file = folder / "values.safetensors"
    file.write_bytes(pack(Packed(shelf.arrays)))
    parts = {name: round(array.nbytes / 1e6, 2) for name, array in shelf.arrays.items()}
    del shelf
    start = time.perf_counter()
    mapped = Catalogue(Shelf(unpack(Segment(file).map(0, file.stat().st_size)).tensors, "en"), "en")
    return mapped, {
        "build_s": round(seconds, 1),
        "build_peak_mb": round(peak_mb() - peak),
        "open_ms": round(1000 * (time.perf_counter() - start), 2),
        "disk_mb": round(file.stat().st_size / 1e6, 1),
        "disk_mb_by_array": parts,
    }


def looked_up(built: Catalogue, asked: Sequence[Question]) -> dict[str, Any]:
    """Milliseconds, and what became of each kind of question."""
    shuffled = random.Random(0).sample(list(asked), len(asked))
    first = [timed(lambda question=question: built.find(question.said)) for question in shuffled]  # type: ignore[misc]
    again = [timed(lambda question=question: built.find(question.said)) for question in shuffled]  # type: ignore[misc]
    exact = [
        milliseconds
        for question, (_, milliseconds) in zip(shuffled, again, strict=True)
        if question.kind in ("word for word", "synonym")
    ]
    return {
        "first_time_ms": spread([milliseconds for _, milliseconds in first]),
        "again_ms": spread([milliseconds for _, milliseconds in again]),
        "exact_ms": spread(exact),
        "answers": answers(built, asked),
    }


def answers(built: Catalogue, asked: Sequence[Question]) -> dict[str, dict[str, float]]:
    """For each kind of question, shares matched rightly and wrongly, and best candidate right."""
    kinds: dict[str, list[tuple[bool, bool, bool]]] = {}
    for question in asked:
        found = built.find(question.said)
        best = bool(found.candidates) and found.candidates[0].id == question.id
        row = (found.matched and best, found.matched and not best, best)
        kinds.setdefault(question.kind, []).append(row)
    return {kind: shares(rows) for kind, rows in kinds.items()}


def shares(rows: Sequence[tuple[bool, bool, bool]]) -> dict[str, float]:
    right, wrong, best = (round(float(np.mean(column)), 3) for column in zip(*rows, strict=True))
    return {"matched_rightly": right, "matched_wrongly": wrong, "best_candidate_right": best}


def spread(milliseconds: Sequence[float]) -> dict[str, float]:
    return {f"p{share}": round(float(np.percentile(milliseconds, share)), 3) for share in (50, 99)}


def against_scan(
    built: Catalogue, names: Sequence[str], texts: Sequence[str], asked: Sequence[Question]
) -> dict[str, float]:
    """The index against likeness to every single value, turn by turn."""
    ours, theirs, same = [], [], 0
    for question in asked:
        found, milliseconds = timed(lambda question=question: built.find(question.said))  # type: ignore[misc]
        ours.append(milliseconds)
        best, milliseconds = timed(lambda question=question: scan(question.said, texts))  # type: ignore[misc]
        theirs.append(milliseconds)
        same += bool(found.candidates) and found.candidates[0].value == names[best]
    return {
        "p50_ms": round(float(np.median(theirs)), 1),
        "over_index": round(float(np.median(theirs) / np.median(ours)), 1),
        "same_best_value": round(same / len(asked), 3),
    }


def scan(words: str, texts: Sequence[str]) -> int:
    """Index of the likest text, every one compared."""
    text = folded(plain(words), "en")
    return max(range(len(texts)), key=lambda index: likeness(text, texts[index]))


def other_words() -> dict[str, float]:
    """Share of common words taken for another one that is a type's only value, and the same
    with a word behind both, such as "dining room" and "living room".
    """
    pairs = [tuple(pair.split("/")) for pair in TWO_THINGS]
    both = [*pairs, *((other, word) for word, other in pairs)]

    def share(tail: str) -> float:
        taken = [
            Catalogue([TypeValue(word + tail)], "en").find(other + tail).matched
            for word, other in both
        ]
        return round(float(np.mean(taken)), 3)

    return {"pairs": len(both), "matched_wrongly": share(""), "in_two_words": share(" room")}


def recognised(folder: Path) -> dict[str, Any]:
    """Names as a recogniser wrote them, looked up among the names on file."""
    import pyarrow.parquet as parquet

    rows = [
        row
        for part in ("train", "validation")
        for row in parquet.read_table(folder / f"{part}.parquet").to_pylist()
        if row["requested_item"] == "name" and row["locale"] == "en-GB" and row["profile_value"]
    ]
    whole = [row for row in rows if row["attempt"] < 2]  # the third time they are asked to spell
    names = sorted({row["profile_value"] for row in rows})
    missing = set(names[::2])
    others = crossed(names, OTHERS)
    asked = [Question("said", row["text"], row["profile_value"]) for row in whole]
    strangers = [
        Question("not on file", row["text"], None)
        for row in whole
        if row["profile_value"] in missing
    ]
    known = [name for name in names if name not in missing]
    return {
        "questions": len(asked),
        "names": len(names),
        "on_file": tally(names, asked),
        f"among_{OTHERS:_}_others": tally([*names, *others], asked),
        "not_on_file": tally(known, strangers),
    }


def crossed(names: Sequence[str], count: int) -> list[str]:
    """First names with others' last names: names that differ in one word only."""
    chance = random.Random(0)
    made: set[str] = set()
    while len(made) < count:
        first, last = chance.choice(names).split()[0], chance.choice(names).split()[-1]
        made |= {f"{first} {last}"} - set(names)
    return sorted(made)


def tally(names: Sequence[str], asked: Sequence[Question]) -> dict[str, float]:
    built = Catalogue([TypeValue(name, name) for name in names], "en")
    (row,) = answers(built, asked).values()
    return row


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    """What it returned, and milliseconds of this thread's processor time."""
    start = time.thread_time()
    result = run()
    return result, 1000 * (time.thread_time() - start)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


if __name__ == "__main__":
    main()
