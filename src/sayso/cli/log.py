"""`sayso log export`: the log as Parquet, for what reads much of it. `sayso log expire`."""

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


@log.command("expire", epilog="Example: sayso log expire home")
def expire(home: HomeFolder, as_json: AsJson = False) -> None:
    """Forget what `sayso.toml` says is too old to be kept: conversations' state, and turns.

    `[store] conversation_days` and `log_days`. `sayso serve` does so by itself, once an hour.
    """
    from sayso.settings import read_settings
    from sayso.stores.store import Store

    kept = read_settings(home).store
    talks = turns = 0
    with Store.open(kept.url, home) as store, progress(quiet=as_json) as tell:
        left = 1
        while left:
            done = store.forget_old(datetime.now(UTC), kept.conversations_for, kept.log_for)
            talks, turns, left = talks + done.conversations, turns + done.turns, done.left
            tell("forgetting", talks + turns, talks + turns + left)
        store.purge()
    if as_json:
        print_json({"conversations": talks, "turns": turns})
        return
    console().print(f"Forgot what {talks:,} conversations were about, and {turns:,} turns.")
