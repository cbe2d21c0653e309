"""Imported skills are put into a home: all of them, with their test sets, or none."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from sayso.errors import SkillError
from sayso.formats.format import Imported, TestRow
from sayso.skills import write_skill

TESTS = "tests"  # folder of a skill that its test sets are in


def install(found: Imported, skills: Path, replace: bool = False) -> dict[str, Path]:
    """Skill's id -> its folder below `skills`.

    All is written beside the skills first, then swapped in by renaming: a full disk, or a skill
    that cannot be written, leaves the home as it was. What else lies in the folder of a skill that
    is replaced stays. replace: whether skills of the same ids may be. Raises SkillError.
    """
    folders = {skill.id: skills / skill.id for skill in found.skills}
    there = [folder for folder in folders.values() if folder.exists()]
    if there and not replace:
        which = f"{there[0]}" + (f" and {len(there) - 1} more" if len(there) > 1 else "")
        raise SkillError(f"{which}: there is a skill of this id; use --replace to replace it")
    try:
        skills.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".import.", dir=skills))
    except OSError as error:
        raise _not_written(skills, error) from error
    try:
        for skill in found.skills:
            made = stage / skill.id
            if folders[skill.id].exists():
                shutil.copytree(folders[skill.id], made, symlinks=True)
            write_skill(skill, made)
            _write_tests(found.tests.get(skill.id, {}), made / TESTS)
        _swap_in(stage, folders)
    except OSError as error:
        raise _not_written(skills, error) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return folders


def _write_tests(tests: Mapping[str, Sequence[TestRow]], folder: Path) -> None:
    """Each test set as JSON lines: `sayso eval HOME folder/name.jsonl` plays it."""
    for name, rows in tests.items():
        folder.mkdir(exist_ok=True)
        plain = re.sub(r"[^\w.-]+", "_", name).strip("._") or "tests"
        with (folder / f"{plain}.jsonl").open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            out.flush()
            os.fsync(out.fileno())


def _swap_in(stage: Path, folders: Mapping[str, Path]) -> None:
    """Renames each skill into its place; where one cannot be, all are put back."""
    done: list[str] = []
    try:
        for id, folder in folders.items():
            if folder.exists():
                folder.rename(stage / f"{id}.before")
            done.append(id)
            (stage / id).rename(folder)
    except OSError:
        for id in reversed(done):
            before = stage / f"{id}.before"
            if folders[id].exists():
                folders[id].rename(stage / f"{id}.new")
            if before.exists():
                before.rename(folders[id])
        raise


def _not_written(folder: Path, error: OSError) -> SkillError:
    why = error.strerror or str(error)
    return SkillError(
        f"{folder}: cannot be written ({why}); nothing was imported, the home is as it was"
    )
