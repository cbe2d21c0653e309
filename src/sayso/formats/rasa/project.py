"""Which files are Rasa's, and which of them make one project: one skill."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from sayso.errors import SkillError
from sayso.formats.damaged import check_yaml
from sayso.formats.rasa import markdown
from sayso.skills.tree import Tree

_YAML = (".yml", ".yaml")
_NEXT = r"[ \t]*:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n){0,20}[ \t]*"  # from a key to what it holds
_SURE = re.compile(
    rf"^(?:(?:nlu|stories){_NEXT}-|session_config[ \t]*:|rules{_NEXT}-[ \t]*rule[ \t]*:"
    rf"|pipeline{_NEXT}-[ \t]*\"?name\"?[ \t]*:|(?:responses|templates){_NEXT}utter_"
    rf"|flows{_NEXT}\w+[ \t]*:[ \t]*\n(?:.*\n){{0,20}}?[ \t]+steps[ \t]*:)",
    re.MULTILINE,
)
# With a version beside them: files of other systems have keys of these names, too.
_VERSION = re.compile(r"^version[ \t]*:[ \t]*[\"']?[23]\.\d", re.MULTILINE)
_KEYS = re.compile(
    r"^(?:nlu|intents|entities|slots|responses|forms|actions|e2e_actions|stories|rules|flows"
    r"|pipeline|policies|recipe)[ \t]*:",
    re.MULTILINE,
)
_JSON = re.compile(r'\s*\{\s*"rasa_nlu_data"')
# What bears these names is read, whatever stands in it: a project is not imported by halves.
_NAMED = re.compile(
    r"(?:^|/)(?:(?:domain|nlu|stories|rules)[^/]*|(?:data|domain)/(?:[^/]+/)*[^/]+)\.ya?ml$"
)
# Folders of a project; what lies above the first of them is the project's own.
_INNER = frozenset({"core", "data", "domain", "domains", "nlu", "rules", "stories", "tests"})
_SECRET = re.compile(r"(?:^|/)(?:endpoints|credentials)[^/]*\.ya?ml$")


class Kind(StrEnum):
    """How a file of Rasa's is written."""

    YAML = "yaml"
    NLU = "markdown"
    STORIES = "stories in markdown"
    RESPONSES = "responses in markdown"
    JSON = "json"


def rasa_files(tree: Tree) -> dict[str, Kind]:
    """The files that are surely Rasa's."""
    found = ((name, _kind(tree, name)) for name in tree.names)
    return {name: kind for name, kind in found if kind is not None}


def check_named(tree: Tree) -> None:
    """Raises SkillError for a file that must be Rasa's by its name, and that nobody can read."""
    for name in tree.names:
        if _NAMED.search(name) and not _SECRET.search(name):
            check_yaml(tree, name)


def projects(files: Iterable[str]) -> dict[str, list[str]]:
    """Root -> files, in their order. A root is "" or ends with a slash."""
    files = list(files)
    domains = {_root(name) for name in files if re.search(r"(?:^|/)domain[^/]*\.ya?ml$", name)}
    found: dict[str, list[str]] = {}
    for name in files:
        folders = name.split("/")[:-1]
        above = ("".join(f"{x}/" for x in folders[:n]) for n in range(len(folders), -1, -1))
        root = next((root for root in above if root in domains), _root(name))
        found.setdefault(root, []).append(name)
    return found


def why_unused(name: str) -> str:
    """Why a file of a tree is none of ours."""
    if _SECRET.search(name):
        return "connections and secrets of Rasa's server: not read"
    return "actions are code of Rasa's" if name.endswith(".py") else "no training data of Rasa"


def lists_named(texts: Sequence[str], names: Sequence[str]) -> list[str]:
    """Files of a tree that lookups in Markdown name."""
    lines = (line.strip() for text in texts for line in text.splitlines())
    wanted = {x.removeprefix("./") for x in lines if x.endswith(".txt") and x[0] not in "-*+<#"}
    return [name for name in names if not wanted.isdisjoint(ends(name))]


def names_of(roots: Iterable[str], tree_name: str) -> Mapping[str, str]:
    """What each project is called: the tree, if it is the only one, else by its folder."""
    roots = list(roots)
    if len(roots) == 1:
        return {roots[0]: tree_name}
    return {root: root.strip("/").replace("/", " ") or tree_name for root in roots}


def ends(name: str) -> list[str]:
    """The paths by which a file may be named from any folder above it."""
    parts = name.split("/")
    return ["/".join(parts[n:]) for n in range(len(parts))]


def _root(name: str) -> str:
    folders = name.split("/")[:-1]
    inner = next((n for n, folder in enumerate(folders) if folder in _INNER), len(folders))
    return "".join(f"{folder}/" for folder in folders[:inner])


def _kind(tree: Tree, name: str) -> Kind | None:
    if not name.endswith((*_YAML, ".md", ".json")) or _SECRET.search(name):
        return None
    try:
        text = tree.read(name).decode("utf-8-sig", "replace").replace("\r\n", "\n")
    except SkillError:
        return None
    if name.endswith(".json"):
        return Kind.JSON if _JSON.match(text) else None
    if name.endswith(_YAML):
        is_ours = _SURE.search(text) or (_VERSION.search(text) and _KEYS.search(text))
        return Kind.YAML if is_ours else None
    if markdown.is_nlu(text):
        return Kind.NLU
    if markdown.is_stories(text):
        return Kind.STORIES
    return Kind.RESPONSES if markdown.is_responses(text) else None
