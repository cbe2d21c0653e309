"""What a process and all that it started hold in memory, looked at a few times a second.

Counted is the proportional set size: pages that several processes share count once, and a mapped
file's pages while they are in memory. Peaks of single processes added up would count what came at
different times, and their resident sizes what is shared several times.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

import psutil

EVERY_S = 0.4  # a look at 2 GB takes the kernel 20 ms


@dataclass(slots=True)
class Memory:
    """Samples: (moment of `time.perf_counter`, megabytes of all processes, how many they are)."""

    samples: list[tuple[float, float, int]] = field(default_factory=list)

    def peak_mb(self, start: float = 0.0, end: float = float("inf")) -> int:
        """The most between two moments."""
        return round(max((mb for at, mb, _ in self.samples if start <= at <= end), default=0.0))


@contextmanager
def watched(pid: int, every_s: float = EVERY_S) -> Iterator[Memory]:
    """The memory of a process and its descendants for as long as the block runs."""
    seen, over = Memory(), Event()

    def look() -> None:
        while not over.wait(every_s):
            at = time.perf_counter()  # the same clock in all processes of a machine
            seen.samples.append((at, *_held(pid)))

    thread = Thread(target=look, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _held(pid: int) -> tuple[float, int]:
    """Megabytes of a tree of processes, and how many they are; those that just ended are none."""
    total, many = 0, 0
    try:
        root = psutil.Process(pid)
        tree = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0, 0
    for process in tree:
        try:
            total += process.memory_full_info().pss
            many += 1
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return total / 2**20, many
