"""YAML -> plain data in which every scalar is a text, with the line of each part.

Skill files are full of words that YAML 1.1 takes for something else (`no`, `on`, `12:30`), so the
schema decides what is a number, not the scanner. Read from the parser's events, without recursion:
deep nesting and aliases that multiply cannot exhaust the process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from sayso.errors import SkillError

LARGEST = 5_000_000  # parts of a document, repetitions by alias counted
DEEPEST = 64
Path = tuple[str | int, ...]
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,4000})")
_NUMBER = re.compile(r"-?[0-9]+\.[0-9]*([eE][-+][0-9]+)?")
_NO_TAG = (None, "!", "tag:yaml.org,2002:str")


class Bare(str):
    """A scalar that was written without quotes; elsewhere it would be resolved to another type."""

    __slots__ = ()


@dataclass
class Document:
    """A parsed file. lines: 1-based line of each part, by its path."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of a part, or of the nearest part around it."""
        path = self._indexed(path)
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def _indexed(self, path: Path) -> Path:
        """The path as the file has it.

        An item of a list may be addressed by its `name`, and the samples of an intent or the values
        of a type by that key, though the file gives a list alone.
        """
        node, found = self.data, []
        for step in path:
            if isinstance(node, list) and isinstance(step, str):
                names = [item.get("name") if isinstance(item, dict) else None for item in node]
                if step not in names:
                    continue
                step = names.index(step)
            found.append(step)
            node = _child(node, step)
        return tuple(found)


def parse_yaml(text: str, file: str) -> Document:
    """The one document of a YAML text. Raises SkillError if it is no YAML, or a hostile one.

    Repeated keys are in `problems`: they do not keep the rest from being checked.
    """
    try:
        return _Builder(file).build(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise SkillError(f"{file}:{line}: an unprintable character; delete it") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = error.problem or "not valid YAML"
        raise SkillError(f"{file}:{line}: {what}; {_remedy(what)}") from None


def typed(node: Any) -> Any:
    """Data of a foreign file: bare scalars become what JSON would hold (null, true, 12, 1.5)."""
    if isinstance(node, dict):
        return {str(key): typed(child) for key, child in node.items()}
    if isinstance(node, list):
        return [typed(child) for child in node]
    return _resolved(node) if isinstance(node, Bare) else node


def _resolved(word: str) -> Any:
    if word in ("null", "~", ""):
        return None
    if word in ("true", "false"):
        return word == "true"
    if _INTEGER.fullmatch(word):
        return int(word)
    return float(word) if _NUMBER.fullmatch(word) else str(word)


def _child(node: Any, step: str | int) -> Any:
    try:
        return node[step]
    except (KeyError, IndexError, TypeError):
        return None


def _remedy(what: str) -> str:
    if "could not find expected ':'" in what or "mapping values" in what:
        return "put a text that holds ': ' in quotes, and check the indentation"
    if "tab" in what or "\\t" in what:
        return "indent with spaces, not tabs"
    return "check indentation, quotes and brackets here and on the line before"


@dataclass
class _Level:
    """A mapping or list under construction. key: of the mapping, waiting for its value."""

    node: dict[str, Any] | list[Any]
    path: Path
    anchor: str | None
    key: str | None = None
    size: int = 1


class _Builder:
    def __init__(self, file: str) -> None:
        self.file = file
        self.document = Document()
        self.levels: list[_Level] = []
        self.anchors: dict[str, tuple[Any, int]] = {}  # the part, and how many parts are in it
        self.total = 0
        self.documents = 0

    def build(self, events: Iterator[Any]) -> Document:
        for event in events:
            line = event.start_mark.line + 1
            if isinstance(event, yaml.DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    raise self._error(line, "a second document; keep one skill in a file")
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self._open(event, line)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self._close()
            elif isinstance(event, yaml.ScalarEvent):
                self._scalar(event, line)
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event, line)
        return self.document

    def _open(self, event: Any, line: int) -> None:
        self._check_tag(event, line, ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"))
        if self._wants_key():
            raise self._error(line, "a key that is no text; write a plain word before the colon")
        if len(self.levels) >= DEEPEST:
            raise self._error(line, f"nested deeper than {DEEPEST}; a skill needs no more than ten")
        node: dict[str, Any] | list[Any] = {}
        node = node if isinstance(event, yaml.MappingStartEvent) else []
        path = self._place(line)
        self._count(1, line)
        self.levels.append(_Level(node, path, event.anchor))

    def _close(self) -> None:
        level = self.levels.pop()
        if level.anchor:
            self.anchors[level.anchor] = (level.node, level.size)
        self._add(level.node, level.size)

    def _scalar(self, event: Any, line: int) -> None:
        self._check_tag(event, line)
        if self._wants_key():
            self._key(event.value, line)
            return
        bare = event.style in (None, "") and event.implicit[0] and event.tag is None
        value = _bare(event.value) if bare else event.value
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        self._place(line)
        self._count(1, line)
        self._add(value, 1)

    def _alias(self, event: Any, line: int) -> None:
        if event.anchor not in self.anchors:
            raise self._error(line, f"*{event.anchor} stands for nothing; define &{event.anchor}")
        value, size = self.anchors[event.anchor]
        if self._wants_key():
            raise self._error(line, "an alias as a key; write the word itself")
        self._place(line)
        self._count(size, line)
        self._add(value, size)

    def _key(self, key: str, line: int) -> None:
        level = self.levels[-1]
        if key in level.node:
            first = self.document.lines[(*level.path, key)]
            what = f'"{key}" stands here a second time (first on line {first}); remove one'
            self.document.problems.append((line, what))
        self.document.lines.setdefault((*level.path, key), line)
        level.key = key

    def _wants_key(self) -> bool:
        return bool(self.levels) and self._in_mapping() and self.levels[-1].key is None

    def _in_mapping(self) -> bool:
        return isinstance(self.levels[-1].node, dict)

    def _place(self, line: int) -> Path:
        """Path of the value that comes next, its line noted."""
        if not self.levels:
            return ()
        level = self.levels[-1]
        step = level.key if isinstance(level.node, dict) else len(level.node)
        path = (*level.path, step if step is not None else "")
        self.document.lines.setdefault(path, line)
        return path

    def _count(self, size: int, line: int) -> None:
        self.total += size
        if self.total > LARGEST:
            raise self._error(line, f"more than {LARGEST} parts; split the skill")

    def _add(self, value: Any, size: int) -> None:
        if not self.levels:
            self.document.data = value
            return
        level = self.levels[-1]
        level.size += size
        if isinstance(level.node, list):
            level.node.append(value)
        else:
            level.node.setdefault(level.key or "", value)
            level.key = None

    def _check_tag(self, event: Any, line: int, also: tuple[str, ...] = ()) -> None:
        if event.tag not in (*_NO_TAG, *also):
            raise self._error(line, f"the tag {event.tag}; write the value without it")

    def _error(self, line: int, what: str) -> SkillError:
        return SkillError(f"{self.file}:{line}: {what}")


def _bare(text: str) -> Bare | None:
    return Bare(text) if text else None
