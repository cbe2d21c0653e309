"""When the server lets the log be learnt from."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from sayso import learned
from sayso.server import learning
from sayso.server.learning import _Schedule

HOUR = 3600.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / learned.LEARNED


def ran(folder: Path, ago_s: float) -> None:
    learned.note_run(folder)
    then = time.time() - ago_s
    os.utime(folder / learned.LAST, (then, then))


def waits(folder: Path) -> float:
    return _Schedule(folder.parent, 24 * HOUR)._wait_s(folder)


def test_the_hours_count_from_the_last_run_and_not_from_the_start(folder: Path) -> None:
    ran(folder, 20 * HOUR)
    assert waits(folder) == pytest.approx(4 * HOUR, abs=60)


def test_what_is_overdue_waits_until_the_server_has_come_up(folder: Path) -> None:
    ran(folder, 100 * HOUR)
    assert waits(folder) == learning.SETTLED_S


def test_a_clock_that_was_set_back_does_not_put_learning_off(folder: Path) -> None:
    ran(folder, -1000 * HOUR)
    assert waits(folder) <= 24 * HOUR


def test_where_nothing_was_learnt_yet_the_hours_count_from_the_first_start(folder: Path) -> None:
    schedule = _Schedule(folder.parent, 24 * HOUR)
    schedule.start()
    schedule.stop()
    assert learned.since_run(folder) is not None
