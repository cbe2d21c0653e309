"""`sayso learn`: what it says, where its report lies, what it needs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("ibis", reason="Ibis is not installed: sayso[learn]")

from tests.cli.conftest import Sayso
from tests.events.logs import write
from tests.jobs.test_learn import SAID, misheard


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write(tmp_path / "log.parquet", misheard(20))


def test_it_says_what_was_learnt_and_where_the_report_is(
    home: Path, sayso: Sayso, log: Path
) -> None:
    result = sayso("learn", home, "--log", log)
    assert result.code == 0, result.err
    said = " ".join(result.out.split())
    assert "60 turns of 40 people" in said
    assert "1 new rewrites; 1 canary" in said
    (report,) = (home / "learned/versions").glob("*/report.md")
    assert "report.md" in said
    assert SAID in report.read_text()


def test_programs_get_the_report(home: Path, sayso: Sayso, log: Path) -> None:
    told = sayso("learn", home, "--log", log, "--json").json
    assert told["turns"] == 60
    assert [each["day"] for each in told["days"]] == ["2026-05-04"]
    assert told["behind"][0]["people"] == 20


def test_a_home_where_nobody_spoke_says_so(home: Path, sayso: Sayso) -> None:
    result = sayso("learn", home)
    assert result.out.strip() == "The log is empty: nothing to learn from."


def test_without_the_extra_it_says_what_to_install(
    home: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sayso.jobs.learn", None)
    result = sayso("learn", home)
    assert result.code != 0
    assert "sayso[learn]" in result.err
