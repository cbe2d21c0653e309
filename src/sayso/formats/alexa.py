"""Alexa skill packages, bare models and the legacy schema; see `sayso.skills.package`."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping, Sequence

from sayso.formats.alexa_tests import evaluation_sets, rows_of, set_name
from sayso.formats.format import Exported, Format, Imported, TestRow
from sayso.skills.alexa import export_alexa
from sayso.skills.alexa_manifest import manifest_file
from sayso.skills.code import code_folder, is_code
from sayso.skills.package import import_tree, models_of
from sayso.skills.tree import Tree
from sayso.types.skills import Skill

_PACKAGE = "skill-package"


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
    tests = {called: found for called, found in rows.items() if found}
    others = _others(tree, skill, accounts)
    return Imported([skill], accounts, others, {skill.id: tests} if tests else {})


def _others(tree: Tree, skill: Skill, accounts: Container[str]) -> dict[str, str]:
    """File -> why no line of it is in the accounts."""
    models, manifest, handler = {*models_of(tree)}, manifest_file(tree), skill.fulfilment.handler

    def why(file: str) -> str:
        if file in models:
            return "a second model of a locale; the one of skill-package counts"
        if file == manifest:
            return "the manifest, kept as it is"
        if handler is not None and is_code(file, code_folder(handler)):
            return "code, copied as it is"
        return "no interaction model"

    return {file: why(file) for file in tree.names if file not in accounts}


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
