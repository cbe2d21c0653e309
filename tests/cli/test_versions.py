"""`sayso versions` and `sayso rollback`: what was trained before, and the way back."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Sayso


def test_the_version_that_serves_is_marked(home: Path, sayso: Sayso) -> None:
    (only,) = sayso("versions", home, "--json").json
    assert only["serves"]
    listed = sayso("versions", home)
    assert listed.code == 0
    assert f"* {only['name']}" in " ".join(listed.out.split())


def test_a_new_training_can_be_taken_back(home: Path, sayso: Sayso) -> None:
    (before,) = sayso("versions", home, "--json").json
    assert sayso("train", home).code == 0
    back = sayso("rollback", home)
    assert back.code == 0
    assert f"{before['name']} serves" in back.out
    there = sayso("versions", home, "--json").json
    assert [one["serves"] for one in there] == [False, True]
    assert sayso("rollback", home, there[0]["name"], "--json").json == {"serves": there[0]["name"]}


def test_without_a_version_before_nothing_changes(home: Path, sayso: Sayso) -> None:
    refused = sayso("rollback", home)
    assert refused.code != 0
    assert "there is no version before the one that serves" in refused.err
    assert sayso("versions", home, "--json").json[0]["serves"]
