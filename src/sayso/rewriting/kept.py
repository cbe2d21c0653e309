"""The population on disk: part of a version of what was learnt, and what people have ruled out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from sayso import learned
from sayso.bundle.drafting import durable
from sayso.errors import LearningError
from sayso.types.lessons import Rewrite
from sayso.understanding.rewrites import TABLE, pack_table

POPULATION = "rewrites.json"
_POPULATION = TypeAdapter(list[Rewrite])
_DENIED = TypeAdapter(dict[str, str])


def write_population(draft: Path, population: Sequence[Rewrite]) -> None:
    """Into a version that is being written: the population, and the table made of it."""
    (draft / POPULATION).write_bytes(_POPULATION.dump_json([*population], indent=1))
    (draft / TABLE).write_bytes(pack_table(population))


def read_population(folder: Path) -> list[Rewrite]:
    """The rewrites of the version that serves; none where nothing was learnt. `folder`: learned/.

    Raises LearningError for a version that is damaged.
    """
    return learned.read_list(folder, POPULATION, _POPULATION.validate_json)


def read_denied(folder: Path) -> Mapping[str, str]:
    """Ids of rewrites that people ruled out -> when and by whom. Raises LearningError."""
    path = folder / learned.DENIED
    try:
        return _DENIED.validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise LearningError(f"{path}: cannot be read ({error}); mend or remove it") from error


def deny(folder: Path, ids: Sequence[str], by: str, at: datetime) -> None:
    """Rule rewrites out for every version to come; to be called while `learned.writing`."""
    known = {**dict.fromkeys(ids, f"{at:%Y-%m-%d %H:%M} by {by}"), **read_denied(folder)}
    _write(folder, known)


def allow(folder: Path, ids: Sequence[str]) -> None:
    """Rule them out no longer; to be called while `learned.writing`."""
    _write(folder, {each: why for each, why in read_denied(folder).items() if each not in ids})


def _write(folder: Path, known: Mapping[str, str]) -> None:
    draft = folder / f".{learned.DENIED}"
    durable(draft, json.dumps(known, indent=1, sort_keys=True).encode())
    draft.replace(folder / learned.DENIED)
