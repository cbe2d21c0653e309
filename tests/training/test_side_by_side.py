"""The same work on many things, one process a core."""

from __future__ import annotations

import os
import signal
from types import MappingProxyType

import pytest

from sayso.errors import SkillError, TrainingError
from sayso.training import side_by_side as module
from sayso.training.side_by_side import LITTLE, side_by_side

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_cores", lambda: 2)


def test_results_come_in_the_order_of_the_work() -> None:
    assert list(side_by_side(lambda at: at * at, 50, lessons=LITTLE)) == [x * x for x in range(50)]


def test_much_work_is_done_by_other_processes_and_little_is_done_here() -> None:
    here = os.getpid()
    much = set(side_by_side(lambda _: os.getpid(), 20, lessons=LITTLE))
    little = set(side_by_side(lambda _: os.getpid(), 20, lessons=LITTLE - 1))
    assert here not in much
    assert little == {here}


def test_what_is_read_only_comes_back_read_only() -> None:
    (one, _) = side_by_side(lambda at: MappingProxyType({"at": at}), 2, lessons=LITTLE)
    assert isinstance(one, MappingProxyType)
    assert one == {"at": 0}


def test_what_the_work_raises_is_raised_here() -> None:
    def work(at: int) -> int:
        raise SkillError(f"skill {at}: wrong", "and wrong again")

    with pytest.raises(SkillError, match="skill 0: wrong") as caught:
        list(side_by_side(work, 2, lessons=LITTLE))
    assert caught.value.problems == ("skill 0: wrong", "and wrong again")


def test_a_process_that_is_killed_is_told_of() -> None:
    with pytest.raises(TrainingError, match="memory"):
        list(side_by_side(lambda _: os.kill(os.getpid(), signal.SIGKILL), 2, lessons=LITTLE))
