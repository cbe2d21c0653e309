"""One small trained home, opened anew from a copy for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import sayso
from sayso.formats.known import import_skills
from sayso.runtime.home import Home
from sayso.skills import write_skill
from tests.protocols.homes import write_bot, write_home


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("protocols") / "home"
    write_home(home)
    write_bot(home.parent / "bistro")
    for skill in import_skills(home.parent / "bistro", None)[1].skills:
        write_skill(skill, home / "skills" / skill.id)
    sayso.train(sayso.read_skills(home / "skills"), home / "bundle")
    return home


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    """A copy of its own for a test that writes into its log."""
    return Path(shutil.copytree(trained, tmp_path / "home"))


@pytest.fixture
def home(folder: Path) -> Iterator[Home]:
    with Home.open(folder) as opened:
        yield opened
