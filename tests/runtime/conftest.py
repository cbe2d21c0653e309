"""One encoder and one trained home for the whole session; each test gets a copy of the home."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sayso.encoders import Encoder
from sayso.runtime.engine import Engine
from sayso.runtime.home import Home
from sayso.runtime.load import load
from tests.runtime.homes import make_home


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    return make_home(tmp_path_factory.mktemp("trained") / "home", encoder)


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "home"))


@pytest.fixture
def home(folder: Path) -> Iterator[Home]:
    with Home.open(folder) as opened:
        yield opened


@pytest.fixture
def engine(trained: Path, encoder: Encoder) -> Engine:
    return load(trained / "bundle", encoder=encoder)
