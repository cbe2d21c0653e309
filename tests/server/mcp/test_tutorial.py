"""docs/tutorial-tool-router.md works as written, from an empty folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "tutorial-tool-router.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(folder: Path) -> dict[str, str]:
    """The environment of somebody who has installed Sayso: `sayso` and `python` are found."""
    programs = folder / "bin"
    programs.mkdir()
    for name, call in (("sayso", "-m sayso"), ("python", "")):
        # The protocol's client hands no PYTHONPATH to the servers that it starts.
        script = f'#!/bin/sh\nPYTHONPATH="{ROOT / "src"}" exec "{sys.executable}" {call} "$@"\n'
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    return {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "COLUMNS": "100"}


def run(script: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_the_tutorial_works_as_written(tmp_path: Path) -> None:
    environment = commands(tmp_path)
    work = tmp_path / "work"
    work.mkdir()
    told, ran = "", 0
    for found in FENCE.finditer(PAGE):
        kind, text = found[1], found[2]
        named = re.search(r"`([\w.]+)`:\n\n$", PAGE[: found.start()])
        if kind == "python":
            assert named is not None
            (work / named[1]).write_text(text)
        elif kind == "sh":
            told, ran = run(text, work, environment), ran + 1
        elif kind == "text":
            assert told == text
    assert ran == 5
    assert json.loads((work / "said.json").read_text())["speech"] == "25.0 degrees"


def test_the_entry_for_an_agent_is_json() -> None:
    (entry,) = [found[2] for found in FENCE.finditer(PAGE) if found[1] == "json"]
    assert json.loads(entry)["mcpServers"]["sayso"]["args"][0] == "mcp"
