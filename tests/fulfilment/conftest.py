"""Back-ends that every test of this room may share: starting processes takes time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sayso.fulfilment import Backends


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="package")
def backends(home: Path) -> Iterator[Backends]:
    with Backends(home=home, private_addresses=True) as made:
        yield made
