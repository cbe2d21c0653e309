"""Foreign data read through nodes that write down what became of each of its lines.

A reader walks the data with `Node.at`, `items` and `entries`, and says of what it takes whether it
was read as it stands or mapped. Whatever nobody took is skipped, with the reason of the nearest
node above it that has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from sayso.errors import SkillError
from sayso.skills.accounting import Accounting, Ledger, deeper_than
from sayso.skills.restore import canonical
from sayso.skills.templates import said
from sayso.skills.tree import Tree, read_json, read_yaml_text
from sayso.skills.yaml_lines import parse_yaml, typed

UNUSED = "not used by Sayso"
DEEPEST = 64
_UNSHOWN = "(not shown)"
_ABSENT: Any = object()

Path = tuple[str | int, ...]


class _Fate(IntEnum):
    READ = 1
    MAPPED = 2
    SKIPPED = 3
    HIDDEN = 4  # skipped, and not shown: it may be a secret


class Marks:
    """What becomes of the lines of one file."""

    def __init__(self, source: Any, file: str = "") -> None:
        self.source = source
        self.file = file
        self._taken: dict[Path, tuple[_Fate, str]] = {}
        self._left: dict[Path, tuple[_Fate, str]] = {}

    @property
    def root(self) -> Node:
        """The whole file."""
        return Node(self.source, (), self)

    def mark(self, path: Path, fate: _Fate, note: str) -> None:
        """Everything at or below the path; what was said first counts, taking before leaving."""
        (self._taken if fate <= _Fate.MAPPED else self._left).setdefault(path, (fate, note))

    def close(self, otherwise: str = UNUSED) -> Accounting:
        """The account. otherwise: why lines are skipped of which nothing was said."""
        book = Ledger()
        self._close(self.source, (), (_Fate.SKIPPED, otherwise), book)
        return book.close(self.source)

    def _close(self, node: Any, path: Path, above: tuple[_Fate, str], book: Ledger) -> None:
        here = self._taken.get(path) or self._left.get(path) or above
        if isinstance(node, Mapping):
            for key, child in node.items():
                self._close(child, (*path, key), here, book)
        elif isinstance(node, list):
            for index, child in enumerate(node):
                self._close(child, (*path, index), here, book)
        else:
            fate, note = here
            if fate is _Fate.READ:
                book.read(note)
            elif fate is _Fate.MAPPED:
                book.map(where(path), node, note)
            else:
                shown = _UNSHOWN if fate is _Fate.HIDDEN else node
                book.skip(where(path), shown, note)


@dataclass(frozen=True, slots=True)
class Node:
    """A part of foreign data, present or absent (then its value is None)."""

    raw: Any
    path: Path
    marks: Marks

    @property
    def value(self) -> Any:
        """What stands there; None where nothing does."""
        return None if self.raw is _ABSENT else self.raw

    @property
    def there(self) -> bool:
        """Whether anything stands there, null included."""
        return self.raw is not _ABSENT

    @property
    def where(self) -> str:
        """For messages: the file, and the place in it."""
        return f"{self.marks.file}:1: {where(self.path).lstrip('.') or 'the file'}"

    def at(self, *keys: str | int) -> Node:
        """The part under a key, or under a key of that, and so on."""
        node, path = self.raw, self.path
        for key in keys:
            path = (*path, key)
            node = node[key] if _holds(node, key) else _ABSENT
        return Node(node, path, self.marks)

    def items(self) -> list[Node]:
        """The parts of a list; none of anything else."""
        count = len(self.raw) if isinstance(self.raw, list) else 0
        return [self.at(index) for index in range(count)]

    def entries(self) -> list[tuple[str, Node]]:
        """Keys and parts of a mapping; none of anything else."""
        keys = list(self.raw) if isinstance(self.raw, Mapping) else []
        return [(str(key), self.at(key)) for key in keys]

    def read(self, kind: str) -> Any:
        """Everything here is taken as it stands."""
        self.marks.mark(self.path, _Fate.READ, kind)
        return self.value

    def map(self, note: str) -> Any:
        """Everything here is taken in another form: `note` says which."""
        self.marks.mark(self.path, _Fate.MAPPED, note)
        return self.value

    def skip(self, reason: str) -> None:
        """Nothing here is used, save what is taken all the same."""
        self.marks.mark(self.path, _Fate.SKIPPED, reason)

    def hide(self, reason: str) -> None:
        """Nothing here is used, and the account does not show it."""
        self.marks.mark(self.path, _Fate.HIDDEN, reason)

    def text(self, kind: str = "", note: str = "") -> str:
        """The text that stands here, taken if one of `kind` and `note` is given; else ""."""
        value = self.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not said(value):
            return ""
        if kind or note:
            self.read(kind) if kind else self.map(note)
        return value

    def flag(self, kind: str) -> bool:
        """Whether `true` stands here; it is taken."""
        if isinstance(self.value, bool):
            self.read(kind)
        return self.value is True


def load(tree: Tree, name: str) -> Marks:
    """The data of a JSON or YAML file. Raises SkillError with file and line for what is neither."""
    label = tree.label(name)
    if name.lower().endswith((".yaml", ".yml")):
        document = parse_yaml(read_yaml_text(tree, name), label)
        for line, problem in document.problems[:1]:
            raise SkillError(f"{label}:{line}: {problem}")
        data = typed(document.data)
    else:
        data = read_json(tree, name)
    if deeper_than(DEEPEST, data):
        raise SkillError(f"{label}:1: nested deeper than {DEEPEST}; is it the right file?")
    try:
        canonical(data).encode()
    except UnicodeEncodeError:
        raise SkillError(f"{label}:1: half a surrogate pair, no valid Unicode; mend it") from None
    return Marks(data, label)


def peek(tree: Tree, name: str, *words: bytes) -> Any:
    """The data of a JSON or YAML file that holds all these words; None of any other.

    Never raises: for finding out what a file is.
    """
    try:
        raw = tree.read(name)
        return load(tree, name).source if all(word in raw for word in words) else None
    except SkillError:
        return None


def where(path: Path) -> str:
    """A path as accounts write it: `.types[2].name`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def _holds(node: Any, key: str | int) -> bool:
    if isinstance(node, list):
        return isinstance(key, int) and key < len(node)
    return isinstance(node, Mapping) and key in node
