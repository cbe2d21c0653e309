"""Sayso's own learner for `benchmarks.learning`: what `sayso learn` does, night after night.

    python -m benchmarks.learning --learner sayso=benchmarks.learning_sayso:Nights

The log so far goes through the same tables, verdicts, mining and population as that of a home, with
the settings that a home has by default; what comes of it serves the next day, canaries and holdouts
and all.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from sayso.encoders import Encoder, Encoders
from sayso.events.engines import DuckDB
from sayso.jobs.learn import gates_of
from sayso.jobs.lessons import find_rewrites, look
from sayso.jobs.work import Run
from sayso.rewriting.mine import Findings
from sayso.rewriting.population import Rules, advance
from sayso.settings import LearningSettings
from sayso.stores.exports import schema
from sayso.types.lessons import LoggedTurn, Rewrite
from sayso.types.people import pseudonym
from sayso.understanding.rewrites import Rewrites, Shares, table_of

KEY = b"nights" + bytes(26)


class Nights:
    """One household of tables; made anew for each simulation."""

    def __init__(self, settings: LearningSettings | None = None) -> None:
        self.settings = settings or LearningSettings()
        self.log = Path(mkdtemp(prefix="sayso-nights-"))
        self.encoders = Encoders(Encoder.load(threads=2))
        self.population: list[Rewrite] = []
        self.findings = Findings((), {})
        self._written = 0

    def __call__(self, rows: Sequence[LoggedTurn], day: int) -> Rewrites:
        """Learn from the log so far; the table that serves tomorrow."""
        self._write(rows[self._written :], day)
        self._written = len(rows)
        settings = self.settings
        work = self.log / "work"
        engine = DuckDB(work)
        now = max(row.at for row in rows) + timedelta(minutes=1)
        run = Run(work, {}, now)
        try:
            seen = look(
                engine,
                self.log / "log",
                partial(pseudonym, KEY),
                self.encoders,
                run,
                lambda stage, done, total: None,
            )
            self.findings = find_rewrites(engine, seen, self.encoders, gates_of(settings), run)
        finally:
            engine.close()
            shutil.rmtree(work)
        self.population = advance(
            self.population,
            self.findings.mined,
            self.findings.trials,
            frozenset(),
            rules=Rules(settings.approval, shadow_people=settings.rewrite_people // 2),
            now=now,
            version=str(day),
        )
        return table_of(self.population, Shares(settings.canary, settings.holdout))

    def _write(self, rows: Sequence[LoggedTurn], day: int) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        (self.log / "log").mkdir(exist_ok=True)
        table = pa.Table.from_pylist([asdict(row) for row in rows], schema=schema())
        parquet.write_table(table, self.log / "log" / f"day-{day:03d}.parquet")

    def close(self) -> None:
        """Remove the log."""
        shutil.rmtree(self.log, ignore_errors=True)
