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
    from sayso.errors import SkillError
    from sayso.formats.known import import_skills
    from sayso.settings import read_settings
    from sayso.skills import write_skill

    read_settings(to)
    kind, found = import_skills(source, format)
    folders = {skill.id: to / "skills" / skill.id for skill in found.skills}
    there = [folder for folder in folders.values() if folder.exists()]
    if there and not replace:
        which = f"{there[0]}" + (f" and {len(there) - 1} more" if len(there) > 1 else "")
        raise SkillError(f"{which}: there is a skill of this id; use --replace to replace it")
    for skill in found.skills:
        write_skill(skill, folders[skill.id])
    if as_json:
        told = {id: str(folder) for id, folder in folders.items()}
        accounting, unused = found.accounting, found.unused
        print_json(
            {"format": kind.name, "skills": told, "accounting": accounting, "unused": unused}
        )
        return
    console().print(found.table())
    names = ", ".join(skill.name for skill in found.skills[:3])
    more = f" and {len(found.skills) - 3} more" if len(found.skills) > 3 else ""
    console().print(f"Imported {names}{more} ({kind.title}). Next: sayso train {to}")
