"""Slot values people mean: our grammars and libraries, on the table of spoken phrases.

    python -m benchmarks.values [--write] [--show LIBRARY]

The table is tests/understanding/builtin/phrases.tsv. Rows written before anybody looked at what the
grammar could do (blind), and those written after it was improved but before it saw them (fresh),
count apart. A library that is not installed is named and skipped; with `--write` its earlier result
stays.

Right, for every library and ours: any value of the row, a number of the same worth, a duration of
nearly the same length (PT1M30S for PT90S), an hour in either half of the day where none was said.
An error counts as no value.

Timings are medians over the phrases of DATE, TIME, DURATION and NUMBER, all in one run.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from tests.understanding.builtin.phrases import Phrase, phrases

from benchmarks.hardware import RESULTS, write_result
from benchmarks.value_libraries import LIBRARIES, Reader, Readers
from sayso.understanding.builtin import KINDS, spans, value

OURS = "sayso"
TIMED = {"AMAZON.DATE", "AMAZON.TIME", "AMAZON.DURATION", "AMAZON.NUMBER"}
ROUNDS = 3
LEEWAY = Fraction(2, 100)  # of a duration: half a year may be six months or 0.5 years
_HALF_SAID = re.compile(
    r"\b([ap]\.? ?m\b|morning|afternoon|evening|night|tonight|noon|midday|hundred|in|now|from)"
)
_LENGTH = re.compile(
    r"P(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?"
    r"(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?"
)
_SECONDS = (365 * 86_400, 30 * 86_400, 7 * 86_400, 86_400, 3600, 60, 1)
SENTENCES = (
    "wake me up at half past six tomorrow morning please now",
    "what is the weather like in paris on the weekend",
    "set a timer for an hour and a half for pasta",
    "remind me to call my mother at seven on friday",
    "add two dozen eggs and a bottle of milk please",
    "tell me a story about a dragon and a princess",
)


def ours() -> Readers:
    """Our own readers."""

    def reader(kind: str) -> Reader:
        return lambda words, now, locale: value(kind, words, now=now, locale=locale)

    return {kind.removeprefix("AMAZON."): reader(kind) for kind in KINDS}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true", help="write results/values.json")
    arguments.add_argument("--show", default="", help="print what this library gets wrong")
    chosen = arguments.parse_args()
    warnings.simplefilter("ignore")  # of the libraries
    rows = [row for row in phrases() if row.type in KINDS]
    results = {}
    for name, load in {OURS: ours, **LIBRARIES}.items():
        try:
            readers = load()
        except (ImportError, SyntaxError) as error:
            print(f"{name}: not installed, skipped ({error})", file=sys.stderr)
            continue
        results[name] = score(readers, rows, show=name == chosen.show)
        results[name]["p50_ms"] = latency(readers, rows)
        print(name, json.dumps(results[name]))
    base = results[OURS]["p50_ms"]
    for name, result in results.items():
        result["times_ours"] = round(result["p50_ms"] / base, 1)
        print(f"{name:40} {summary(result)}")
    if chosen.write:
        write_result("values", {"rows": counts(rows), "spans": span_times(), **merged(results)})


def merged(results: Mapping[str, Any]) -> dict[str, Any]:
    """These results, and earlier ones of libraries that are not installed here."""
    path = RESULTS / "values.json"
    earlier = json.loads(path.read_text("utf-8"))["libraries"] if path.exists() else {}
    return {"libraries": {**earlier, **results}}


def counts(rows: Sequence[Phrase]) -> dict[str, int]:
    """Rows of the table that a grammar answers."""
    return dict(Counter(row.part for row in rows))


def score(readers: Readers, rows: Sequence[Phrase], *, show: bool = False) -> dict[str, Any]:
    """Right answers of all, by part; by type over both parts; and among rows without a value.

    A type that the library does not read counts against it in the parts, and is left out of the
    types.
    """
    result: dict[str, Any] = {}
    right = {id(row): answers(readers, row, show=show) for row in rows}
    for part in dict.fromkeys(row.part for row in rows):
        result[part] = share([row for row in rows if row.part == part], right)
    types = {row.type.removeprefix("AMAZON.") for row in rows} & readers.keys()
    result["types"] = {
        kind: share([row for row in rows if row.type == f"AMAZON.{kind}"], right)
        for kind in sorted(types)
    }
    read = [row for row in rows if row.type.removeprefix("AMAZON.") in types]
    result["values"] = share([row for row in read if row.values[0] is not None], right)
    result["no_value"] = share([row for row in read if row.values[0] is None], right)
    return result


def share(rows: Sequence[Phrase], right: Mapping[int, bool]) -> str:
    """Right rows of all: 41/52."""
    return f"{sum(right[id(row)] for row in rows)}/{len(rows)}"


def answers(readers: Readers, row: Phrase, *, show: bool = False) -> bool:
    """Whether the answer of a library to a row is right."""
    read = readers.get(row.type.removeprefix("AMAZON."))
    found = None if read is None else attempt(read, row)
    # None is right where there is no value, but only of those who read the type at all.
    good = read is not None and any(same(row, expected, found) for expected in row.values)
    if show and read is not None and not good:
        print(f"  {row.id}: {found}, expected {row.values}")
    return good


def attempt(read: Reader, row: Phrase) -> str | None:
    """The answer of a reader; none where it raises, which some do on odd words."""
    try:
        return read(row.words, row.now, row.locale)
    except Exception:  # noqa: BLE001 - a foreign library may raise anything
        return None


def same(row: Phrase, expected: str | None, found: str | None) -> bool:
    """Whether an answer is as good as the one expected."""
    if found == expected or expected is None or found is None:
        return found == expected
    if row.type in ("AMAZON.NUMBER", "AMAZON.Ordinal"):
        return _number(found) is not None and abs(float(found) - float(expected)) < 1e-3
    if row.type == "AMAZON.DURATION":
        length, meant = seconds(found), seconds(expected)
        return length is not None and meant is not None and abs(length - meant) <= meant * LEEWAY
    if row.type == "AMAZON.TIME" and len(found) == len(expected) == 5:
        either = not _HALF_SAID.search(row.words) and 1 <= int(expected[:2]) <= 12
        return either and other_half(found) == expected
    return False


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def other_half(clock: str) -> str:
    """Twelve hours later: 19:30 of 07:30."""
    return f"{(int(clock[:2]) + 12) % 24:02d}{clock[2:]}"


def seconds(length: str) -> Fraction | None:
    """How long a duration is, months of 30 days, years of 365; None if it is not well formed."""
    found = _LENGTH.fullmatch(length)
    if not found:
        return None
    pairs = zip(found.groups(), _SECONDS, strict=True)
    return sum((Fraction(count) * size for count, size in pairs if count), Fraction(0))


def latency(readers: Readers, rows: Sequence[Phrase]) -> float:
    """Milliseconds a phrase, median; every phrase is read ROUNDS times and the fastest counts."""
    times = []
    for row in rows:
        read = readers.get(row.type.removeprefix("AMAZON."))
        if read is not None and (row.type in TIMED or not TIMED & {f"AMAZON.{k}" for k in readers}):
            times.append(min(timed(read, row) for _ in range(ROUNDS)))
    return round(1000 * statistics.median(times), 3)


def timed(read: Reader, row: Phrase) -> float:
    start = time.perf_counter()
    attempt(read, row)
    return time.perf_counter() - start


def span_times() -> dict[str, float]:
    """Milliseconds to find values of all seven grammar types in a sentence of ten words."""
    now, times = next(phrases()).now, []
    for at in range(400):
        text = f"{SENTENCES[at % len(SENTENCES)]} x{at}"  # never the same: answers are kept
        start = time.perf_counter()
        for kind in KINDS:
            spans(kind, text, now=now, locale="en-US")
        times.append(1000 * (time.perf_counter() - start))
    return {"seven_types_p50_ms": round(statistics.median(times), 3)}


def summary(result: Mapping[str, Any]) -> str:
    return (
        f"blind {result['blind']}  fresh {result['fresh']}  "
        f"developed {result['developed']}  values {result['values']}  "
        f"none {result['no_value']}  {result['p50_ms']} ms ({result['times_ours']}x)"
    )


if __name__ == "__main__":
    main()
