"""Alexa skill packages, bare models and the legacy schema; see `sayso.skills.package`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sayso.formats.alexa_tests import evaluation_sets, rows_of, set_name
from sayso.formats.format import Exported, Format, Imported, TestRow
from sayso.skills.alexa import export_alexa
from sayso.skills.package import import_tree, models_of
from sayso.skills.tree import Tree
from sayso.types.skills import Skill

_PACKAGE = "skill-package"
_SECOND = "a second model of a locale; the one of skill-package counts"


def claims(tree: Tree) -> Sequence[str]:
    """Interaction models and legacy schemas."""
    return models_of(tree)


def read(tree: Tree, name: str) -> Imported:
    """The one skill of a package, and the evaluation sets that lie in it."""
    del name  # the package names itself
    skill, accounts = import_tree(tree)
    sets = evaluation_sets(tree, [file for file in tree.names if file not in accounts])
    rows: dict[str, list[TestRow]] = {}
    for file, marks in sets.items():
        rows.setdefault(set_name(file), []).extend(rows_of(marks, file, skill))
        accounts[file] = marks.close("bookkeeping of an evaluation set")
    models = {*models_of(tree)}
    unused = {
        file: _SECOND if file in models else "no interaction model"
        for file in tree.names
        if file not in accounts
    }
    tests = {called: found for called, found in rows.items() if found}
    return Imported([skill], accounts, unused, {skill.id: tests} if tests else {})


def write(skill: Skill) -> Exported:
    """The skill package: a model for each locale, and the manifest if the skill came with one."""
    files = {
        f"{_PACKAGE}/interactionModels/custom/{x}.json": _json(export_alexa(skill, x))
        for x in skill.locales
    }
    manifest = skill.extra.get("manifest")
    files |= {f"{_PACKAGE}/skill.json": _json(manifest)} if isinstance(manifest, Mapping) else {}
    replies = bool(skill.fulfilment.replies) and not skill.fulfilment.handler
    return Exported(files, ["replies: a back-end says them in Alexa"] if replies else [])


def _json(node: object) -> str:
    return json.dumps(node, indent=2, ensure_ascii=False) + "\n"


ALEXA = Format(
    "alexa", "Alexa skill package, interaction model or legacy schema", claims, read, write
)
