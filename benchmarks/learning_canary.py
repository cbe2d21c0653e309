"""Claim: at 100 turns a second, the first rewrite is on trial within ten minutes of the log's time.

    python -m benchmarks.learning_canary --write

So busy an assistant is talked to by people who each say little in ten minutes: every conversation
of simulated people is somebody else's, and they begin at random such that 100 turns fall into a
second. After each two minutes, what a home's `sayso learn` does is done with the log so far. Told
are the minute after which the first rewrite is applied to somebody, what becomes of those then on
trial for the people of the next minutes, whose truth is known, and how long the run took.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.hardware import write_result
from benchmarks.learning_worlds import HOME, decided_before, world
from benchmarks.real_skills import progress_bar
from sayso.encoders import Encoder, Encoders
from sayso.evaluation.households.assistant import Assistant
from sayso.evaluation.households.oracle import goal_of
from sayso.evaluation.households.simulate import FIRST_DAY, simulate, town
from sayso.evaluation.households.truth import Kind, Truth
from sayso.jobs.nights import Nights
from sayso.types.lessons import LoggedTurn, RewriteState
from sayso.understanding.fold import fold

TURNS_A_SECOND = 100
STEP_S = 120
APART = timedelta(minutes=2)  # between turns of two conversations of a person


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=8000, help="whose first day is shared out")
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--bundles", type=Path, help="keeps what is trained")
    parser.add_argument("--write", action="store_true", help="write results/learning_canary.json")
    arguments = parser.parse_args()
    with TemporaryDirectory() as scratch:
        found = measured(arguments, (arguments.bundles or Path(scratch)) / HOME)
    print(json.dumps(found, indent=1))
    if arguments.write:
        write_result("learning_canary", found)


def measured(arguments: argparse.Namespace, bundle: Path) -> dict[str, Any]:
    """What each two minutes bring."""
    skills, speech, engine = world(HOME, None, bundle)
    decided = decided_before(bundle.with_suffix(".decided"), engine.version)
    assistant = Assistant(engine, decided=decided)
    everyone = town(speech, skills, arguments.people, arguments.seed)
    ((rows, truth),) = simulate(everyone, assistant, 1, arguments.seed)
    busy, true = shared_out(rows, truth, arguments.seed)
    steps: list[dict[str, Any]] = []
    nights = Nights(Encoders(Encoder.load(threads=2)), online=False)
    with progress_bar() as bar:
        job = bar.add_task("minutes", total=arguments.minutes)
        for seconds in range(STEP_S, arguments.minutes * 60 + 1, STEP_S):
            end = FIRST_DAY + timedelta(seconds=seconds)
            so_far = [row for row in busy if row.at < end]
            began, busy_s = time.perf_counter(), time.process_time()
            night = nights(so_far, seconds)
            trials = {x.said: x.meant for x in night.population if x.state is RewriteState.CANARY}
            later = [true[row.id] for row in busy if row.at >= end]
            wins, losses = judged(trials, later, assistant, everyone.world)
            steps.append(
                {
                    "minute": seconds // 60,
                    "turns": len(so_far),
                    "on_trial": len(trials),
                    "wins_later": wins,
                    "losses_later": losses,
                    "learn_s": round(time.perf_counter() - began, 1),
                    "learn_processor_s": round(time.process_time() - busy_s, 1),
                }
            )
            bar.update(job, completed=seconds // 60)
    nights.close()
    first = next((step["minute"] for step in steps if step["on_trial"]), None)
    return {"turns_a_second": TURNS_A_SECOND, "first_canary_minute": first, "steps": steps}


def shared_out(
    rows: Sequence[LoggedTurn], truth: Sequence[Truth], seed: int
) -> tuple[list[LoggedTurn], dict[str, Truth]]:
    """The rows with each conversation somebody else's, at a pace; id -> truth."""
    talks: dict[tuple[str, int], list[LoggedTurn]] = defaultdict(list)
    last: dict[str, LoggedTurn] = {}
    count: dict[str, int] = defaultdict(int)
    for row in rows:
        before = last.get(row.conversation)
        if before is not None and row.at - before.at > APART:
            count[row.conversation] += 1
        last[row.conversation] = row
        talks[row.conversation, count[row.conversation]].append(row)
    span_s = len(rows) / TURNS_A_SECOND
    chance = Random(seed)
    found = []
    for at, talk in enumerate(talks.values()):
        begin = FIRST_DAY + timedelta(seconds=chance.uniform(0, span_s))
        found += [
            replace(
                row,
                at=begin + (row.at - talk[0].at),
                user=f"u{at}",
                conversation=f"c{at}",
                turn=turn,
            )
            for turn, row in enumerate(talk)
        ]
    found.sort(key=lambda row: (row.at, row.id))
    return found, {one.id: one for one in truth}


def judged(
    trials: dict[str, str], later: Sequence[Truth], assistant: Assistant, home: Any
) -> tuple[int, int]:
    """Of requests to come that are on trial: wrong as they are and right rewritten, the reverse."""
    wins = losses = 0
    for one in later:
        meant = trials.get(fold(one.heard))
        if meant is None or one.kind is not Kind.REQUEST or one.right is None:
            continue
        then = home.serves(assistant.decide(meant, FIRST_DAY), goal_of(one))
        wins += then and not one.right
        losses += one.right and not then
    return wins, losses


if __name__ == "__main__":
    main()
