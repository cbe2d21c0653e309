"""docs/wyoming.md says what is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import running
from tests.cli.test_train import lines, next_of

PAGE = Path(__file__).parents[3] / "docs" / "wyoming.md"


def test_the_example_runs_against_the_verb(folder: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    block = r"^```python\n(.*?)^```\n\n```\n(.*?)^```$"
    ((code, said),) = re.findall(block, text, re.DOTALL | re.MULTILINE)
    arguments = ("wyoming", folder, "--uri", "tcp://127.0.0.1:0", "--user", "ana")
    with running(*arguments) as process:
        uri = next_of(lines(process.stdout)).split()[-1]
        code = code.replace("tcp://127.0.0.1:10400", uri)
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=60
        )
        assert done.stdout == said, done.stderr
        process.terminate()
        assert process.wait(60) == 0
