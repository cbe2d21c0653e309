"""What `sayso learn` does, night after night, for people who are simulated.

The log so far goes through the same steps as that of a home, with the settings of one; what comes
of it serves the next day, canaries and holdouts and all. For `sayso demo --learn`, and for
`benchmarks.learning`.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from sayso.encoders import Encoders
from sayso.events.engines import DuckDB
from sayso.jobs.learn import advanced, gates_of
from sayso.jobs.lessons import find_requests, find_rewrites, look
from sayso.jobs.work import Run
from sayso.rewriting.mine import Findings
from sayso.rewriting.online.layers import tried
from sayso.runtime.taught import open_online
from sayso.settings import LearningSettings
from sayso.stores.exports import schema
from sayso.types.lessons import LoggedTurn, Rewrite
from sayso.types.people import pseudonym
from sayso.understanding.online.layers import ALL_ON, LAYERS, to_bytes
from sayso.understanding.online.ranker import shipped_ranker
from sayso.understanding.online.suggest import Online
from sayso.understanding.rewrites import Rewrites, Shares, table_of

KEY = b"nobody's key, for people that nobody is"


@dataclass(frozen=True, slots=True)
class Night:
    """What serves from the next day on, and what it was made of."""

    rewrites: Rewrites
    online: Online | None
    population: Sequence[Rewrite]
    findings: Findings


class Nights:
    """The nights of one simulation: made anew for each, and closed after it."""

    def __init__(
        self, encoders: Encoders, settings: LearningSettings | None = None, *, online: bool = True
    ) -> None:
        """online: whether requests that went well are found again at run time, too."""
        self._encoders, self._online = encoders, online
        self._settings = settings or LearningSettings()
        self._folder = Path(mkdtemp(prefix="sayso-nights-"))
        self._population: list[Rewrite] = []
        self._ranker = shipped_ranker()
        self._layers = ALL_ON
        self._written = 0

    def __call__(self, rows: Sequence[LoggedTurn], day: int) -> Night:
        """Learn from the log so far, of which this night's day is the last."""
        self._write(rows[self._written :], day)
        self._written = len(rows)
        settings, work = self._settings, self._folder / "work"
        now = max(row.at for row in rows) + timedelta(minutes=1)
        run, engine, online = Run(work, {}, now), DuckDB(work), None
        try:
            key = partial(pseudonym, KEY)
            seen = look(engine, self._folder / "log", key, self._encoders, run, _quiet)
            findings = find_rewrites(engine, seen, self._encoders, gates_of(settings), run)
            if self._online:
                people = settings.request_people
                found = find_requests(
                    engine, seen, self._encoders, self._ranker, people, run, _quiet
                )
                served = self._folder / f"online-{day:03d}"
                self._layers = tried(self._layers, findings.trials)
                (found / LAYERS).write_bytes(to_bytes(self._layers))
                shutil.move(found, served)
                online = open_online(served)
        finally:
            engine.close()
            shutil.rmtree(work)
        if online is not None:
            self._ranker = online.ranker
        self._population = advanced(self._population, findings, (), settings, now)
        shares = Shares(settings.canary, settings.holdout)
        return Night(table_of(self._population, shares), online, self._population, findings)

    def _write(self, rows: Sequence[LoggedTurn], day: int) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        (self._folder / "log").mkdir(exist_ok=True)
        table = pa.Table.from_pylist([asdict(row) for row in rows], schema=schema())
        parquet.write_table(table, self._folder / "log" / f"day-{day:03d}.parquet")

    def close(self) -> None:
        """Remove the log and what was made of it."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _quiet(stage: str, done: int, total: int) -> None:
    """Nobody watches."""
