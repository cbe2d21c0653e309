"""A real server on a real home: workers, live changes, and the ways to stop."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

import sayso
from sayso.errors import HomeError
from sayso.server.serve import serve
from sayso.stores.store import Store

pytestmark = pytest.mark.slow

SLEEPER = """
id: sleeper
name: Sleeper
invocation: sleeper
locale: en-US
intents:
  Sleep:
    samples: [take a nap, sleep for a while, have a rest, doze off a little]
fulfilment:
  python: handler:handle
"""
HANDLER = """
import time

def handle(request):
    time.sleep(1.5)
    return "Slept well."
"""
GONG = """
id: gong
name: Gong
invocation: gong
locale: en-US
intents:
  Strike:
    samples: [strike the gong, let the gong ring, make it sound like bronze]
fulfilment:
  python: handler:handle
"""
GONG_HANDLER = """
from sayso.fulfilment.handler import Announce, Response

def handle(request):
    return Response("Wait for it.", announce=[Announce("gong", "Gong!", in_s=0.1)])
"""
SERVE = """
import sys
from pathlib import Path
from sayso.server.serve import serve

serve(Path(sys.argv[1]), port=int(sys.argv[2]), workers=int(sys.argv[3]))
"""
GREETER: dict[str, Any] = {
    "name": "Greeter",
    "invocation": "greeter",
    "locale": "en-US",
    "intents": {"Greet": {"samples": ["good morning to you", "say hello to me", "greet me"]}},
    "fulfilment": {"replies": {"Greet": ["Good morning."]}},
}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a skill that takes its time and one that speaks by itself."""
    home = tmp_path_factory.mktemp("trained")
    for name, skill, handler in (("sleeper", SLEEPER, HANDLER), ("gong", GONG, GONG_HANDLER)):
        folder = home / "skills" / name
        folder.mkdir(parents=True)
        (folder / "skill.yaml").write_text(skill)
        (folder / "handler.py").write_text(handler)
    (home / "sayso.toml").write_text("format = 1\n[fulfilment]\nworkers = 1\n")
    sayso.train(sayso.read_skills(home / "skills"), home / "bundle")
    return home


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    """A copy of its own for a test that changes it."""
    return Path(shutil.copytree(trained, tmp_path / "home"))


