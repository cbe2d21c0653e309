"""Claim: what is known of a usual person (20 skills enabled, 20 used) costs a turn at most half a
millisecond: it is read as the turn begins and counted as it ends, in transactions that are there
anyway.

    python -m benchmarks.people --write

One thread, SQLite in a passing folder. Of a nameless person nothing is kept, so their turns are the
baseline; the others take turns with them. Milliseconds of this thread alone (others share the
machine), medians.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.progress import track

from benchmarks.hardware import write_result
from sayso.stores.store import Lease, Store
from sayso.stores.uses import MOST_USES
from sayso.types.context import Context, Device
from sayso.types.people import ANONYMOUS
from sayso.types.readings import Decision, Hypothesis, Outcome, Utterance
from sayso.types.turns import Interaction, Reply, TurnRequest

# Who: skills enabled, skills used.
PEOPLE: Mapping[str, tuple[int, int]] = {
    ANONYMOUS: (0, 0),
    "new": (0, 1),
    "usual": (20, 20),
    "most": (500, MOST_USES),
}
ROUNDS = 500
HABIT = 8  # turns of each skill that a person uses
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open("sqlite:///people.db", Path(folder)) as store,
    ):
        for user, (enabled, used) in PEOPLE.items():
            if enabled:
                store.people.enable(user, [f"skill-{n}" for n in range(enabled)], NOW)
            for number in track(range(used * HABIT if enabled else 1), f"habits of {user}"):
                turn(store, user, number, used)
        result = measure(store)
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("people", result)


def measure(store: Store) -> dict[str, Any]:
    """Medians of begin and finish by person, and their ratio to those of the nameless."""
    times: dict[str, list[tuple[float, float]]] = {user: [] for user in PEOPLE}
    for number in track(range(ROUNDS), "turns"):
        for user, (_, used) in PEOPLE.items():
            times[user].append(turn(store, user, 10_000 + number, max(1, used)))
    medians = {
        user: [round(statistics.median(each), 3) for each in zip(*taken, strict=True)]
        for user, taken in times.items()
    }
    nobody = medians[ANONYMOUS]
    return {
        user: {
            "enabled": PEOPLE[user][0],
            "used": PEOPLE[user][1],
            "begin_ms": begin,
            "finish_ms": finish,
            "begin_ratio": round(begin / nobody[0], 2),
            "finish_ratio": round(finish / nobody[1], 2),
        }
        for user, (begin, finish) in medians.items()
    }


def turn(store: Store, user: str, number: int, used: int) -> tuple[float, float]:
    """A turn with one of the skills that a person uses; milliseconds of its begin and finish."""
    at = NOW + timedelta(hours=number % 700)
    chosen = Hypothesis(f"skill-{number % max(1, used)}", "Do", confidence=0.9)
    decision = Decision(Outcome.ACT, chosen, hypotheses=(chosen,))
    started = time.thread_time()
    lease = store.begin(user, "kitchen")
    began = time.thread_time()
    assert isinstance(lease, Lease)
    device = Device(type=("speaker", "phone", "car")[number % 3])
    interaction = Interaction(
        id=f"{user}/{number}",
        at=at,
        user=user,
        conversation="kitchen",
        turn=number,
        request=replace(TurnRequest("do it", user), device=device),
        utterance=Utterance("do it", "do it"),
        decision=decision,
        reply=Reply("Done.", decision=decision),
        locale="en-US",
        time_zone="Europe/Berlin",
    )
    ready = time.thread_time()
    store.finish(lease, interaction, Context("kitchen", at, user))
    return (began - started) * 1000, (time.thread_time() - ready) * 1000


if __name__ == "__main__":
    main()
