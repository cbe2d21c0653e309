"""`sayso import`: somebody else's skills become skill folders of this home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sayso.cli.output import AsJson, console, print_json


def import_(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="PATH", help="Folder, zip or file of skills; the format is found out."
        ),
    ],
    to: Annotated[Path, typer.Option(metavar="HOME", help="Home that takes the skills.")],
    format: Annotated[
        str | None, typer.Option(metavar="NAME", help="Format, where it is found out wrongly.")
    ] = None,
    replace: Annotated[bool, typer.Option(help="Replace skills of the same ids.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import skills of another system; says of every line if it was read, mapped or skipped."""
    from sayso.formats.install import TESTS, install
    from sayso.formats.known import import_skills
    from sayso.settings import read_settings

    read_settings(to)
    kind, found = import_skills(source, format)
    folders = install(found, to / "skills", replace)
    if as_json:
        told = {id: str(folder) for id, folder in folders.items()}
        accounting, unused = found.accounting, found.unused
        tests = {id: sorted(sets) for id, sets in found.tests.items()}
        print_json(
            {
                "format": kind.name,
                "skills": told,
                "accounting": accounting,
                "unused": unused,
                "tests": tests,
            }
        )
        return
    console().print(found.table())
    names = ", ".join(skill.name for skill in found.skills[:3])
    more = f" and {len(found.skills) - 3} more" if len(found.skills) > 3 else ""
    for id, sets in found.tests.items():
        for name, rows in sets.items():
            file = folders[id] / TESTS / f"{name}.jsonl"
            console().print(f"{len(rows)} rows of a test set: sayso eval {to} {file}")
    mute = [skill.name for skill in found.skills if not any(x.intents for x in skill.languages)]
    if mute:
        console().print(
            f"{', '.join(mute[:3])}: words alone; write intents that use them, or nobody reaches it"
        )
    console().print(f"Imported {names}{more} ({kind.title}). Next: sayso train {to}")
