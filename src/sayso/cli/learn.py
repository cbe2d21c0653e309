"""`sayso learn`: what people do next teaches what they meant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, console, print_json, progress


def learn(
    home: HomeFolder,
    log: Annotated[
        Path | None,
        typer.Option(
            metavar="PARQUET",
            help="An export to learn from (file, folder or glob); the home's own log if not given.",
        ),
    ] = None,
    engine: Annotated[
        str, typer.Option(help="duckdb, or spark for a log that outgrows a machine.")
    ] = "duckdb",
    master: Annotated[
        str, typer.Option(help="Of Spark, such as local[4] or spark://host:7077.")
    ] = "local[*]",
    memory: Annotated[
        int,
        typer.Option(
            min=256, help="Megabytes that learning may take in all; of Spark, its driver."
        ),
    ] = 3500,
    as_json: AsJson = False,
) -> None:
    """Learn from the log which requests fail and what was meant; serve what passes the gates.

    May be broken off and run again at any time, and run as often as one likes. Needs the extra
    `learn`. What was learnt: sayso rewrites list; how: docs/how-sayso-learns.md.
    """
    from sayso.errors import MissingExtraError

    try:
        from sayso.jobs.learn import Means
        from sayso.jobs.learn import learn as job
    except ImportError as error:
        raise MissingExtraError(error.name or "ibis", "learn") from error
    with progress(quiet=as_json) as tell:
        report = job(home, Means(log, engine, master, memory), tell)
    if not as_json:
        console().print(report.in_words())
    trained = _trained(home, quiet=as_json)
    if as_json:
        print_json(report)
        return
    if trained:
        console().print(f"Trained with the new examples; version {trained} serves.")
    if report.changes:
        console().print(f"See them: sayso rewrites list {home}")
    told = _report_of(home)
    if told is not None:
        console().print(f"The report, with charts: {told}")


def _report_of(home: Path) -> Path | None:
    """Where the report of the version that serves lies, if it has one."""
    from sayso import learned
    from sayso.jobs.report import MARKDOWN

    pointer = learned.current(home / learned.LEARNED)
    path = pointer.folder / MARKDOWN if pointer is not None else None
    return path if path is not None and path.exists() else None


def _trained(home: Path, *, quiet: bool) -> str:
    """The bundle's new version, where the skills had examples to learn; else ""."""
    from sayso.cli.train import train_home
    from sayso.labels.kept import are_news
    from sayso.learned import LEARNED
    from sayso.settings import read_settings

    learning = read_settings(home).learning
    by_hand = learning.approval or not learning.train or not learning.log
    if by_hand or not are_news(home / LEARNED):
        return ""
    version, _, _ = train_home(home, quiet=quiet, log=None)
    return version
