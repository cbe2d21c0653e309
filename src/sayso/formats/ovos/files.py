"""Which file of a tree is what: of which skill, in which locale, of which kind.

locale/en-us/**/lamp.intent                          today
vocab/en-us/lamp.intent  dialog/en-us/lit.dialog  regex/en-us/room.rx     before
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sayso.formats.locales import locale_of
from sayso.skills.tree import Tree

KINDS = ("intent", "entity", "voc", "rx", "dialog")
_FOLDERS = ("locale", "vocab", "dialog", "regex")
ABOUT = "skill.json"


@dataclass(frozen=True, slots=True)
class File:
    """A file of a locale.

    stem: its name without the ending. exact: whether its folder has the name of the locale, not of
    a language that is read as it.
    """

    name: str
    root: str
    locale: str
    kind: str
    stem: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Folder:
    """A skill's files. root: its folder in the tree, "" for the tree itself."""

    root: str
    files: Sequence[File]
    code: Sequence[str] = field(default_factory=tuple)

    @property
    def locales(self) -> list[str]:
        """Its locales: American English first, other English next, then by name."""
        return sorted(
            {file.locale for file in self.files},
            key=lambda x: (x != "en-US", not x.startswith("en"), x),
        )


def files_of(tree: Tree) -> list[File]:
    """The files of all locales of all skills; those of an exactly named folder first."""
    found = [file for name in tree.names if (file := _file(name))]
    return sorted(found, key=lambda file: (not file.exact, file.name))


def folders_of(tree: Tree) -> list[Folder]:
    """The skills of a tree, each with its files and the Python that lies at or below its folder.

    Of a package (`skill/locale` beside `setup.py`) with one skill alone all Python is its.
    """
    files = files_of(tree)
    roots = sorted(Counter(file.root for file in files))
    python = [name for name in tree.names if name.endswith(".py")]
    code = {root: [name for name in python if _owner(name, roots) == root] for root in roots}
    if len(roots) == 1:
        code = {roots[0]: python}
    return [Folder(root, [x for x in files if x.root == root], code[root]) for root in roots]


def _file(name: str) -> File | None:
    parts = name.split("/")
    ending = PurePosixPath(name).suffix.removeprefix(".").lower()
    kind = "about" if parts[-1] == ABOUT else ending
    if kind not in (*KINDS, "about"):
        return None
    for place, folder in enumerate(parts[:-2]):
        code = parts[place + 1]
        spoken = locale_of(code) if folder.lower() in _FOLDERS else None
        if spoken is not None:
            exact = code.replace("_", "-").casefold() == spoken.casefold()
            stem = parts[-1][: -len(ending) - 1]
            return File(name, "/".join(parts[:place]), spoken, kind, stem, exact)
    return None


def _owner(name: str, roots: Sequence[str]) -> str | None:
    """The innermost skill's folder around a file."""
    around = [root for root in roots if not root or name.startswith(f"{root}/")]
    return max(around, key=len, default=None)
