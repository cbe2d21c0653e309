"""`sayso export`: skills of ours become files of another system."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.output import AsJson, console, print_json

if TYPE_CHECKING:
    from sayso.types.skills import Skill


def export(
    source: Annotated[
        Path, typer.Argument(metavar="PATH", help="Home, a folder of skills, or one skill.")
    ],
    to: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Takes a folder for each skill, by its id.")
    ],
    format: Annotated[str, typer.Option(metavar="NAME", help="`rasa` or `alexa`.")],
    skill: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only these; all if not given.")
    ] = None,
    replace: Annotated[bool, typer.Option(help="Write into folders that are there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Export skills to another system; says what has no place there."""
    from sayso.errors import SkillError
    from sayso.formats.known import export_skill

    exported = {x.id: export_skill(x, format) for x in _chosen(source, skill or [])}
    there = [to / id for id in exported if (to / id).exists()]
    if there and not replace:
        raise SkillError(f"{there[0]}: is there already; use --replace to write into it")
    for id, each in exported.items():
        for name, text in each.files.items():
            _write(to / id / name, text)
    if as_json:
        told = {
            id: {"files": sorted(each.files), "left_out": list(each.left_out)}
            for id, each in exported.items()
        }
        print_json({"format": format, "to": str(to), "skills": told})
        return
    for id, each in exported.items():
        console().print(f"{to / id}: {len(each.files)} files")
        for what in each.left_out:
            console().print(f"  left out: {what}", style="yellow")


def _chosen(source: Path, ids: list[str]) -> list[Skill]:
    """The skills at a path, or those of them that are named. Raises SkillError for an unknown."""
    from sayso.errors import SkillError
    from sayso.runtime.skill_files import SKILLS
    from sayso.settings import FILE_NAME
    from sayso.skills import read_skills

    skills = read_skills(source / SKILLS if (source / FILE_NAME).is_file() else source)
    known = [each.id for each in skills]
    unknown = [id for id in ids if id not in known]
    if unknown:
        raise SkillError(f'{source}: no skill "{unknown[0]}"; there are: {", ".join(known)}')
    return [each for each in skills if not ids or each.id in ids]


def _write(path: Path, text: str) -> None:
    from sayso.errors import SkillError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise SkillError(f"{path}: {error.strerror}; check the folder") from error
