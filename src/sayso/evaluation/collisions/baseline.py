"""Collisions that somebody has looked at and accepted, in a file beside the skills.

JSON, one collision an item: its kind, and its samples as `skill.intent (locale): sample`. What was
accepted stays so while samples leave the group; one that joins it makes it new.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sayso.errors import EvaluationError
from sayso.evaluation.collisions.nouns import Collision, Kind, Site


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was accepted: kind -> groups of samples."""

    groups: Sequence[tuple[Kind, frozenset[str]]] = ()

    def accepts(self, collision: Collision) -> bool:
        """Whether all its samples were accepted together, for the same kind."""
        samples = frozenset(map(_spelled, collision.everyone))
        return any(kind == collision.kind and samples <= group for kind, group in self.groups)


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file. Raises EvaluationError if it is none."""
    try:
        items = json.loads(path.read_text(encoding="utf-8"))
        items = items if isinstance(items, list) else [None]
        return Baseline([(Kind(item["kind"]), frozenset(item["samples"])) for item in items])
    except OSError as error:
        raise EvaluationError(f"{path}: {error.strerror}; write it with --write-baseline") from None
    except (ValueError, KeyError, TypeError):
        what = "no list of accepted collisions; write it again with --write-baseline"
        raise EvaluationError(f"{path}: {what}") from None


def write_baseline(path: Path, collisions: Sequence[Collision]) -> None:
    """Accept these and no others."""
    items: list[dict[str, Any]] = [
        {"kind": str(one.kind), "samples": [_spelled(site) for site in one.everyone]}
        for one in collisions
    ]
    text = json.dumps(items, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _spelled(site: Site) -> str:
    place = f"{site.skill}.{site.intent}" if site.intent else site.skill
    return f"{place} ({site.locale}): {site.sample}"
