"""`sayso import`: somebody else's skill becomes a skill folder of this home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sayso.cli.output import AsJson, console, print_json


def import_(
    package: Annotated[
        Path,
        typer.Argument(
            metavar="PACKAGE",
            help="Alexa skill package (folder or zip), interaction model, or legacy schema.",
        ),
    ],
    to: Annotated[Path, typer.Option(metavar="HOME", help="Home that takes the skill.")],
    replace: Annotated[bool, typer.Option(help="Replace a skill of the same id.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import an Alexa skill; says of every line whether it was read, mapped or skipped."""
    from sayso.errors import SkillError
    from sayso.settings import read_settings
    from sayso.skills import import_alexa, write_skill

    read_settings(to)
    skill, accounting = import_alexa(package)
    folder = to / "skills" / skill.id
    if folder.exists() and not replace:
        raise SkillError(f"{folder}: there is a skill of this id; use --replace to replace it")
    write_skill(skill, folder)
    if as_json:
        print_json({"skill": skill.id, "folder": str(folder), "accounting": accounting})
        return
    console().print(accounting.table())
    console().print(f"Imported {skill.name} as {folder}. Next: sayso train {to}")
