"""What cannot be measured is said in words that the command line shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import EvaluationError
from sayso.evaluation.crowd import Said
from sayso.evaluation.scale import measure


def test_a_folder_without_a_register_is_complained_about(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="index "):
        measure("index", tmp_path, [Said("open the door", "door")])
