"""The skills of a home as their developers wrote them, a folder a skill."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sayso.errors import SkillError
from sayso.skills import read_skills
from sayso.types.skills import Skill

SKILLS, REMOVED = "skills", "removed"


def written_skills(home: Path) -> list[Skill]:
    """The skills of a home as their files say now, trained or not. Raises SkillError."""
    return [in_its_folder(skill) for skill in read_skills(home / SKILLS)]


def readable_skills(home: Path) -> list[Skill]:
    """The same; none where a file is wrong."""
    try:
        return written_skills(home)
    except SkillError:
        return []


def in_its_folder(skill: Skill) -> Skill:
    """The skill. Raises SkillError if its folder has another name: its code is looked for by id."""
    if skill.folder is not None and Path(skill.folder).name != skill.id:
        raise SkillError(
            f'{skill.folder}: holds the skill "{skill.id}"; rename the folder to {skill.id}'
        )
    return skill


def put_away(home: Path, skill_id: str) -> None:
    """Move a skill's files to `removed/`: nothing of a developer's is deleted."""
    source = home / SKILLS / skill_id
    if source.is_dir():
        at = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        (home / REMOVED).mkdir(exist_ok=True)
        source.rename(home / REMOVED / f"{skill_id}-{at}")


@contextmanager
def restored_on_failure(folder: Path) -> Iterator[None]:
    """Put a skill's folder back as it was if what is done within fails."""
    copy = folder.parent / f".{folder.name}.before"
    existed = folder.is_dir()
    if existed:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        if existed:
            copy.rename(folder)
        raise
    finally:
        shutil.rmtree(copy, ignore_errors=True)
