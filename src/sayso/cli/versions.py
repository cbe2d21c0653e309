"""`sayso versions` and `sayso rollback`: what was trained before, and the way back to it."""

from __future__ import annotations

from typing import Annotated

import typer

from sayso.cli.output import AsJson, HomeFolder, console, print_json, table


def versions(home: HomeFolder, as_json: AsJson = False) -> None:
    """List the versions of the bundle that are still there, newest first."""
    from sayso import bundle
    from sayso.runtime.home import BUNDLE

    there = bundle.versions(home / BUNDLE)
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
    from sayso.runtime.home import BUNDLE

    serving = bundle.go_back(home / BUNDLE, version)
    if as_json:
        print_json({"serves": serving})
        return
    console().print(
        f"{serving} serves. The files under skills/ stay as they are; "
        f"to see which differ: sayso doctor {home}"
    )
