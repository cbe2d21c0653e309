"""The packaged encoder, loaded once, and a copy that a test may spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sayso.encoders import Encoder
from sayso.encoders.files import find_encoder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the packaged encoder that a test may spoil."""
    return Path(shutil.copytree(find_encoder(None), tmp_path / "encoder"))
