"""What Sayso costs a machine: disk, start-up, a server worker's memory.

    python -m benchmarks.footprint --write

Installs the project from this folder into a fresh virtual environment, as the README's first
command does, and measures that environment alone. Disk is what the environment grew by, counted in
bytes of content (`content_mb`) and in the blocks they take (`disk_mb`). The worker serves the
example home; its memory is read after turns over HTTP, without and with the processes of its
Python back-ends.
"""

from __future__ import annotations

import argparse
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from benchmarks.hardware import write_result

ROOT = Path(__file__).resolve().parents[1]
STARTS = 15
TURNS = 100
PATIENCE_S = 60.0
MB = 1e6

# Said in turn, so that every kind of back-end has been called when memory is read.
SAID = (
    "set a timer for five minutes",
    "wake me at half past six",
    "turn on the kitchen light",
    "add milk to my shopping list",
    "what's the weather like in lisbon",
    "how many feet are in a mile",
    "roll two dice",
    "remind me to water the plants tomorrow at nine",
    "tell me a fact",
    "play some music",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write results/footprint.json")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sayso-footprint-") as scratch:
        result = measure(Path(scratch))
    print(json.dumps(result, indent=2))
    if arguments.write:
        write_result("footprint", result)


def measure(scratch: Path) -> dict[str, Any]:
    environment = scratch / "environment"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    programs = environment / "bin"
    before = size(environment)
    subprocess.run(
        [programs / "pip", "install", "--quiet", "--disable-pip-version-check", ROOT], check=True
    )
    after = size(environment)
    return {
        "install": {name: round(after[name] - before[name], 1) for name in after},
        "import_s": starts([programs / "python", "-c", "import sayso"], scratch),
        "help_s": starts([programs / "sayso", "--help"], scratch),
        "worker": worker(programs, scratch),
    }


def size(folder: Path) -> dict[str, float]:
    """Megabytes below a folder: of content, and of the blocks that hold it."""
    files = [path.lstat() for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()]
    return {
        "content_mb": sum(file.st_size for file in files) / MB,
        "disk_mb": sum(file.st_blocks * 512 for file in files) / MB,
    }


def starts(command: Sequence[str | Path], scratch: Path) -> dict[str, float]:
    """Seconds of fresh processes, from start to exit; one that warms the disk cache is left out."""
    times = []
    for _ in range(STARTS + 1):
        started = time.perf_counter()
        subprocess.run(command, check=True, cwd=scratch, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - started)
    return {"best": round(min(times[1:]), 3), "median": round(median(times[1:]), 3)}


def worker(programs: Path, scratch: Path) -> dict[str, Any]:
    """Resident memory of one server process after turns on the example home."""
    home = scratch / "home"
    demo: list[str | Path] = [programs / "sayso", "demo", "--json", "--keep", home]
    subprocess.run(demo, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    with served(programs, home) as (process, url):
        idle = resident(process)
        for i in range(TURNS):
            say(url, SAID[i % len(SAID)], conversation=f"c{i % 7}")
        children = process.children(recursive=True)
        return {
            "turns": TURNS,
            "idle_mb": round(idle, 1),
            "after_turns_mb": round(resident(process), 1),
            "backends": len(children),
            "backends_mb": round(sum(map(resident, children)), 1),
        }


@contextmanager
def served(programs: Path, home: Path) -> Iterator[tuple[psutil.Process, str]]:
    """A server with one worker on a free port; its process and its URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command: list[str | Path] = [programs / "sayso", "serve", home, "--port", str(port)]
    command += ["--workers", "1"]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(url, server)
            yield psutil.Process(server.pid), url
        finally:
            server.send_signal(signal.SIGTERM)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise SystemExit("the server did not start; run it by hand: sayso serve")


def say(url: str, text: str, conversation: str) -> None:
    body = json.dumps({"text": text, "user": "ana", "conversation": conversation}).encode()
    request = urllib.request.Request(f"{url}/v1/turns", body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=30).close()


def resident(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / MB


if __name__ == "__main__":
    main()
