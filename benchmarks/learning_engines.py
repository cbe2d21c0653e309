"""Claim: Apache Spark comes to what DuckDB comes to, row by row: texts, turns, windows, rephrases,
verdicts, and the rewrites that are mined of them.

    python -m benchmarks.learning_engines --scratch FOLDER --rows 200000 --write

One generated log (benchmarks.learning_scale) goes through the same steps on both, each in a
process of its own, Spark on all cores of this machine; then every table is compared, to the bit.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.hardware import write_result
from benchmarks.learning_scale import generate, learnt

TABLES = {
    "texts": "text",
    "turns": "number",
    "windows": "turn",
    "rephrases": "turn",
    "verdicts": "turn",
}
FINDINGS = "findings.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scratch", type=Path, help="folder for the log and the tables")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument(
        "--texts", type=int, default=20_000, help="few, so that they are said often"
    )
    parser.add_argument("--memory", type=int, default=2000, help="MB, as of sayso learn")
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as place:
        log, works = Path(place) / "log", {}
        generate(log, arguments.rows, texts=arguments.texts)
        told: dict[str, Any] = {"rows": arguments.rows}
        for kind in ("duckdb", "spark"):
            works[kind] = Path(place) / kind
            told[kind] = learnt(log, works[kind], arguments.memory, kind)
        told["same"] = same(works["duckdb"], works["spark"])
    print(json.dumps(told, indent=1))
    if arguments.write:
        write_result("learning_engines", told)


def same(one: Path, other: Path) -> dict[str, bool]:
    """Whether two runs came to the same, by table; one and other: their folders."""
    found = {name: _rows(one / name, by) == _rows(other / name, by) for name, by in TABLES.items()}
    findings = [json.loads((each / FINDINGS).read_text("utf-8")) for each in (one, other)]
    return {**found, "rewrites": findings[0] == findings[1]}


def _rows(table: Path, order: str) -> list[dict[str, Any]]:
    """All rows of a kept table, in an order; engines order columns and files as they like."""
    from pyarrow import dataset

    held = dataset.dataset(table, format="parquet").to_table()
    rows: list[dict[str, Any]] = held.select(sorted(held.column_names)).sort_by(order).to_pylist()
    return rows


if __name__ == "__main__":
    main()
