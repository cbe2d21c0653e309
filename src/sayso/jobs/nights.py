"""What `sayso learn` does, night after night, for people who are simulated.

The log so far goes through the same steps as that of a home, with the settings of one; what comes
of it serves the next day, canaries and holdouts and all, and skills are trained anew where there
are examples for them. For `sayso demo --learn`, and for `benchmarks.learning`.
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
from sayso.events.engines import DuckDB, Engine
from sayso.jobs.learn import advanced, gates_of
from sayso.jobs.lessons import Seen, find_examples, find_requests, find_rewrites, look
from sayso.jobs.work import Run
from sayso.rewriting.mine import Findings
from sayso.rewriting.policies import picky_skills, policies_after
from sayso.routing.policies import Policies, policies_of
from sayso.runtime.engine import Engine as Serving
from sayso.runtime.load import load
from sayso.runtime.taught import open_online
from sayso.settings import LearningSettings, Settings
from sayso.stores.exports import schema
from sayso.training.train import train
from sayso.types.lessons import Label, LoggedTurn, Policy, Rewrite
from sayso.types.people import pseudonym
from sayso.types.skills import Skill
from sayso.understanding.online.ranker import shipped_ranker
from sayso.understanding.online.suggest import Online
from sayso.understanding.rewrites import Rewrites, Shares, table_of

KEY = b"nobody's key, for people that nobody is"


@dataclass(frozen=True, slots=True)
class Night:
    """What serves from the next day on, and what it was made of.

    policies: how it deals with turns that it does not understand.
    engine: with skills that have learnt new examples; None where there are none.
    """

    rewrites: Rewrites
    online: Online | None
    population: Sequence[Rewrite]
    findings: Findings
    policies: Policies
    engine: Serving | None = None


class Nights:
    """The nights of one simulation: made anew for each, and closed after it."""

    def __init__(
        self,
        encoders: Encoders,
        settings: LearningSettings | None = None,
        *,
        online: bool = True,
        asks: bool = True,
        skills: Sequence[Skill] = (),
        every: int = 1,
    ) -> None:
        """online: whether requests that went well are found again at run time, too.

        asks: whether asking is tried in the place of giving up.
        skills: are trained anew with what was said in vain, where it passes the gate, after each
        `every` nights.
        """
        self._encoders, self._online, self._asks = encoders, online, asks
        self._skills, self._every, self._examples = skills, every, list[Label]()
        self._settings = settings or LearningSettings()
        self._folder = Path(mkdtemp(prefix="sayso-nights-"))
        self._population, self._policies = list[Rewrite](), list[Policy]()
        self._ranker = shipped_ranker()
        self._written = 0

    def __call__(self, rows: Sequence[LoggedTurn], day: int) -> Night:
        """Learn from the log so far, of which this night's day is the last."""
        self._write(rows[self._written :], day)
        self._written = len(rows)
        settings, work = self._settings, self._folder / "work"
        now = max(row.at for row in rows) + timedelta(minutes=1)
        run, engine, online = Run(work, {}, now), DuckDB(work), None
        shares = Shares(settings.canary, settings.holdout)
        try:
            key = partial(pseudonym, KEY)
            seen = look(engine, self._folder / "log", key, self._encoders, run, _quiet)
            findings = find_rewrites(engine, seen, self._encoders, gates_of(settings), run)
            picky = picky_skills(engine, seen.events.turns, settings.rewrite_people)
            self._policies = policies_after(
                self._policies, findings.trials, picky, approval=not self._asks, now=now
            )
            policies = policies_of(self._policies, shares)
            if self._online:
                people = settings.request_people
                found = find_requests(
                    engine, seen, self._encoders, self._ranker, people, run, _quiet
                )
                served = self._folder / f"online-{day:03d}"
                shutil.move(found, served)
                online = open_online(served, policies)
            due = self._skills and (day + 1) % self._every == 0
            trained = self._trained(engine, seen, run) if due else None
        finally:
            engine.close()
            shutil.rmtree(work)
        if online is not None:
            self._ranker = online.ranker
        self._population = advanced(self._population, findings, (), settings, now)
        return Night(
            table_of(self._population, shares),
            online,
            self._population,
            findings,
            policies,
            trained,
        )

    def _trained(self, engine: Engine, seen: Seen, run: Run) -> Serving | None:
        """The skills with the examples so far; None where they have learnt these before."""
        settings = Settings(learning=self._settings)
        before = self._examples
        found = find_examples(engine, seen, self._skills, settings, self._encoders, before, run)
        if list(found.labels) == before:
            return None
        self._examples = list(found.labels)
        bundle, labels = self._folder / "bundle", [*found.labels, *found.sure]
        train(self._skills, bundle, encoder=self._encoders, labels=labels)
        return load(bundle)

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
