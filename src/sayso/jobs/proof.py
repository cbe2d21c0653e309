"""Every file of a home, searched for texts that must not be there."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sayso.jobs.belongings import DATA
from sayso.jobs.contents import contents
from sayso.jobs.searching import Texts
from sayso.jobs.work import Tell
from sayso.runtime.serving import BUNDLE
from sayso.runtime.skill_files import SKILLS
from sayso.settings import FILE_NAME

NOTES = ".forgetting"  # in the home, while somebody is being forgotten
_REMOVED = "removed"
_DEVELOPED = (SKILLS, _REMOVED, FILE_NAME)  # what developers wrote


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to: files and bytes, and (file, number of texts) where any was left."""

    files: int
    size: int
    left: Sequence[tuple[Path, int]]


def search(home: Path, others: Sequence[Path], texts: Texts, learnt: Texts, tell: Tell) -> Found:
    """Look for texts in every file of the home, and in others that belong to it.

    learnt: sentences that are sought in the bundle, instead of `texts`: of what it says, a short
    phrase may well be a part. Raises HomeError for a file that cannot be read.
    """
    paths = sorted({*_files(home), *(path.resolve() for path in others)})
    size, left = 0, []
    for number, path in enumerate(paths, start=1):
        sought = learnt if (home / BUNDLE).resolve() in path.parents else texts
        found: set[str] = set()
        for content in contents(path):
            size += len(content)
            found |= sought.found(content)
        if found:
            left.append((path, len(found)))
        tell("searching", number, len(paths))
    return Found(len(paths), size, left)


def developed(home: Path, texts: Texts) -> set[str]:
    """Those of the texts that developers wrote."""
    found: set[str] = set()
    for name in _DEVELOPED:
        for path in _below(home / name):
            found |= texts.found_in(contents(path))
    return found


def remove_backups(home: Path, user: str, texts: Texts) -> list[str]:
    """Remove archives in a home that hold a row of the user or any of the texts; their names.

    Those that skills keep are left alone.
    """
    row = f'"user_id":{json.dumps(user)}'.encode()
    kept = (home / DATA).resolve()
    gone = []
    for path in _files(home):
        if kept in path.parents or not zipfile.is_zipfile(path):
            continue
        if any(row in content or texts.found(content) for content in contents(path)):
            path.unlink()
            gone.append(str(path.relative_to(home.resolve())))
    return gone


def _files(home: Path) -> Iterator[Path]:
    """Every file, but what developers wrote and the notes of what is sought."""
    for path in sorted(home.resolve().iterdir()):
        if path.name not in (*_DEVELOPED, NOTES):
            yield from _below(path)


def _below(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path] if path.is_file() else []
    return sorted(found for found in path.rglob("*") if found.is_file())
