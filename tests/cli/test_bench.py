"""What `sayso bench` prints."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from sayso.cli.app import app
from sayso.evaluation import scale

pytestmark = pytest.mark.slow


@pytest.fixture
def few_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "ASKED", 60)


def test_an_index_alone_tells_what_it_costs_and_loses(few_questions: None) -> None:
    done = CliRunner().invoke(
        app, ["bench", "selection", "--skills", "600", "--index-only", "--json"]
    )
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert {"p50_ms", "p99_ms", "resident_mb", "recall_kept", "growth"} <= found.keys()
    assert 0.9 <= found["recall_kept"] <= 1.1
    assert [each["skills"] for each in found["curve"]] == [600]
    assert "decision_p99_ms" not in found


def test_trained_skills_are_decided_among_and_added_to(few_questions: None) -> None:
    done = CliRunner().invoke(app, ["bench", "selection", "--skills", "500", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["decision_p99_ms"] > 0
    assert found["add_ms"] > 0
    assert found["train_s"] > 0


def test_too_few_skills_are_refused() -> None:
    done = CliRunner().invoke(app, ["bench", "selection", "--skills", "3"])
    assert done.exit_code == 2
