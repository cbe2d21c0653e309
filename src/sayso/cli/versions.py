"""`sayso versions` and `sayso rollback`: what was trained before, and the way back to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, console, print_json, table


def versions(home: HomeFolder, as_json: AsJson = False) -> None:
    """List the versions of the bundle that are still there, newest first."""
    from sayso import bundle

    there = bundle.versions(_bundle(home))
    if as_json:
        print_json(there)
        return
    shown = table("", "version", "written", "skills", "by Sayso")
    for one in there:
        mark, written = "*" if one.serves else "", f"{one.written.astimezone():%Y-%m-%d %H:%M:%S}"
        shown.add_row(mark, one.name, written, f"{one.skills:,}", one.written_by)
    console().print(shown)


def rollback(
    home: HomeFolder,
    version: Annotated[
        str | None,
        typer.Argument(
            metavar="[VERSION]", help="As `sayso versions` lists it; the one before if not given."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Serve an earlier version of the bundle, here and in every process that serves the home.

    The skills' own files stay as they are: the next `sayso train` learns what they say.
    """
    from sayso import bundle

    serving = bundle.go_back(_bundle(home), version)
    if as_json:
        print_json({"serves": serving})
        return
    console().print(
        f"{serving} serves. The files under skills/ stay as they are; "
        f"to see which differ: sayso doctor {home}"
    )


def _bundle(home: Path) -> Path:
    """Where a home keeps what was trained. Raises HomeError for what is no home."""
    from sayso.runtime.serving import BUNDLE
    from sayso.settings import read_settings

    read_settings(home)
    return home / BUNDLE
