"""`sayso log export`: the log as Parquet, for what reads much of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, console, print_json, progress

log = typer.Typer(
    help="What people said and how it went.",
    epilog="Begin with: sayso log export home",
    no_args_is_help=True,
)


@log.callback()
def _group() -> None:
    """A group, though it has one verb as yet."""


@log.command("export", epilog="Example: sayso log export home turns/ --since 30")
def export(
    home: HomeFolder,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]", help="A new folder; one below exports/ of the home if not given."
        ),
    ] = None,
    since: Annotated[
        float | None, typer.Option(metavar="DAYS", min=0, help="Only turns of the last days.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the log to Parquet files, a row a turn, with what clients told of it.

    Needs the extra `learn`. The columns are listed in docs/store.md. Whoever can read the folder
    can read what people said; `sayso users forget` finds exports below exports/ of the home alone.
    """
    from sayso.settings import read_settings
    from sayso.stores.exports import EXPORTS
    from sayso.stores.store import Store

    settings, now = read_settings(home), datetime.now(UTC)
    chosen = folder or home / EXPORTS / f"{now:%Y%m%dT%H%M%SZ}"
    with Store.open(settings.store.url, home) as store, progress(quiet=as_json) as tell:
        done = store.export(
            chosen,
            None if since is None else now - timedelta(days=since),
            lambda done, total: tell("exporting", done, total),
        )
    if as_json:
        print_json({"folder": str(chosen), "turns": done.rows, "files": done.files})
        return
    console().print(f"Exported {done.rows:,} turns to {chosen}.")
