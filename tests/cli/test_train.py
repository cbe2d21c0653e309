"""train and train --watch, undisturbed, disturbed and killed."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any

from sayso import bundle
from sayso.runtime.home import Home
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
