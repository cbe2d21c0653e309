"""demo, on an example small enough for a test; tests/examples plays the real conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.cli import demo
from tests.cli.conftest import Sayso
from tests.cli.homes import SCRIPT


@pytest.fixture
def example(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (home / "conversation.yaml").write_text(SCRIPT)
    monkeypatch.setattr(demo, "example_home", lambda: home)
    return home


def test_demo_plays_the_conversation_and_ends_without_a_terminal(
    example: Path, sayso: Sayso
) -> None:
    result = sayso("demo")
    assert result.code == 0, result.err
    assert "ana> strike the gong\n  Bong.\n  gong.Strike" in result.out
    assert "  [gong] Echo!\nana> how often was the gong struck\n" in result.out
    assert " ms" in result.out
    assert "Your turn" not in result.out
    assert "calibrating" in result.err


def test_demo_leaves_what_the_example_has_learnt_behind(
    example: Path, tmp_path: Path, sayso: Sayso
) -> None:
    sayso("say", example, "strike the gong")
    steps = sayso("demo", "--keep", tmp_path / "kept", "--json").json
    assert [step["reply"]["speech"] for step in steps] == ["Bong.", "It was struck 1 times."]
    assert [step["problems"] for step in steps] == [[], []]
    assert sayso("say", tmp_path / "kept", "strike the gong").code == 0
    assert "exists" in sayso("demo", "--keep", tmp_path / "kept").err


def test_the_example_home_is_found() -> None:
    assert (demo.example_home() / demo.SCRIPT).is_file()
