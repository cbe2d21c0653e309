"""docs/hermes.md says what is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from sayso.protocols.hermes import messages, said
from sayso.protocols.hermes.broker import Address
from tests.cli.conftest import running
from tests.cli.test_train import lines, next_of

PAGE = Path(__file__).parents[3] / "docs" / "hermes.md"


def test_the_example_runs_against_the_verb(folder: Path, broker: Address) -> None:
    text = PAGE.read_text(encoding="utf-8")
    block = r"^```python\n(.*?)^```\n\n```\n(.*?)^```$"
    ((code, expected),) = re.findall(block, text, re.DOTALL | re.MULTILINE)
    with running("hermes", folder, "--port", broker.port, "--user", "ana") as process:
        assert "Sayso listens on the broker" in next_of(lines(process.stdout))
        code = code.replace("1883", str(broker.port))
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=60
        )
        assert done.stdout == expected, done.stderr
        process.terminate()
        assert process.wait(60) == 0


def test_every_topic_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8").replace("<id>", "+")
    for module in (messages, said):
        for name, topic in vars(module).items():
            if name.isupper() and isinstance(topic, str) and topic.startswith("hermes/"):
                assert topic in text or f"`{topic.rpartition('/')[2]}`" in text, topic
