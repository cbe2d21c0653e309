"""Alexa skill packages, bare models and the legacy schema; see `sayso.skills.package`."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.formats.format import Format, Imported
from sayso.skills.package import import_tree, models_of
from sayso.skills.tree import Tree


def claims(tree: Tree) -> Sequence[str]:
    """Interaction models and legacy schemas."""
    return models_of(tree)


def read(tree: Tree, name: str) -> Imported:
    """The one skill of a package."""
    del name  # the package names itself
    skill, accounts = import_tree(tree)
    unused = {file: "no interaction model" for file in tree.names if file not in accounts}
    return Imported([skill], accounts, unused)


ALEXA = Format("alexa", "Alexa skill package, interaction model or legacy schema", claims, read)
