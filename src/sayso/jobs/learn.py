"""The loop: what a home's log teaches, put to the test, and served.

    export      the log                                  -> LoggedTurn rows
    look        conversations, what was said again       -> Verdict rows
    rewrites    what is said in vain, and what is meant  -> Findings
    requests    what went well, to be found again        -> an index, and what judges it
    examples    failing requests with their meaning      -> Label rows, for training
    population  what is tried, what is proven, what goes -> Rewrite rows
    policies    the same of other ways to deal with a turn
    votes       who said what is learnt, so that it can be forgotten
    serve       one version, whole, and a report of it

A run that is broken off is taken up where it was; one that finds nothing new changes nothing, but
that rewrites leave the shadow.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import sayso
from sayso import learned
from sayso.encoders import Encoders
from sayso.events.engines import MEMORY, opened
from sayso.jobs.lessons import Examples, find_examples, find_requests, find_rewrites, look
from sayso.jobs.report import TELLING, Report, report_of, write_report
from sayso.jobs.voting import vote
from sayso.jobs.work import Run, Tell, running
from sayso.labels.kept import EXAMPLES, examples_of, write_examples
from sayso.rewriting.candidates import Gates
from sayso.rewriting.kept import read_denied, read_population, write_population
from sayso.rewriting.mine import Findings
from sayso.rewriting.policies import picky_skills, policies_after
from sayso.rewriting.population import Rules, advance
from sayso.routing.kept import read_policies, write_policies
from sayso.runtime.skill_files import readable_skills
from sayso.runtime.taught import Taught
from sayso.settings import LearningSettings, Settings, read_settings
from sayso.stores.store import Store
from sayso.stores.votes import home_key
from sayso.types.lessons import Policy, Rewrite
from sayso.types.people import pseudonym
from sayso.understanding.rewrites import SERVED

LOG = "log"  # the export, in the folder of the run


@dataclass(frozen=True, slots=True)
class Means:
    """What a run is given. log: an export to learn from in place of the home's own log.

    engine: `duckdb` or `spark`; master: of Spark; memory: of all of it in MB; with Spark, of its
    driver.
    """

    log: Path | None = None
    engine: str = "duckdb"
    master: str = "local[*]"
    memory: int = MEMORY


def learn(
    home: Path,
    means: Means,
    tell: Tell = lambda stage, done, total: None,
    now: datetime | None = None,
) -> Report:
    """Learn from the log of a home, and serve what passes the gates.

    now: aware; the log before it is looked at. Raises HomeError, StoreError, LearningError,
    DataError, MissingExtraError; whatever happens, what served before serves on.
    """
    settings = read_settings(home)
    folder = home / learned.LEARNED
    understanding = settings.understanding
    encoders = Encoders.load(understanding.encoder, understanding.encoders, threads=2)
    about = _about(settings, means, encoders)
    with (
        running(folder, about, now or datetime.now(UTC)) as run,
        opened(means.engine, run.folder, master=means.master, memory=means.memory) as engine,
    ):
        log = means.log or run.step(
            "export", lambda: _export(home, settings, run, tell), lambda: run.folder / LOG
        )
        key = partial(pseudonym, home_key(home))
        seen = look(engine, log, key, encoders, run, tell)
        findings = find_rewrites(engine, seen, encoders, gates_of(settings.learning), run)
        serving = Taught(folder, settings.learning).ranker
        requests = find_requests(
            engine, seen, encoders, serving, settings.learning.request_people, run, tell
        )
        known = examples_of(folder, EXAMPLES)
        # Skills whose files are wrong have no say in what is learnt.
        skills = readable_skills(home)
        examples = find_examples(engine, seen, skills, settings, encoders, known, run)
        with learned.writing(folder):
            before = read_population(folder)
            denied = read_denied(folder)
            population = advanced(before, findings, denied, settings.learning, run.now)
            policies = policies_after(
                read_policies(folder),
                findings.trials,
                picky_skills(engine, seen.events.turns, settings.learning.rewrite_people),
                approval=settings.learning.approval,
                now=run.now,
            )
            taught = [*examples.labels, *examples.sure]
            with Store.open(settings.store.url, home) as store:
                vote(engine, store.votes, seen.events.turns, population, taught, run.now)
            report = report_of(
                seen, findings, requests, examples, before, population, policies, run
            )
            _serve(folder, population, policies, requests, examples, report)
            learned.note_run(folder)
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


def _export(home: Path, settings: Settings, run: Run, tell: Tell) -> Path:
    """The home's log of the latest days as Parquet."""
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
        rules=Rules(settings.approval),
        now=now,
        version=f"{now:%Y-%m-%dT%H:%M}",
    )


def _serve(
    folder: Path,
    population: list[Rewrite],
    policies: list[Policy],
    requests: Path,
    examples: Examples,
    report: Report,
) -> None:
    """One version with all of it; none where nothing is new."""
    served = sum(each.state in SERVED for each in population)

    def fill(draft: Path) -> None:
        write_population(draft, population)
        write_policies(draft, policies)
        for path in requests.iterdir():
            shutil.copyfile(path, draft / path.name)
        write_examples(draft, examples.labels, examples.sure)
        write_report(draft, report)

    if report.turns:
        why = f"learnt: {served} rewrites"
        learned.write(folder, why, sayso.__version__, fill, TELLING)