class Server:
    """A server in a process of its own, and all that it said."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(folder), "0", str(workers)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        self.url = self.said.split()[-1] if "http://" in self.said else ""

    def pids(self) -> set[int]:
        """Workers that answer; a new connection each time, so that any may.

        Two at most. On a busy machine one of them may take many connections in a row.
        """
        found: set[int] = set()
        for tries in range(400):
            if tries >= 20 and len(found) > 1:
                break
            found.add(httpx.get(f"{self.url}/healthz", timeout=20).json()["pid"])
        return found

    def turn(self, text: str, **rest: Any) -> httpx.Response:
        body = {"text": text, "user": "ana", **rest}
        return httpx.post(f"{self.url}/v1/turns", json=body, timeout=20)

    def all_said(self) -> str:
        """Everything up to its end."""
        assert self.process.stdout is not None
        with self.process.stdout as rest:
            return self.said + rest.read()

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(20)


@contextmanager
def served(folder: Path, workers: int = 1) -> Iterator[Server]:
    server = Server(folder, workers)
    assert server.url, server.all_said()
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
        said = server.all_said()
        assert "Traceback" not in said, said


def logged(folder: Path) -> list[str]:
    """What was said in each turn of the log."""
    with Store.open("sqlite:///sayso.db", folder) as store:
        return [turn.reply.speech for turn in store.interactions()]


def sample(page: str, name: str, **labels: str) -> float:
    return next(
        each.value
        for family in text_string_to_metric_families(page)
        for each in family.samples
        if each.name == name and labels.items() <= each.labels.items()
    )


def test_change_by_put_reaches_every_worker_and_metrics_add_up(folder: Path) -> None:
    with served(folder, workers=2) as server:
        assert len(server.pids()) == 2
        put = httpx.put(f"{server.url}/v1/skills/greeter", json=GREETER, timeout=20)
        assert put.status_code == 200, put.text
        for _ in range(20):  # a connection each: both workers answer some
            assert server.turn("say hello to me").json()["speech"] == "Good morning."
        page = httpx.get(f"{server.url}/metrics").text
        assert sample(page, "sayso_turns_total", outcome="act") == 20
        assert sample(page, "sayso_skills_installed") == 3
        resident = {
            each.labels["pid"]
            for family in text_string_to_metric_families(page)
            for each in family.samples
            if each.name == "process_resident_memory_bytes"
        }
        assert resident == {str(pid) for pid in server.pids()}
        assert httpx.delete(f"{server.url}/v1/skills/greeter", timeout=20).status_code == 204
        for _ in range(20):
            decision = server.turn("say hello to me").json()["decision"]
            assert (decision["chosen"] or {}).get("skill") != "greeter"
    assert len(logged(folder)) == 40


@pytest.mark.parametrize("workers", [1, 2])
def test_turn_that_has_begun_is_answered_and_logged_when_the_server_stops(
    folder: Path, workers: int
) -> None:
    with served(folder, workers) as server, ThreadPoolExecutor(1) as person:
        turn = person.submit(server.turn, "take a nap")
        time.sleep(0.7)
        assert server.stop() == 0
        assert turn.result().json()["speech"] == "Slept well."
        with pytest.raises(httpx.ConnectError):
            server.turn("take a nap")
    assert logged(folder) == ["Slept well."]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_open_streams_do_not_hold_up_the_stop(folder: Path, how: int) -> None:
    with (
        served(folder, workers=2) as server,
        httpx.Client(timeout=10) as client,
        client.stream("GET", f"{server.url}/v1/events") as stream,
    ):
        lines = stream.iter_lines()
        next(lines)
        began = time.monotonic()
        assert server.stop(how) == 0
        assert time.monotonic() - began < 5
        list(lines)  # it was ended, not cut off


def test_what_a_skill_says_by_itself_reaches_the_device_once(folder: Path) -> None:
    with served(folder, workers=2) as server, httpx.Client(timeout=10) as client:
        url = f"{server.url}/v1/events?user=ana"
        with client.stream("GET", url, headers={"Last-Event-ID": "0"}) as stream:
            server.turn("strike the gong", device={"id": "hall"})
            data = next(line for line in stream.iter_lines() if line.startswith("data"))
            assert "Gong!" in data
        with client.stream("GET", url, headers={"Last-Event-ID": "0"}) as stream:
            assert data in stream.iter_lines()
        server.turn("strike the gong")
        with client.stream("GET", url, headers={"Last-Event-ID": "1"}) as stream:
            assert next(line for line in stream.iter_lines() if "id: " in line) == "id: 2"


def test_repeated_key_acts_once_whichever_worker_hears_it(folder: Path) -> None:
    with served(folder, workers=2) as server:
        replies = [server.turn("strike the gong", idempotency_key="k").json() for _ in range(10)]
    assert {reply["speech"] for reply in replies} == {"Wait for it."}
    assert len(logged(folder)) == 1


def test_worker_that_dies_is_replaced(folder: Path) -> None:
    with served(folder, workers=2) as server:
        before = server.pids()
        os.kill(min(before), signal.SIGKILL)
        deadline = time.monotonic() + 20
        while len(after := server.pids()) < 2:  # the other one answers meanwhile
            assert time.monotonic() < deadline
        assert len(after & before) == 1


def test_workers_leave_when_their_parent_is_killed(folder: Path) -> None:
    with served(folder, workers=2) as server:
        family = psutil.Process(server.process.pid).children(recursive=True)
        server.stop(signal.SIGKILL)
        _, alive = psutil.wait_procs(family, timeout=10)
        assert alive == []


@pytest.mark.parametrize("workers", [1, 2])
def test_home_that_cannot_be_opened_is_told_of_and_not_tried_for_ever(
    folder: Path, workers: int
) -> None:
    shutil.rmtree(folder / "bundle")
    server = Server(folder, workers)
    said = server.all_said()
    assert server.process.wait(20) == 1
    assert "sayso train" in said.splitlines()[-1]


def test_port_in_use_is_a_clear_error(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        for workers in (1, 2):
            with pytest.raises(HomeError, match=f"cannot listen on 127.0.0.1:{port}"):
                serve(folder, port=port, workers=workers)


def test_open_door_without_keys_is_refused(folder: Path) -> None:
    with pytest.raises(HomeError, match="sayso key home"):
        serve(folder, host="0.0.0.0")
