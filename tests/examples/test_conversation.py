"""The conversation that `sayso demo` plays: every line comes to what it expects."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sayso.encoders import Encoder
from sayso.evaluation.script import play, read_script
from sayso.runtime.home import Home
from sayso.skills import read_skills
from sayso.training.train import train
from sayso.understanding.fold import fold
from tests.examples.skill import HOME

SCRIPT = read_script(HOME / "conversation.yaml")


def test_the_conversation_is_long_varied_and_hardly_ever_a_sample() -> None:
    assert len(SCRIPT.lines) >= 40
    assert len({line.expect.get("skill") for line in SCRIPT.lines} - {None}) >= 14
    assert {line.expect.get("outcome") for line in SCRIPT.lines} == {"act", "ask", "abstain"}
    skills = read_skills(HOME / "skills")
    samples = {
        fold(sample)
        for skill in skills
        for language in skill.languages
        for intent in language.intents
        for sample in intent.samples
    }
    known = [line.say for line in SCRIPT.lines if fold(line.say) in samples]
    assert len(known) <= 3, known


@pytest.mark.slow
def test_every_line_of_the_conversation_comes_to_what_it_expects(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(HOME, home, ignore=shutil.ignore_patterns("bundle", "data", "*.db*"))
    train(read_skills(home / "skills"), home / "bundle", encoder=Encoder.load(threads=2))
    with Home.open(home) as opened:
        wrong = [
            f'"{step.line.say}": {"; ".join(step.problems)}'
            for step in play(opened, SCRIPT)
            if step.problems
        ]
    assert wrong == []
