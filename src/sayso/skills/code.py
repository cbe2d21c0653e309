"""A skill's own code on its way from where the skill was read to where it is written."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from sayso.errors import SkillError
from sayso.skills.layout import SKILL, locale_of
from sayso.skills.tree import open_tree
from sayso.types.skills import Skill

LARGEST_BYTES = 256 * 1024 * 1024
_NO_CODE = frozenset({"skill-package", "models", "interactionModels", "ask-resources.json"})


def copy_code(skill: Skill, folder: Path) -> None:
    """Bring the handler's folder along, from a folder or a zip; files that are there stay.

    Raises SkillError if there is too much of it.
    """
    if skill.folder is None or skill.fulfilment.handler is None:
        return
    source, below = Path(skill.folder), code_folder(skill.fulfilment.handler)
    there = bool(below) and (folder / below).exists()
    if there or not source.exists() or source.resolve() == folder.resolve():
        return
    total = 0
    with open_tree(source) as tree:
        for name in filter(lambda name: is_code(name, below), tree.names):
            target = folder / name
            if target.exists():
                continue
            content = tree.read(name)
            total += len(content)
            if total > LARGEST_BYTES:
                raise SkillError(f"{source}: more than {LARGEST_BYTES} bytes of code; thin it out")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def code_folder(handler: str) -> str:
    """The folder of `lambda/lambda_function:lambda_handler`, below the skill's: `lambda`."""
    return handler.partition(":")[0].rpartition("/")[0]


def is_code(name: str, below: str) -> bool:
    """Whether a file of a skill is copied with its code. below: `code_folder`."""
    path = PurePosixPath(name)
    # A zip may name files outside of the folder it is unpacked to.
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        return False
    if below:
        return name.startswith(f"{below}/")
    language = path.suffix == ".yaml" and locale_of(name)
    return not (path.parts[0] in _NO_CODE or name == SKILL or language)
