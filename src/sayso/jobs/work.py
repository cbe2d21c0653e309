"""A run of the loop that may be broken off anywhere and taken up again.

    home/learned/work/
      run.json      what the run is about, and the steps that are done
      <name>/       a table that a step kept, whole or not at all
      <name>.json   a smaller thing that a step found, the same

A step that is done is not done again: what it kept is read. A run of other settings, or of another
Sayso, begins anew. The folder holds what people said, so it is gone when the run is over.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sayso.bundle.drafting import durable
from sayso.bundle.writing import alone
from sayso.errors import LearningError

T = TypeVar("T")
WORK, _RUN = "work", "run.json"
Tell = Callable[[str, int, int], None]


@dataclass(slots=True)
class Run:
    """A run. about: what it depends on; now: when it began; it learns from turns before that."""

    folder: Path
    about: Mapping[str, Any]
    now: datetime
    done: list[str] = field(default_factory=list)
    resumed: bool = False

    def step(self, name: str, make: Callable[[], T], kept: Callable[[], T]) -> T:
        """What a step gives: made now, or as it was kept by a run that was broken off."""
        if name in self.done:
            return kept()
        made = make()
        self.done.append(name)
        self._write()
        return made

    def _write(self) -> None:
        said = {"about": self.about, "now": self.now.isoformat(), "done": self.done}
        draft = self.folder / f".{_RUN}"
        durable(draft, json.dumps(said, indent=1).encode())
        draft.replace(self.folder / _RUN)

    def write_json(self, name: str, value: Any) -> None:
        """Keep something small, whole or not at all."""
        draft = self.folder / f".{name}.json"
        durable(draft, json.dumps(value).encode())
        draft.replace(self.folder / f"{name}.json")

    def read_json(self, name: str) -> Any:
        """What `write_json` kept. Raises LearningError."""
        path = self.folder / f"{name}.json"
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise LearningError(
                f"{path}: cannot be read ({error}); remove {self.folder} and learn again"
            ) from error


@contextmanager
def running(folder: Path, about: Mapping[str, Any], now: datetime) -> Iterator[Run]:
    """The run that was broken off, if it was about the same, or a new one; one at a time.

    folder: `learned/` of the home. The work is removed once the run is over, and stays where it
    fails, to be taken up. Raises LearningError where the disk is full or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / WORK).mkdir(exist_ok=True)
        with alone(folder / WORK):
            run = _taken_up(folder / WORK, about) or _begun(folder / WORK, about, now)
            yield run
            clear(folder)
    except OSError as error:
        raise LearningError(
            f"{folder}: learning could not go on ({error}); what served before still serves, and "
            "the next run goes on from there"
        ) from error


def check_free(folder: Path) -> None:
    """Raise LearningError while a run is under way. folder: `learned/`."""
    lock = folder / WORK / ".lock"
    if not lock.exists():
        return
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LearningError(f"{folder}: learning is under way; wait until it is done") from None


def clear(folder: Path) -> None:
    """Remove the work of a run: it holds what people said. folder: `learned/`."""
    work = folder / WORK
    for path in work.iterdir() if work.is_dir() else ():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != ".lock":
            path.unlink(missing_ok=True)


def _taken_up(work: Path, about: Mapping[str, Any]) -> Run | None:
    try:
        said = json.loads((work / _RUN).read_text(encoding="utf-8"))
        run = Run(work, said["about"], datetime.fromisoformat(said["now"]), said["done"], True)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return run if run.about == json.loads(json.dumps(about)) else None


def _begun(work: Path, about: Mapping[str, Any], now: datetime) -> Run:
    clear(work.parent)
    run = Run(work, about, now)
    run._write()
    return run
