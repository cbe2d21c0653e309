"""The files of a package, in a folder or in a zip, read within bounds."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from sayso.errors import SkillError

LARGEST_BYTES = 64 * 1024 * 1024
MOST_FILES = 20_000
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
                with (self.source / name).open("rb") as file:
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
        try:
            with zipfile.ZipFile(path) as archive:
                names = [info.filename for info in archive.infolist() if not info.is_dir()]
                yield Tree(path, tuple(names[:MOST_FILES]), archive=archive)
        except (zipfile.BadZipFile, OSError) as error:
            raise SkillError(f"{path}: not a readable zip ({error}); zip it again") from error


def read_json(tree: Tree, name: str) -> Any:
    """The data of a JSON file. Raises SkillError with the line of the mistake."""
    where = tree.label(name)
    text = tree.text(name)
    try:
        return json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        what = f"{error.msg} (column {error.colno}); mend the JSON"
        raise SkillError(f"{where}:{error.lineno}: {what}") from None
    except RecursionError:
        raise SkillError(f"{where}:1: nested too deep for a skill; is it the right file?") from None
    except ValueError as error:
        raise SkillError(f"{where}:1: {error}; mend the JSON") from None


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON number")


def _walk(folder: Path) -> Iterator[str]:
    count = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(x for x in folders if x not in _PASSED_OVER and x[:1] != ".")
        for file in sorted(files):
            count += 1
            if count > MOST_FILES:
                raise SkillError(f"{folder}: more than {MOST_FILES} files; name a skill's folder")
            yield (Path(place) / file).relative_to(folder).as_posix()
