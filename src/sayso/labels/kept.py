"""Labels that a run took, as a file of a version of what was learnt."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter

from sayso import learned
from sayso.types.lessons import Label

EXAMPLES, SERVED = "examples.json", "served.json"  # of what failed; of what goes well
TRAINED = "TRAINED"  # in learned/: a hash of the examples that the last training was given
_LABELS = TypeAdapter(list[Label])


def write_examples(draft: Path, failed: Sequence[Label], served: Sequence[Label]) -> None:
    """Into a version that is being written."""
    for name, labels in ((EXAMPLES, failed), (SERVED, served)):
        (draft / name).write_bytes(_LABELS.dump_json([*labels], indent=1))


def read_examples(folder: Path) -> list[Label]:
    """Those of the version that serves; none where nothing was learnt, or all of it is off.

    folder: learned/ of the home. Raises LearningError for a version that is damaged.
    """
    pointer = learned.current(folder)
    if pointer is None or pointer.off:
        return []
    return [*examples_of(folder, EXAMPLES), *examples_of(folder, SERVED)]


def examples_of(folder: Path, name: str) -> list[Label]:
    """Those of one of the two files, on or off."""
    return learned.read_list(folder, name, _LABELS.validate_json)


def note_trained(folder: Path) -> None:
    """The skills were trained with the examples that serve, whatever came of it.

    folder: learned/ of the home, which need not be there.
    """
    if folder.is_dir():
        (folder / TRAINED).write_text(_hash(folder), encoding="utf-8")


def are_news(folder: Path) -> bool:
    """Whether something that failed is an example now and was none in the last training.

    What goes well is not asked about: it changes every day, and is learnt along.
    """
    try:
        before = (folder / TRAINED).read_text(encoding="utf-8").strip()
    except OSError:
        before = hashlib.sha256(_LABELS.dump_json([])).hexdigest()
    return _hash(folder) != before


def _hash(folder: Path) -> str:
    pointer = learned.current(folder)
    labels = [] if pointer is None or pointer.off else examples_of(folder, EXAMPLES)
    return hashlib.sha256(_LABELS.dump_json(labels)).hexdigest()
