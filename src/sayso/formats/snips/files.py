"""Which file of a tree is a Snips dataset or a dialog template, of which skill and locale."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sayso.errors import SkillError
from sayso.formats.locales import locale_of
from sayso.skills.schema import DEFAULT_LOCALE
from sayso.skills.tree import Tree, read_json

_ALICE = re.compile(r"((?:.*/)?)dialogTemplate/([^/]+)\.json$")
_YAML = re.compile(rb"^type:\s*['\"]?(?:intent|entity)\b", re.MULTILINE)
_MOST = 500  # files that are looked into


@dataclass(frozen=True, slots=True)
class File:
    """kind: "yaml", "json" or "alice". root: folder of the skill. data: of JSON."""

    name: str
    kind: str
    root: str
    locale: str
    data: Any = None


def files_of(tree: Tree) -> list[File]:
    """The files that are surely of this format; what cannot be read is passed over here."""
    found = [file for name in tree.names if (file := _alice(tree, name))]
    looked = [name for name in tree.names if name.endswith((".json", ".yaml", ".yml"))][:_MOST]
    named = {file.name for file in found}
    found += [file for name in looked if name not in named and (file := _dataset(tree, name))]
    return sorted(found, key=lambda file: (file.locale != DEFAULT_LOCALE, file.locale, file.name))


def _alice(tree: Tree, name: str) -> File | None:
    match = _ALICE.match(name)
    locale = locale_of(match[2]) if match else None
    if match is None or locale is None:
        return None
    return File(name, "alice", match[1].rstrip("/"), locale)


def _dataset(tree: Tree, name: str) -> File | None:
    if not name.endswith(".json"):
        return File(name, "yaml", "", _by_path(name)) if _is_yaml(tree, name) else None
    try:
        raw = tree.read(name)
        data = read_json(tree, name) if b'"utterances"' in raw and b'"entities"' in raw else None
    except SkillError:
        return None
    if not isinstance(data, Mapping) or not isinstance(data.get("intents"), Mapping):
        return None
    if not isinstance(data.get("entities"), Mapping):
        return None
    code = data.get("language")
    locale = locale_of(code) if isinstance(code, str) else None
    return File(name, "json", "", locale or _by_path(name), data)


def _is_yaml(tree: Tree, name: str) -> bool:
    try:
        return bool(_YAML.search(tree.read(name)))
    except SkillError:
        return False


def _by_path(name: str) -> str:
    """The locale that a file or its folder is named for, else American English."""
    path = PurePosixPath(name)
    ends = re.split(r"[_.]", path.stem)[-1]
    named = (locale_of(code) for code in (path.stem, path.parent.name, ends) if 2 <= len(code) <= 5)
    return next((locale for locale in named if locale), DEFAULT_LOCALE)
