"""Labels that a run took, as a file of a version of what was learnt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from sayso import learned
from sayso.types.lessons import Label

EXAMPLES = "examples.json"
_LABELS = TypeAdapter(list[Label])


def write_examples(draft: Path, labels: Sequence[Label]) -> None:
    """Into a version that is being written."""
    (draft / EXAMPLES).write_bytes(_LABELS.dump_json([*labels], indent=1))


def read_examples(folder: Path) -> list[Label]:
    """Those of the version that serves; none where nothing was learnt, or all of it is off.

    folder: learned/ of the home. Raises LearningError for a version that is damaged.
    """
    pointer = learned.current(folder)
    return [] if pointer is None or pointer.off else all_examples(folder)


def all_examples(folder: Path) -> list[Label]:
    """The same, on or off."""
    content = learned.read_part(folder, EXAMPLES)
    try:
        return _LABELS.validate_json(content) if content is not None else []
    except ValidationError as error:
        raise learned.damaged(folder / EXAMPLES, error) from error
