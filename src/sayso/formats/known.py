"""All formats, and which one some files are of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from sayso.errors import SkillError
from sayso.formats.alexa import ALEXA
from sayso.formats.clu import CLU
from sayso.formats.damaged import damaged
from sayso.formats.dialogflow import DIALOGFLOW
from sayso.formats.format import Exported, Format, Imported
from sayso.formats.home_assistant.reader import HOME_ASSISTANT
from sayso.formats.leon import LEON
from sayso.formats.lex import LEX
from sayso.formats.losses import losses
from sayso.formats.mcp import MCP
from sayso.formats.openapi import OPENAPI
from sayso.formats.ovos.reader import OVOS
from sayso.formats.rasa import RASA
from sayso.formats.snips.reader import SNIPS
from sayso.formats.thingpedia import THINGPEDIA
from sayso.skills.tree import Tree, open_tree
from sayso.types.skills import Skill

FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        ALEXA,
        CLU,
        DIALOGFLOW,
        LEON,
        LEX,
        MCP,
        OPENAPI,
        HOME_ASSISTANT,
        OVOS,
        RASA,
        SNIPS,
        THINGPEDIA,
    )
}


def import_skills(path: Path, format: str | None = None) -> tuple[Format, Imported]:
    """The skills of a folder, a zip or a single file.

    format: name of one; None finds out. Raises SkillError: for a path that is not there, a format
    that nobody knows, files of none, and what the format's reader raises.
    """
    if format is not None and format not in FORMATS:
        raise SkillError(f'"{format}": no such format; choose one of: {", ".join(FORMATS)}')
    alone = path.is_file() and path.suffix != ".zip"
    with open_tree(path.parent, only=path.name) if alone else open_tree(path) as tree:
        whole = path.resolve()
        try:
            kind = FORMATS[format] if format is not None else format_of(tree)
            found = kind.read(tree, whole.stem if whole.is_file() else whole.name)
        except SkillError as error:
            raise _blamed(tree, error) from error
        unread = {name: f"cannot be read: {what}" for name, what in damaged(tree, found.unused)}
        if not found.skills:
            what = f"{kind.title}, but it holds nothing that people can say"
            raise SkillError(*(x.partition(": ")[2] for x in unread.values()), f"{path}: {what}")
    found = replace(found, unused={**found.unused, **unread})
    return kind, found


def export_skill(skill: Skill, format: str) -> Exported:
    """A skill in a format's files; `left_out` has what does not come back from them, too.

    Raises SkillError for a format that is not written.
    """
    write = FORMATS[format].write if format in FORMATS else None
    if write is None:
        able = ", ".join(name for name, kind in FORMATS.items() if kind.write)
        raise SkillError(f'"{format}": not a format that Sayso writes; choose one of: {able}')
    exported = write(skill)
    lost = losses(skill, exported.files, FORMATS[format].read)
    return replace(exported, left_out=[*exported.left_out, *lost])


def format_of(tree: Tree) -> Format:
    """The format that claims most files of a tree, of two alike the first. Raises SkillError."""
    claimed = {kind.name: len(kind.claims(tree)) for kind in FORMATS.values()}
    best = max(claimed, key=lambda name: claimed[name])
    if not claimed[best]:
        titles = "; ".join(kind.title for kind in FORMATS.values())
        raise SkillError(f"{tree.source}: of no format that Sayso reads ({titles})")
    return FORMATS[best]


def _blamed(tree: Tree, error: SkillError) -> SkillError:
    """The error; where it is of no file, behind those of files that cannot be read."""
    if not all(problem.startswith(f"{tree.source}: ") for problem in error.problems):
        return error
    found = [what for _, what in islice(damaged(tree, tree.names), 3)]
    return SkillError(*found, *error.problems)
