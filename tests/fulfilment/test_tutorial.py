"""docs/tutorial-alexa-skill.md works as it is written, from an empty folder."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tutorial-alexa-skill.md").read_text(encoding="utf-8")
# A file's name alone on its line, then a block: that file. Else a language and a block.
PART = re.compile(r"^(?:`([^`\n]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.slow


def commands(folder: Path) -> Path:
    """A folder with `sayso` and `python` that run this working tree, for PATH."""
    folder.mkdir()
    path = os.pathsep.join([str(ROOT / "src"), *filter(None, sys.path)])
    for name, words in (("sayso", "-m sayso"), ("python", "")):
        script = folder / name
        script.write_text(f'#!/bin/sh\nPYTHONPATH="{path}" exec "{sys.executable}" {words} "$@"\n')
        script.chmod(0o755)
    return folder


def run(block: str, folder: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """Exit code and output of a block; services that it leaves behind are ended with it."""
    shell = subprocess.Popen(
        ["bash", "-e", "-c", block],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        code = shell.wait(timeout=180)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
    said, _ = shell.communicate()
    return code, said


@pytest.mark.skipif(find_spec("ask_sdk_webservice_support") is None, reason="no web service SDK")
@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_the_tutorial_works_as_written(tmp_path: Path) -> None:
    environment = {**os.environ, "COLUMNS": "200"}
    environment["PATH"] = f"{commands(tmp_path / 'bin')}{os.pathsep}{environment['PATH']}"
    here, said, ran = tmp_path / "empty", "", 0
    here.mkdir()
    for name, language, block in PART.findall(PAGE):
        if name:
            file = here / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block)
        elif language == "sh" and not block.startswith("pip install"):
            code, said = run(block, here, environment)
            ran += 1
            assert code == 0, f"{block}\n{said}"
        elif language == "text":
            after = said
            for line in block.splitlines():
                assert line in after, f"{line!r} was not said after what came before:\n{said}"
                after = after.partition(line)[2]
    assert ran >= 5, "commands were found and run"
