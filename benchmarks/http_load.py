"""How many turns a second two workers answer on this machine, and how long a turn takes.

    python -m benchmarks.http_load HOME --write

HOME is a trained home; a copy of it is served, so that its own log stays as it is. The load comes
from one process beside the workers, over loopback, and says what the home's skills understand:
samples with their slots filled, from many people at once, each waiting for his answer before he
goes on.

Two runs: `open` sends turns at a set rate, whatever the answers do, and counts a turn's time from
the moment it was due, so that a server that falls behind cannot hide it; `closed` keeps a few
people talking without a pause and shows the most that the machine gives. After each run the log is
counted: every turn that was answered must be there, under its idempotency key.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.hardware import write_result
from sayso.skills import read_skills
from sayso.skills.labels import labels
from sayso.stores.store import Store

EVERYTHING = 10_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("home", type=Path, help="a trained home")
    parser.add_argument("--rate", type=float, default=160, help="turns a second (open)")
    parser.add_argument("--seconds", type=float, default=30, help="length of a run")
    parser.add_argument("--people", type=int, default=64, help="connections (open)")
    parser.add_argument("--busy", type=int, default=4, help="connections (closed)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="write results/http.json")
    given = parser.parse_args()
    texts = sentences(given.home)
    with tempfile.TemporaryDirectory() as temporary:
        home = copy(given.home, Path(temporary) / "home")
        result = measure(home, texts, given)
    print(json.dumps(result, indent=2))
    if given.write:
        write_result("http", result)
    runs = (result["open"], result["closed"])
    if any(run["errors"] or run["logged"] != run["turns"] for run in runs):
        sys.exit("a turn failed or is not in the log")


def sentences(home: Path, each: int = 40) -> list[str]:
    """What people may say here: up to `each` texts a skill, in an order that mixes the skills."""
    said = [
        label.text
        for skill in read_skills(home / "skills")
        for label in labels(skill, skill.locales[0], per_sample=1, limit=each)
    ]
    random.Random(0).shuffle(said)
    return said


def copy(home: Path, to: Path) -> Path:
    """The home without its log and without what its skills have kept."""
    keep = ("sayso.toml", "skills", "bundle")
    return Path(
        shutil.copytree(
            home,
            to,
            ignore=lambda at, names: [
                name for name in names if Path(at) == home and name not in keep
            ],
        )
    )


def measure(home: Path, texts: Sequence[str], given: argparse.Namespace) -> dict[str, Any]:
    with served(home, given.workers) as url:
        load(url, texts, "warm", people=given.busy, seconds=3)
        even = load(url, texts, "open", people=given.people, seconds=given.seconds, rate=given.rate)
        full = load(url, texts, "closed", people=given.busy, seconds=given.seconds)
        resident = told_by_workers(url, "process_resident_memory_bytes")
    keys = logged(home)
    return {
        "at": time.strftime("%Y-%m-%d"),
        "workers": given.workers,
        "sentences": len(texts),
        "open": {"rate": given.rate, "people": given.people, **even.told(keys)},
        "closed": {"people": given.busy, **full.told(keys)},
        "worker_resident_mb": [round(held / 1e6, 1) for held in resident],
    }


@contextmanager
def served(home: Path, workers: int) -> Iterator[str]:
    """The URL of a server in processes of its own."""
    command = [sys.executable, "-m", "sayso", "serve", str(home), "--port", "0"]
    server = subprocess.Popen(
        [*command, "--workers", str(workers)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        said = server.stdout.readline().split()
        if not said:
            sys.exit("the server did not start; is the home trained?")
        yield said[-1]
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


@dataclass
class Run:
    """What came of a run: a time for every turn answered, in ms, and everything that went wrong.

    cpu_s: of the workers; skills' own processes come on top.
    """

    name: str
    took_ms: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    cpu_s: float = 0.0

    def told(self, keys: Sequence[str]) -> dict[str, Any]:
        """The run as it stands in the results; keys: of all turns in the log."""
        took = sorted(self.took_ms)
        return {
            "seconds": round(self.seconds, 1),
            "turns": len(took),
            "turns_per_s": round(len(took) / self.seconds, 1),
            **{f"p{n}_ms": round(took[int(len(took) * n / 100)], 1) for n in (50, 90, 99)},
            "max_ms": round(took[-1], 1),
            "worker_cpu_ms_per_turn": round(self.cpu_s / len(took) * 1000, 2),
            "errors": sum(self.errors.values()),
            **({"error_kinds": dict(self.errors)} if self.errors else {}),
            "outcomes": dict(self.outcomes),
            "logged": sum(key.startswith(f"{self.name}-") for key in keys),
        }


def load(
    url: str,
    texts: Sequence[str],
    name: str,
    *,
    people: int,
    seconds: float,
    rate: float | None = None,
) -> Run:
    """Talk for some seconds: `rate` turns a second, or without a pause where it is None."""
    run = Run(name)
    before = sum(told_by_workers(url, "process_cpu_seconds_total"))
    began = time.perf_counter()
    asyncio.run(_talk(url, texts, run, people, seconds, rate))
    run.seconds = time.perf_counter() - began
    run.cpu_s = sum(told_by_workers(url, "process_cpu_seconds_total")) - before
    return run


async def _talk(
    url: str, texts: Sequence[str], run: Run, people: int, seconds: float, rate: float | None
) -> None:
    place = urlsplit(url)
    assert place.hostname
    assert place.port
    due = _moments(seconds, rate)
    await asyncio.gather(
        *(_person(place.hostname, place.port, texts, run, due, who) for who in range(people))
    )


def _moments(seconds: float, rate: float | None) -> Iterator[tuple[int, float]]:
    """Number and due time of each turn; whoever is free takes the next one."""
    began = time.perf_counter()
    number = 0
    while True:
        now = time.perf_counter()
        due = began + number / rate if rate else now
        if due - began >= seconds:
            return
        yield number, due
        number += 1


async def _person(
    host: str,
    port: int,
    texts: Sequence[str],
    run: Run,
    moments: Iterator[tuple[int, float]],
    who: int,
) -> None:
    """One connection, which takes turns as they fall due."""
    reader, writer = await asyncio.open_connection(host, port)
    for number, due in moments:
        pause = due - time.perf_counter()
        if pause > 0:
            await asyncio.sleep(pause)
        key = f"{run.name}-{number}"
        body = json.dumps(
            {
                "text": texts[number % len(texts)],
                "user": f"{run.name}{who}",
                "idempotency_key": key,
            }
        ).encode()
        writer.write(
            b"POST /v1/turns HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        status, answer = await _answer(reader)
        if status == 200:
            run.took_ms.append((time.perf_counter() - due) * 1000)
            run.outcomes[answer.rpartition(b'"outcome":"')[2].partition(b'"')[0].decode()] += 1
        else:
            run.errors[f"{status} {answer[:200].decode()}"] += 1
    writer.close()
    await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    return int(head[9:12]), await reader.readexactly(int(length))


def told_by_workers(url: str, metric: str) -> list[float]:
    """A metric of each worker's process, as /metrics tells."""
    with urllib.request.urlopen(f"{url}/metrics") as page:
        lines = page.read().decode().splitlines()
    return [float(line.split()[-1]) for line in lines if line.startswith(f"{metric}{{")]


def logged(home: Path) -> list[str]:
    """Idempotency keys of every turn in the log."""
    with Store.open("sqlite:///sayso.db", home) as store:
        turns = store.interactions(limit=EVERYTHING)
    return [turn.request.idempotency_key or "" for turn in turns]


if __name__ == "__main__":
    main()
