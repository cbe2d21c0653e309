"""The loop: what a home's log teaches, put to the test, and served.

    export      the log                                -> LoggedTurn rows
    look        conversations, what was said again     -> Verdict rows
    rewrites    what is said in vain, and what is meant
    requests    what went well, to be found again  -> an index, and what judges it
    examples    failing requests with their meaning -> Label rows, for the next `sayso train`
    population  what is tried, what is proven, what goes
    serve       one version, whole, and a report of it

A run that is broken off is taken up where it was; one that finds nothing new changes nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import sayso
from sayso import learned
from sayso.encoders import Encoder, Encoders
from sayso.errors import SkillError
from sayso.events.engines import Engine, open_engine
from sayso.events.scrub import text_id
from sayso.jobs.lessons import Examples, find_examples, find_requests, find_rewrites, look
from sayso.jobs.report import JSON, MARKDOWN, Report, report_of, write_report
from sayso.jobs.withdraw import REWRITE
from sayso.jobs.work import Run, Tell, running
from sayso.labels.kept import write_examples
from sayso.rewriting.candidates import Gates
from sayso.rewriting.kept import read_denied, read_population, write_population
from sayso.rewriting.mine import Findings
from sayso.rewriting.online.layers import in_words, tried
from sayso.rewriting.population import Rules, advance
from sayso.runtime.skill_files import written_skills
from sayso.runtime.taught import Taught
from sayso.settings import LearningSettings, Settings, read_settings
from sayso.stores.store import Store
from sayso.stores.votes import home_key
from sayso.types.lessons import Rewrite
from sayso.types.people import pseudonym
from sayso.types.skills import Skill
from sayso.understanding.online.layers import LAYERS, layers_of, to_bytes
from sayso.understanding.rewrites import SERVED

if TYPE_CHECKING:
    from ibis.expr.types import Table

LOG = "log"  # the export, in the folder of the run


@dataclass(frozen=True, slots=True)
class Means:
    """What a run is given. log: an export to learn from in place of the home's own log.

    engine: `duckdb` or `spark`; master: of Spark; memory: of the engine, in MB.
    """

    log: Path | None = None
    engine: str = "duckdb"
    master: str = "local[*]"
    memory: int = 2500


def learn(
    home: Path,
    means: Means,
    tell: Tell = lambda stage, done, total: None,
    now: datetime | None = None,
) -> Report:
    """Learn from the log of a home, and serve what passes the gates. Idempotent.

    now: aware; the log before it is looked at. Raises HomeError, StoreError, LearningError,
    DataError, MissingExtraError; whatever happens, what served before serves on.
    """
    settings = read_settings(home)
    folder = home / learned.LEARNED
    understanding = settings.understanding
    encoders = Encoders(Encoder.load(understanding.encoder, threads=2), understanding.encoders)
    about = _about(settings, means, encoders)
    with (
        running(folder, about, now or datetime.now(UTC)) as run,
        _opened(run.folder, means) as engine,
    ):
        log = run.step(
            "export",
            lambda: _export(home, settings, means, run, tell),
            lambda: means.log or run.folder / LOG,
        )
        key = partial(pseudonym, home_key(home))
        seen = look(engine, log, key, encoders, run, tell)
        findings = find_rewrites(engine, seen, encoders, gates_of(settings.learning), run)
        serving = Taught(folder, settings.learning).ranker
        requests = find_requests(
            engine, seen, encoders, serving, settings.learning.request_people, run, tell
        )
        examples = find_examples(engine, seen, _skills(home), settings, encoders, run)
        with learned.writing(folder):
            before = read_population(folder)
            denied = read_denied(folder)
            population = advanced(before, findings, denied, settings.learning, run.now)
            _vote(home, settings, engine, seen.events.turns, population, run)
            layers = tried(layers_of(learned.read_part(folder, LAYERS)), findings.trials)
            (requests / LAYERS).write_bytes(to_bytes(layers))
            report = report_of(seen, findings, examples, before, population, run)
            report = replace(report, layers=in_words(layers))
            _serve(folder, population, requests, examples, report)
    return report


def gates_of(settings: LearningSettings) -> Gates:
    """What a candidate must clear in this home: a quarter of its people vouch for it."""
    people = settings.rewrite_people
    return Gates(users=people, voters=max(2, people // 4), unlike_voters=3 * people)


def _about(settings: Settings, means: Means, encoders: Encoders) -> Mapping[str, object]:
    """What a run depends on: another one of these begins anew."""
    return {
        "sayso": sayso.__version__,
        "settings": settings.learning.model_dump(mode="json"),
        "engine": means.engine,
        "log": str(means.log) if means.log else None,
        "encoder": encoders.default.fingerprint,
    }


def _export(home: Path, settings: Settings, means: Means, run: Run, tell: Tell) -> Path:
    """The home's log of the latest days as Parquet, unless another was given."""
    if means.log is not None:
        return means.log
    place = run.folder / LOG
    shutil.rmtree(place, ignore_errors=True)
    since = run.now - timedelta(days=settings.learning.days)
    with Store.open(settings.store.url, home) as store:
        store.export(place, since, lambda done, total: tell("export", done, total))
    return place


def advanced(
    before: Sequence[Rewrite],
    findings: Findings,
    denied: Iterable[str],
    settings: LearningSettings,
    now: datetime,
) -> list[Rewrite]:
    """The population after a run, by the home's rules."""
    return advance(
        before,
        findings.mined,
        findings.trials,
        frozenset(denied),
        rules=Rules(settings.approval, shadow_people=settings.rewrite_people // 2),
        now=now,
        version=f"{now:%Y-%m-%dT%H:%M}",
    )


def _vote(
    home: Path,
    settings: Settings,
    engine: Engine,
    turns: Table,
    population: list[Rewrite],
    run: Run,
) -> None:
    """Note who said what is rewritten, by number, so that a vote can be withdrawn."""
    kept = {text_id(each.language, each.said) for each in population}
    voters: dict[int, list[int]] = {item: [] for item in kept}
    if kept:
        said = turns.filter(turns.text.isin(sorted(kept))).select("text", "user").distinct()
        held = said.to_pyarrow()
        for item, voter in zip(held["text"].to_pylist(), held["user"].to_pylist(), strict=True):
            voters[item].append(voter)
    with Store.open(settings.store.url, home) as store:
        store.votes.replace(REWRITE, voters, run.now)


def _skills(home: Path) -> Sequence[Skill]:
    try:
        return written_skills(home)
    except SkillError:  # files that are wrong have no say in what a rewrite may do
        return ()


def _serve(
    folder: Path, population: list[Rewrite], requests: Path, examples: Examples, report: Report
) -> None:
    """One version with all of it; none where nothing is new."""
    served = sum(each.state in SERVED for each in population)

    def fill(draft: Path) -> None:
        write_population(draft, population)
        for path in requests.iterdir():
            shutil.copyfile(path, draft / path.name)
        write_examples(draft, examples.labels)
        write_report(draft, report)

    telling = (MARKDOWN, JSON)
    if report.turns:
        why = f"learnt: {served} rewrites"
        learned.write(folder, why, sayso.__version__, fill, telling)


def _opened(work: Path, means: Means) -> AbstractContextManager[Engine]:
    return closing(open_engine(means.engine, work, master=means.master, memory=means.memory))
