"""Claims: on the example home, one thread, a turn takes p50 <= 8 ms and p99 <= 20 ms without the
back-end; training takes <= 20 s; 1,000 cycles of adding and removing a skill do not grow memory.

Sentences are those of the scripted conversation, each said once a round by another person, logged
to a real store. The baseline of the same run is the encoder alone: what no engine that reads
sentences with it can undercut.
"""

from __future__ import annotations

import argparse
import gc
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from rich.progress import track

from benchmarks.hardware import write_result
from sayso.cli.demo import example_home
from sayso.cli.train import train_home
from sayso.encoders import Encoder
from sayso.evaluation.script import read_script
from sayso.runtime.home import Home

ROUNDS, CYCLES = 20, 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(shutil.copytree(example_home(), Path(scratch) / "home"))
        started = time.perf_counter()
        train_home(folder, quiet=True)
        train_s = time.perf_counter() - started
        with Home.open(folder) as home:
            result = {"train_s": round(train_s, 2), **turns(home, folder), **cycles(home)}
    for name, value in result.items():
        print(f"{name:28} {value}")
    if arguments.write:
        write_result("turns", result)


def turns(home: Home, folder: Path) -> dict[str, float]:
    """Milliseconds of a turn without its back-end, and of the encoder alone on the same texts."""
    script = read_script(folder / "conversation.yaml")
    turn_ms, encoder_ms = [], []
    encoder = Encoder.load()
    for round_ in track(range(ROUNDS + 1), "turns"):
        for line in script.lines:
            reply = home.turn(line.say, user=f"{line.user}{round_}", now=script.start)
            timings = reply.trace.timings
            started = time.perf_counter()
            encoder.encode([line.say])
            if round_:  # the first round warms caches, as a server's first minute does
                encoder_ms.append((time.perf_counter() - started) * 1000)
                turn_ms.append(timings["total"] - timings.get("backend", 0.0))
    p50, p99 = np.percentile(turn_ms, [50, 99])
    return {
        "turns": len(turn_ms),
        "turn_p50_ms": round(float(p50), 2),
        "turn_p99_ms": round(float(p99), 2),
        "encoder_p50_ms": round(statistics.median(encoder_ms), 2),
        "turn_over_encoder": round(float(p50) / statistics.median(encoder_ms), 2),
    }


def cycles(home: Home) -> dict[str, float]:
    """Resident memory while the same skill is added and removed many times: the second half's
    median beside the first's, since single readings swing by several MB with no trend.
    """
    engine, process = home.engine, psutil.Process()
    skill = engine.skills["timer"]
    held = engine.fit(skill)
    sizes = []
    for cycle in track(range(CYCLES + 100), "add and remove"):
        engine.remove("timer")
        if cycle % 100:
            engine.put(held)
        else:
            engine.add(skill)  # fitted anew now and then; putting is what could leak each time
        if cycle % 100 == 99:
            gc.collect()
            sizes.append(process.memory_info().rss / 2**20)
    half = len(sizes) // 2
    first, second = statistics.median(sizes[:half]), statistics.median(sizes[-half:])
    return {
        "cycles": CYCLES,
        "rss_first_half_mb": round(first, 1),
        "rss_second_half_mb": round(second, 1),
        "rss_growth_mb": round(second - first, 1),
    }


if __name__ == "__main__":
    main()
