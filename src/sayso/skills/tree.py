"""The files of a package, in a folder or in a zip, read within bounds.

A package is somebody else's: what it says of itself is not believed. No file is unpacked; nothing
is read that lies elsewhere, by a link or by `..`; what is too large is refused before it is read.
"""

from __future__ import annotations

import json
import math
import os
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from sayso.errors import SkillError

LARGEST_BYTES = 64 * 1024 * 1024
MOST_FILES = 20_000
LARGEST_TOTAL = 1024 * 1024 * 1024  # of all files of a zip, unpacked
LARGEST_LIST = 16 * 1024 * 1024  # of the list of its files: a small zip may name millions
MOST_PARTS = 1_000_000  # lists and objects of a JSON file; each takes much more memory than bytes
MOST_VALUES = 2_000_000
MOST_YAML = 1_000_000
LONGEST_NUMBER = 4000  # digits
_END_OF_ZIP = b"PK\5\6"
_PASSED_OVER = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})


@dataclass(frozen=True, slots=True)
class Tree:
    """Files by name, with `/` between folders.

    archive: the zip that they lie in, if any. alone: one file was named, and not its folder.
    """

    source: Path
    names: tuple[str, ...]
    archive: zipfile.ZipFile | None = None
    alone: bool = False

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises SkillError if it is unreadable or too large."""
        try:
            if self.archive:
                with self.archive.open(name) as file:
                    raw = file.read(LARGEST_BYTES + 1)
            else:
                path = self.source / name
                with (path if self.alone else _inside(path, self.source)).open("rb") as file:
                    raw = file.read(LARGEST_BYTES + 1)
        except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise SkillError(f"{self.label(name)}:1: cannot be read ({error})") from error
        if len(raw) > LARGEST_BYTES:
            raise SkillError(f"{self.label(name)}:1: more than {LARGEST_BYTES} bytes; too large")
        return raw

    def text(self, name: str) -> str:
        """The text of a UTF-8 file. Raises SkillError naming the line that is none."""
        raw = self.read(name)
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            where = f"{self.label(name)}:{line}"
            raise SkillError(f"{where}: not UTF-8; save the file as UTF-8") from None

    def label(self, name: str) -> str:
        """How messages call a file."""
        return str(self.source / name)


@contextmanager
def open_tree(path: Path, only: str | None = None) -> Iterator[Tree]:
    """The files below a folder, or in a zip. only: this one file of the folder."""
    if only:
        yield Tree(path, (only,), alone=True)
    elif path.is_dir():
        yield Tree(path, tuple(_walk(path)))
    elif not path.exists():
        raise SkillError(f"{path}: not found; check the path")
    else:
        _check_zip(path)
        try:
            with zipfile.ZipFile(path) as archive:
                yield Tree(path, tuple(_names(path, archive)), archive=archive)
        except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
            raise SkillError(f"{path}: not a readable zip ({error}); zip it again") from error


def read_json(tree: Tree, name: str) -> Any:
    """The data of a JSON file. Raises SkillError with the line of the mistake."""
    where = tree.label(name)
    text = tree.text(name)
    if text.count("{") + text.count("[") > MOST_PARTS or text.count(",") > MOST_VALUES:
        what = f"more than {MOST_PARTS} lists and objects, or {MOST_VALUES} values"
        raise SkillError(f"{where}:1: {what}; split the file")
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite, parse_int=_whole)
    except json.JSONDecodeError as error:
        what = f"{error.msg} (column {error.colno}); mend the JSON"
        raise SkillError(f"{where}:{error.lineno}: {what}") from None
    except RecursionError:
        raise SkillError(f"{where}:1: nested too deep for a skill; is it the right file?") from None
    except ValueError as error:
        raise SkillError(f"{where}:1: {error}; mend the JSON") from None


def read_yaml_text(tree: Tree, name: str) -> str:
    """The text of a foreign YAML file. Raises SkillError, too, where reading it would take minutes.

    A line, a comma or a bracket is a part of the data at most; each takes far more than its bytes.
    """
    text = tree.text(name)
    if sum(text.count(mark) for mark in "\n,[{") > MOST_YAML:
        raise SkillError(f"{tree.label(name)}:1: more than {MOST_YAML} parts; split the file")
    return text


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON number")


def _whole(word: str) -> int:
    if len(word) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(word)} digits")
    return int(word)


def _finite(word: str) -> float:
    number = float(word)
    if math.isinf(number):
        raise ValueError(f"{word[:20]} is too large a number")
    return number


def _check_zip(path: Path) -> None:
    """Raises SkillError for a zip whose list of files would fill the memory by itself."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 65_557))  # the longest that a comment lets the end be
            tail = file.read(65_557)
    except OSError as error:
        raise SkillError(f"{path}: cannot be read ({error.strerror}); check the file") from error
    at = tail.rfind(_END_OF_ZIP)
    if at >= 0 and len(tail) >= at + 16:
        (length,) = struct.unpack_from("<I", tail, at + 12)
        if length > LARGEST_LIST:
            raise SkillError(f"{path}: more than {MOST_FILES} files; zip the skill's folder alone")


def _names(path: Path, archive: zipfile.ZipFile) -> list[str]:
    """The files of a zip. Raises SkillError where they are too many, too large, or named twice."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MOST_FILES:
        raise SkillError(f"{path}: more than {MOST_FILES} files; zip the skill's folder alone")
    if sum(info.file_size for info in infos) > LARGEST_TOTAL:
        raise SkillError(f"{path}: more than {LARGEST_TOTAL} bytes unpacked; leave out what is big")
    names = [info.filename for info in infos]
    # On many machines `Lamp.json` and `lamp.json` are one file: which of them was meant?
    twice = [name for name, count in Counter(x.casefold() for x in names).items() if count > 1]
    if twice:
        raise SkillError(f'{path}: "{twice[0]}" is in it more than once; zip the folder again')
    return names


def _inside(path: Path, folder: Path) -> Path:
    """The file, whose link may not lead out of the folder.

    Raises OSError for what is no file: to read a pipe would wait forever.
    """
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        raise OSError("a link that leads out of the folder; put the file itself there")
    if not path.is_file():
        raise OSError("no file" if path.exists() else "not found")
    return path


def _walk(folder: Path) -> Iterator[str]:
    count = 0
    for place, folders, files in os.walk(folder, onerror=_unreadable):
        folders[:] = sorted(x for x in folders if x not in _PASSED_OVER and x[:1] != ".")
        for file in sorted(files):
            count += 1
            if count > MOST_FILES:
                raise SkillError(f"{folder}: more than {MOST_FILES} files; name a skill's folder")
            yield (Path(place) / file).relative_to(folder).as_posix()


def _unreadable(error: OSError) -> NoReturn:
    what = f"cannot be read ({error.strerror})"
    raise SkillError(f"{error.filename}: {what}; change its permissions") from error
