"""`sayso`, called in this process or in one of its own, on a copy of one small trained home."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sayso.cli import main
from tests.cli.homes import add_gong

SAYSO = [sys.executable, "-m", "sayso"]


@dataclass(frozen=True)
class Result:
    """What a call came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Sayso = Callable[..., Result]


@pytest.fixture
def sayso(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Sayso:
    """Runs a verb in this process."""
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: object) -> Result:
        code: Any = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as exit:
            code = exit.code or 0
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return call


def shell(*arguments: object, **environment: str) -> Result:
    """Runs a verb in a process of its own."""
    done = subprocess.run(
        [*SAYSO, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        stdin=subprocess.DEVNULL,
        env=os.environ | environment,
    )
    return Result(done.returncode, done.stdout, done.stderr)


@contextmanager
def running(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    """A verb that goes on until it is told to stop."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [*SAYSO, *map(str, arguments)], stdout=pipe, stderr=pipe, text=True, encoding="utf-8"
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("cli") / "home"
    assert shell("new", home, "--time-zone", "Europe/Berlin").code == 0
    add_gong(home)
    result = shell("train", home)
    assert result.code == 0, result.err
    return home


@pytest.fixture
def home(trained: Path, tmp_path: Path) -> Path:
    """A copy that the test may spoil."""
    return Path(shutil.copytree(trained, tmp_path / "home"))


@pytest.fixture
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the extra `train` were not installed."""
    needing = ("sayso.training.pretraining", "sayso.training.finetuning")
    for name in [name for name in sys.modules if name.startswith(needing)]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("torch", "onnx"):
        monkeypatch.setitem(sys.modules, name, None)
