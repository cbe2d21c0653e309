"""The policies on disk: part of a version of what was learnt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter

from sayso import learned
from sayso.types.lessons import Policy

POLICIES = "policies.json"
_POLICIES = TypeAdapter(list[Policy])


def write_policies(draft: Path, policies: Sequence[Policy]) -> None:
    """Into a version that is being written."""
    (draft / POLICIES).write_bytes(_POLICIES.dump_json([*policies], indent=1))


def read_policies(folder: Path) -> list[Policy]:
    """Those of the version that serves; none where nothing was learnt. `folder`: learned/.

    Raises LearningError for a version that is damaged.
    """
    return learned.read_list(folder, POLICIES, _POLICIES.validate_json)
