"""train and train --watch, undisturbed, disturbed and killed."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from types import SimpleNamespace
from typing import IO, Any

import pytest

from sayso import bundle
from sayso.cli.train import outcome
from sayso.runtime.home import Home
from sayso.training import kept
from tests.cli.conftest import SAYSO, Sayso, running

PATIENCE_S = 60.0


def test_train_says_what_serves(home: Path, sayso: Sayso) -> None:
    result = sayso("train", home)
    assert result.code == 0
    assert "Trained 2 skills in" in result.out
    assert bundle.current(home / "bundle").name in result.out
    for stage in ("listening", "calibrating", "fitting"):
        assert stage in result.err


def test_train_as_json_keeps_quiet_besides(home: Path, sayso: Sayso) -> None:
    result = sayso("train", home, "--json")
    assert result.json["skills"] == 2
    assert result.json["version"] == bundle.current(home / "bundle").name
    assert result.err == ""


@pytest.mark.usefixtures("no_torch")
def test_finetune_without_torch_names_the_extra_and_trains_nothing(
    home: Path, sayso: Sayso
) -> None:
    before = bundle.current(home / "bundle")
    result = sayso("train", home, "--finetune")
    assert result.code == 2
    assert "is not installed; run: pip install 'sayso[train]'" in result.err
    assert bundle.current(home / "bundle") == before


def test_finetune_says_of_each_skill_what_came_of_it(home: Path, sayso: Sayso) -> None:
    pytest.importorskip("torch", reason="torch is not installed: sayso[train]")
    pytest.importorskip("onnx", reason="onnx is not installed: sayso[train]")
    said = "gong (en-US): has the shared layers: fewer than 300 written samples"
    assert said in sayso("train", home, "--finetune").out
    trials = sayso("train", home, "--finetune", "--json").json["finetuned"]
    assert {(x["skill"], x["kept"]) for x in trials} >= {("gong", False)}


def test_what_fine_tuning_came_to_is_said_in_words() -> None:
    trial: Any = SimpleNamespace(
        skill="gong", locale="en-US", held_out=120, before=100, after=110, seconds=61.2, lack=""
    )
    found = "of 120 samples held out 110 are read rightly, 100 with the shared layers (61 s)"
    made: Any = SimpleNamespace
    said = {kept: outcome(made(kept=kept, **vars(trial))) for kept in (True, False)}
    assert said[True] == f"gong (en-US): layers of its own: {found}"
    assert said[False] == f"gong (en-US): keeps the shared layers: {found}"


def test_a_home_without_skills_says_how_to_get_one(home: Path, sayso: Sayso) -> None:
    shutil.rmtree(home / "skills")
    (home / "skills").mkdir()
    result = sayso("train", home)
    assert result.code == 2
    assert "no skills; write one or run: sayso import" in result.err


def test_killed_in_the_middle_of_training_the_old_bundle_serves(home: Path, sayso: Sayso) -> None:
    before = bundle.current(home / "bundle")
    with subprocess.Popen([*SAYSO, "train", str(home)], stderr=subprocess.DEVNULL) as process:
        until(lambda: locked(home))
        process.kill()
    assert bundle.current(home / "bundle") == before
    assert sayso("say", home, "strike the gong").code == 0
    assert sayso("train", home).code == 0
    assert bundle.current(home / "bundle") != before


def test_a_training_beside_another_is_refused_at_once(
    home: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "PATIENCE_S", 0.1)
    with bundle.alone(home), kept.Kept(home / "bundle", {}, lambda said: None):
        result = sayso("train", home)
    assert result.code == 2
    assert "another training is under way; wait until it is done" in result.err
    assert sayso("train", home).code == 0


def test_a_training_says_what_it_takes_over_and_fresh_takes_nothing(
    home: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept.Kept, "remove", lambda self: None)  # as if it had never ended
    sayso("train", home)
    assert "2 of 2 skills were fitted by a training before; going on." in sayso("train", home).err
    assert "is discarded." in sayso("train", home, "--fresh").err


def test_finetune_does_not_go_with_a_cluster(home: Path, sayso: Sayso) -> None:
    pytest.importorskip("torch", reason="torch is not installed: sayso[train]")
    result = sayso("train", home, "--finetune", "--cluster", "tcp://127.0.0.1:9")
    assert result.code == 2
    assert "--finetune works on one machine; leave out --cluster" in result.err


def test_a_cluster_without_dask_names_the_extra(
    home: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = sayso("train", home, "--cluster", "tcp://127.0.0.1:9")
    assert result.code == 2
    assert "distributed is not installed; run: pip install 'sayso[cluster]'" in result.err


def test_watch_learns_the_skill_whose_file_changed_and_outlives_a_broken_one(home: Path) -> None:
    gong = home / "skills" / "gong" / "skill.yaml"
    with running("train", home, "--watch", "--json") as process, Home.open(home) as opened:
        out, err = lines(process.stdout), lines(process.stderr)
        assert json.loads(next_of(out))["skills"] == 2
        assert next_of(err).startswith("Watching")
        before = bundle.read(home / "bundle").places
        wait_for_the_watcher()

        good = gong.read_text()
        gong.write_text(good.replace("- strike the gong", "- bang the tam tam"))
        change = json.loads(next_of(out))
        assert change["skill"] == "gong"
        assert opened.turn("bang the tam tam").speech == "Bong."
        places = bundle.read(home / "bundle").places
        assert {k for k in places if places[k].digest != before[k].digest} == {"gong"}

        gong.write_text("name: [broken\n")
        assert "gong/skill.yaml:" in next_of(err)
        assert opened.turn("bang the tam tam").speech == "Bong."

        gong.write_text(good)
        assert json.loads(next_of(out))["skill"] == "gong"
        assert opened.turn("strike the gong").speech == "Bong."

        shutil.rmtree(gong.parent)
        assert json.loads(next_of(out)) | {"seconds": 0} == {
            "skill": "gong",
            "version": None,
            "seconds": 0,
        }
        assert [skill.id for skill in opened.skills()] == ["greeter"]


def wait_for_the_watcher() -> None:
    """The kernel's watch begins a moment after it is announced; nothing tells when."""
    time.sleep(0.5)


def locked(home: Path) -> bool:
    """Whether a training is under way."""
    with (home / ".lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        return False


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def lines(stream: IO[str] | None) -> Queue[str]:
    """The lines of a stream as they come."""
    assert stream is not None
    read: Queue[str] = Queue()

    def pump() -> None:
        for line in stream:
            read.put(line)

    Thread(target=pump, daemon=True).start()
    return read


def next_of(read: Queue[str]) -> Any:
    try:
        return read.get(timeout=PATIENCE_S)
    except Empty:
        raise AssertionError("nothing came") from None
