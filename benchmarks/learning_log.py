"""A log of any size, as Parquet: simulated days, blown up in people and in texts.

    python -m benchmarks.learning_log OUT.parquet --rows 10000000 --texts 500000

Some days of a simulated town are copied for other people, on other days. So that there are as many
texts as a large log has, some of the pursuits of a goal are for somebody ("... for anna and tom"),
all their turns for the same one; for whom follows a Zipf law whose exponent is found by bisection.
Outcomes, signals and gaps stay those of the simulated turns. Made in chunks: memory does not grow
with the rows. Prints how many rows, texts and people there are.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.learning_worlds import HOME, decided_before, world
from sayso.evaluation.households.assistant import Assistant
from sayso.evaluation.households.simulate import simulate, town
from sayso.types.lessons import LoggedTurn

_FIRST = """anna tom priya jonas meera obi lena marco yuki sven zoe ravi nora luis ines karl mia
omar ada felix rosa ivan tess hugo dina paul vera max ella finn maya noah iris leon jana alex
sara tim eva rob lucy ben kira dan olga sam rita joel nina carl ruth hans beth emil jill kurt
lara otto"""
NAMES = tuple(_FIRST.split())
PLAIN = 0.5  # share of pursuits that are for nobody
CHUNK = 400_000  # rows
DAYS = 28


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--texts", type=int, default=500_000)
    parser.add_argument("--people", type=int, default=800, help="simulated, before they are copied")
    parser.add_argument("--days", type=int, default=2, help="simulated")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bundles", type=Path, help="keeps what is trained and decided")
    arguments = parser.parse_args()
    start = time.perf_counter()
    rows, goals = _simulated(arguments)
    made = time.perf_counter()
    figures = blow_up(rows, goals, arguments.out, arguments.rows, arguments.texts, arguments.seed)
    figures["simulated_s"] = round(made - start, 1)
    figures["written_s"] = round(time.perf_counter() - made, 1)
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(figures))


def _simulated(arguments: argparse.Namespace) -> tuple[list[LoggedTurn], list[str]]:
    """Rows of a town, and the goal that each is part of."""
    with TemporaryDirectory() as scratch:
        bundle = (arguments.bundles or Path(scratch)) / HOME
        skills, speech, engine = world(HOME, None, bundle)
        people = town(speech, skills, arguments.people, arguments.seed)
        rows: list[LoggedTurn] = []
        goals: list[str] = []
        known = decided_before(bundle.with_suffix(".decided"), engine.version)
        assistant = Assistant(engine, decided=known)
        for some, truth in simulate(people, assistant, arguments.days, arguments.seed):
            rows += some
            goals += [one.goal for one in truth]
    return rows, goals


def blow_up(
    rows: list[LoggedTurn], goals: list[str], out: Path, wanted: int, texts: int, seed: int
) -> dict[str, Any]:
    """Write so many rows with about so many texts. Returns what was written."""
    from pyarrow import parquet

    base = _Base(rows, goals)
    law = base.law(texts, wanted)
    seen = np.zeros((base.texts, len(law)), bool)
    written, people = 0, set[int]()
    writer: Any = None
    try:
        for table, cells, copies in base.chunks(wanted, law, seed):
            writer = writer or parquet.ParquetWriter(out, table.schema, compression="zstd")
            writer.write_table(table)
            seen[cells] = True
            written += table.num_rows
            people |= set(copies)
    finally:
        if writer is not None:
            writer.close()
    users = len(people) * len({row.user for row in rows})
    return {"rows": written, "texts": int(seen.sum()), "users": users, "bytes": out.stat().st_size}


class _Base:
    """The simulated rows as columns."""

    def __init__(self, rows: list[LoggedTurn], goals: list[str]) -> None:
        import pyarrow as pa

        self.columns = {
            field.name: pa.array([getattr(row, field.name) for row in rows])
            for field in fields(LoggedTurn)
            if field.name != "at"
        }
        for name in ("barge_in_ms", "played_s", "confidence"):
            self.columns[name] = self.columns[name].cast(pa.float64())
        for name in ("helpful", "undone"):
            self.columns[name] = self.columns[name].cast(pa.bool_())
        for name in ("rewrite", "arm"):
            self.columns[name] = self.columns[name].cast(pa.string())
        self.at = np.array([row.at.timestamp() for row in rows])
        first = datetime.fromtimestamp(self.at.min(), UTC).replace(hour=0, minute=0, second=0)
        self.day = ((self.at - first.timestamp()) // 86_400).astype(np.int64)
        _, self.goal = np.unique(np.array(goals), return_inverse=True)
        _, self.user = np.unique(np.array([row.user for row in rows]), return_inverse=True)
        _, self.text = np.unique(np.array([row.said for row in rows]), return_inverse=True)
        self.texts = int(self.text.max()) + 1
        self.count = len(rows)

    def law(self, texts: int, wanted: int) -> NDArray[np.float64]:
        """Chance of each name, the first being none, such that about so many texts come out."""
        often = np.bincount(self.text) * (wanted / self.count)
        names = np.arange(1, len(NAMES) ** 2 + 1, dtype=float)

        def found(exponent: float) -> tuple[float, NDArray[np.float64]]:
            shares = names**-exponent
            law = np.concatenate([[PLAIN], (1 - PLAIN) * shares / shares.sum()])
            expected = sum(float((1 - (1 - share) ** often).sum()) for share in law)
            return expected, law

        low, high = 0.0, 4.0
        for _ in range(20):
            middle = (low + high) / 2
            low, high = (middle, high) if found(middle)[0] > texts else (low, middle)
        return found(high)[1]

    def chunks(
        self, wanted: int, law: NDArray[np.float64], seed: int
    ) -> Iterator[tuple[Any, tuple[NDArray[np.int64], NDArray[np.int64]], list[int]]]:
        """Tables in order of time within each, the texts they hold, and whose copies they are."""
        copies = -(-wanted // self.count)
        per_chunk = max(1, CHUNK // self.count)
        left = wanted
        for first in range(0, copies, per_chunk):
            mine = list(range(first, min(first + per_chunk, copies)))
            draw = np.random.default_rng([seed, first])
            copy = np.repeat(mine, self.count)
            row = np.tile(np.arange(self.count), len(mine))[: max(left, 0)]
            copy = copy[: len(row)]
            left -= len(row)
            goals = int(self.goal.max()) + 1
            names = draw.choice(len(law), size=(len(mine), goals), p=law)
            name = names[copy - first, self.goal[row]]
            # Somebody's copy lives on other days, and a little earlier or later than they do.
            users = int(self.user.max()) + 1
            later = draw.uniform(0, 1800, (len(mine), users))[copy - first, self.user[row]]
            span = int(self.day.max()) + 1
            shift = (copy % max(1, DAYS // span)) * span
            at = self.at[row] + later + shift * 86_400
            order = np.argsort(at, kind="stable")
            table = self._table(row[order], copy[order], name[order], at[order])
            yield table, (self.text[row], name), mine

    def _table(
        self,
        row: NDArray[np.int64],
        copy: NDArray[np.int64],
        name: NDArray[np.int64],
        at: NDArray[np.float64],
    ) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        of = pa.array(copy).cast(pa.string())
        taken = {key: column.take(pa.array(row)) for key, column in self.columns.items()}
        for key in ("id", "user", "device", "conversation"):
            taken[key] = pc.binary_join_element_wise(taken[key], of, "~")
        whom = pa.array(["", *(f" for {a} and {b}" for a in NAMES for b in NAMES)])
        added = whom.take(pa.array(name))
        for key in ("said", "text"):
            taken[key] = pc.binary_join_element_wise(taken[key], added, "")
        # As a slot: what is asked for somebody else is another request.
        slot = pa.array(["", *(f', "whom": "{a} and {b}"}}' for a in NAMES for b in NAMES)])
        plain = pc.or_(pc.equal(taken["slots"], "{}"), pc.equal(pa.array(name), 0))
        opened = pc.utf8_slice_codeunits(taken["slots"], 0, -1)
        with_slot = pc.binary_join_element_wise(opened, slot.take(pa.array(name)), "")
        taken["slots"] = pc.if_else(plain, taken["slots"], with_slot)
        moments = pa.array((at * 1e6).astype(np.int64)).cast(pa.timestamp("us", tz="UTC"))
        ordered = [field.name for field in fields(LoggedTurn)]
        return pa.table({key: moments if key == "at" else taken[key] for key in ordered})


if __name__ == "__main__":
    main()
