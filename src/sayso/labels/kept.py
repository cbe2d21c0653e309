"""Labels that a run took, as a file of a version of what was learnt."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from sayso import learned
from sayso.types.lessons import Label

EXAMPLES, SERVED = "examples.json", "served.json"  # of what failed; of what goes well
TRAINED = "TRAINED"  # in learned/: a hash of the examples that the last training was given
_LABELS = TypeAdapter(list[Label])


def write_examples(draft: Path, labels: Sequence[Label], name: str = EXAMPLES) -> None:
    """Into a version that is being written. name: `EXAMPLES` or `SERVED`."""
    (draft / name).write_bytes(_LABELS.dump_json([*labels], indent=1))


def read_examples(folder: Path, name: str = EXAMPLES) -> list[Label]:
    """Those of the version that serves; none where nothing was learnt, or all of it is off.

    folder: learned/ of the home. Raises LearningError for a version that is damaged.
    """
    pointer = learned.current(folder)
    if pointer is None or pointer.off:
        return []
    content = learned.read_part(folder, name)
    try:
        return _LABELS.validate_json(content) if content is not None else []
    except ValidationError as error:
        raise learned.damaged(pointer.folder / name, error) from error


def note_trained(folder: Path, labels: Sequence[Label]) -> None:
    """The skills were trained with these examples, whatever came of it.

    folder: learned/ of the home, which need not be there.
    """
    if folder.is_dir():
        (folder / TRAINED).write_text(_hash(labels), encoding="utf-8")


def are_news(folder: Path) -> bool:
    """Whether the examples that serve are others than the last training was given."""
    try:
        before = (folder / TRAINED).read_text(encoding="utf-8").strip()
    except OSError:
        before = _hash(())
    return _hash(read_examples(folder)) != before


def _hash(labels: Sequence[Label]) -> str:
    return hashlib.sha256(_LABELS.dump_json([*labels])).hexdigest()
