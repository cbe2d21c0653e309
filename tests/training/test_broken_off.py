"""A training that is broken off goes on where it ended, to the very bundle it would have made."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from sayso.encoders import Encoder
from sayso.errors import TrainingError
from sayso.training import train as module
from sayso.training.kept import NAME
from sayso.training.train import train
from sayso.types.lessons import Label, LabelSource
from tests.training.birds import birds, contents

PATIENCE_S = 120.0
MANY = 24


class StoppedError(Exception):
    """Somebody has pressed Ctrl-C."""


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.fixture(autouse=True)
def few_calibrated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CALIBRATED", 3)


def broken_off(folder: Path, encoder: Encoder, at: int, during: str = "fitting") -> None:
    """Six birds are to be trained; it ends when `at` of them are fitted, or written."""

    def tell(stage: str, done: int, total: int) -> None:
        if (stage, done) == (during, at):
            raise StoppedError

    with pytest.raises(StoppedError):
        train(birds(6), folder, encoder=encoder, progress=tell)


def told(folder: Path, encoder: Encoder, **how: Any) -> tuple[Path, list[str], list[int]]:
    """The version, what was remarked, and the numbers of the skills as they were fitted."""
    remarks: list[str] = []
    fitted: list[int] = []

    def tell(stage: str, done: int, total: int) -> None:
        if stage == "fitting":
            fitted.append(done)

    skills = how.pop("skills", birds(6))
    version = train(skills, folder, encoder=encoder, progress=tell, remark=remarks.append, **how)
    return version, remarks, fitted


def test_what_was_fitted_is_taken_over_and_the_bundle_is_the_same(
    tmp_path: Path, encoder: Encoder
) -> None:
    whole = train(birds(6), tmp_path / "whole", encoder=encoder)
    broken_off(tmp_path / "other", encoder, 4)
    version, remarks, fitted = told(tmp_path / "other", encoder)
    assert remarks == ["4 of 6 skills were fitted by a training before; going on."]
    assert fitted == [4, 5, 6]
    assert contents(version) == contents(whole)
    assert not (tmp_path / "other" / NAME).exists()


def test_broken_off_again_and_again_it_comes_to_an_end(tmp_path: Path, encoder: Encoder) -> None:
    for at in (2, 3, 5):
        broken_off(tmp_path, encoder, at)
    assert told(tmp_path, encoder)[2] == [5, 6]


def test_broken_off_while_it_writes_nothing_is_fitted_twice(
    tmp_path: Path, encoder: Encoder
) -> None:
    broken_off(tmp_path, encoder, 3, during="writing")
    assert not (tmp_path / "CURRENT").exists()
    assert told(tmp_path, encoder)[2] == [6]


def test_calibration_is_not_done_twice(tmp_path: Path, encoder: Encoder) -> None:
    broken_off(tmp_path, encoder, 1)
    stages = []
    train(birds(6), tmp_path, encoder=encoder, progress=lambda stage, *_: stages.append(stage))
    assert set(stages) == {"fitting", "writing"}


def test_a_fresh_training_takes_nothing_over(tmp_path: Path, encoder: Encoder) -> None:
    broken_off(tmp_path, encoder, 4)
    _, remarks, fitted = told(tmp_path, encoder, fresh=True)
    assert remarks == ["What a training before had fitted is discarded."]
    assert fitted == [1, 2, 3, 4, 5, 6]


def test_a_skill_that_changed_is_fitted_anew(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_sampled", lambda skills: [(skills[0], skills[0].languages[0])])
    broken_off(tmp_path / "other", encoder, 6)
    changed = [*birds(5), replace(birds(6)[5], name="A bird of another name")]
    version, _, fitted = told(tmp_path / "other", encoder, skills=changed)
    assert fitted == [5, 6]
    whole = train(changed, tmp_path / "whole", encoder=encoder)
    assert contents(version) == contents(whole)


def test_a_skill_of_which_the_log_teaches_more_is_fitted_anew(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_sampled", lambda skills: [(skills[0], skills[0].languages[0])])
    broken_off(tmp_path, encoder, 6)
    heard = Label("let me hear a robin", "robin", "Sing", "en-US", source=LabelSource.LOG)
    assert told(tmp_path, encoder, labels=[heard])[2] == [5, 6]


def test_the_order_of_what_was_written_counts(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_sampled", lambda skills: [(skills[0], skills[0].languages[0])])
    broken_off(tmp_path, encoder, 6)
    *others, last = birds(6)
    language = last.languages[0]
    turned = replace(language, intents=tuple(reversed(language.intents)))
    skills = [*others, replace(last, languages=[turned])]
    assert told(tmp_path, encoder, skills=skills)[2] == [5, 6]


def test_another_engine_discards_it_and_says_so(tmp_path: Path, encoder: Encoder) -> None:
    broken_off(tmp_path, encoder, 4)
    _, remarks, fitted = told(tmp_path, encoder, engine="maxent-crf")
    assert remarks == [
        "What a training before had fitted is discarded: it was made with engine shared and not "
        "maxent-crf."
    ]
    assert fitted == [1, 2, 3, 4, 5, 6]


def test_two_trainings_of_one_bundle_are_not_allowed(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sayso.training.kept.PATIENCE_S", 0.1)

    def again(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("fitting", 3):
            with pytest.raises(TrainingError, match="another training is under way; wait until"):
                train(birds(6), tmp_path, encoder=encoder)

    train(birds(6), tmp_path, encoder=encoder, progress=again)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_point_it_goes_on_to_the_same_bundle(tmp_path: Path, seed: int) -> None:
    whole = tmp_path / "whole"
    started(whole).wait(PATIENCE_S)
    (made,) = (whole / "versions").iterdir()
    most = (made / "000001.skills").stat().st_size
    folder, chance = tmp_path / "killed", Random(seed)
    for share in sorted(chance.uniform(0.0, 0.7) for _ in range(3)):
        process = started(folder)
        until(lambda: size_of(folder / NAME) > share * most or process.poll() is not None)  # noqa: B023
        process.kill()
        process.wait()
    assert not (folder / "CURRENT").exists()
    assert started(folder).wait(PATIENCE_S) == 0
    (version,) = (folder / "versions").iterdir()
    assert contents(version) == contents(made)
    assert not (folder / NAME).exists()


def started(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.training.birds", str(folder), str(MANY)]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2])


def size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.002)
