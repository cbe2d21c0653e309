from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.examples.skill import PythonSkill


@pytest.fixture
def skill(tmp_path: Path) -> Iterator[Callable[[str], PythonSkill]]:
    """Opens a skill of the example home by its id, with empty storage."""
    opened: list[PythonSkill] = []

    def open_skill(id: str) -> PythonSkill:
        opened.append(PythonSkill(id, tmp_path))
        return opened[-1]

    yield open_skill
    for one in opened:
        one.storage.close()
