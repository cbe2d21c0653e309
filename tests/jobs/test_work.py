from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sayso.errors import LearningError
from sayso.jobs.work import Run, running

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER = datetime(2026, 3, 2, tzinfo=UTC)
ABOUT = {"days": 90}


class Killed(BaseException):
    """What no run expects."""


def broken_off(folder: Path) -> None:
    """A run that did one step, kept something, and died in the next."""
    with pytest.raises(Killed):
        _one_step(folder)


def _one_step(folder: Path) -> None:
    with running(folder, ABOUT, NOW) as run:
        run.step("first", lambda: run.write_json("first", [1, 2]), lambda: None)
        raise Killed


def first(run: Run) -> str:
    return run.step("first", lambda: "made", lambda: "kept")


def test_a_run_that_is_over_leaves_nothing(tmp_path: Path) -> None:
    with running(tmp_path, ABOUT, NOW) as run:
        assert first(run) == "made"
        run.write_json("thing", {})
    assert [path.name for path in (tmp_path / "work").iterdir()] == [".lock"]


def test_one_that_was_broken_off_goes_on_where_it_was_and_when_it_began(tmp_path: Path) -> None:
    broken_off(tmp_path)
    with running(tmp_path, ABOUT, LATER) as run:
        assert run.resumed
        assert first(run) == "kept"
        assert run.read_json("first") == [1, 2]
        assert run.now == NOW
        assert run.step("second", lambda: "made", lambda: "kept") == "made"


def test_a_run_about_something_else_begins_anew(tmp_path: Path) -> None:
    broken_off(tmp_path)
    with running(tmp_path, {"days": 30}, LATER) as run:
        assert not run.resumed
        assert first(run) == "made"
        assert not (run.folder / "first.json").exists()


def test_a_step_that_fails_is_not_done(tmp_path: Path) -> None:
    def fail() -> str:
        raise Killed

    with pytest.raises(Killed), running(tmp_path, ABOUT, NOW) as run:
        run.step("first", fail, fail)
    with running(tmp_path, ABOUT, NOW) as run:
        assert first(run) == "made"


def test_a_damaged_note_begins_anew(tmp_path: Path) -> None:
    broken_off(tmp_path)
    (tmp_path / "work" / "run.json").write_text("{")
    with running(tmp_path, ABOUT, NOW) as run:
        assert first(run) == "made"


def test_a_full_disk_is_told_with_what_goes_on(tmp_path: Path) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    with (
        pytest.raises(LearningError, match=r"No space left .* still serves"),
        running(tmp_path, ABOUT, NOW) as run,
    ):
        run.step("first", full, full)
    with running(tmp_path, ABOUT, NOW) as run:
        assert run.resumed


def test_what_cannot_be_read_back_says_what_to_remove(tmp_path: Path) -> None:
    with pytest.raises(LearningError, match="learn again"), running(tmp_path, ABOUT, NOW) as run:
        run.read_json("nothing")
