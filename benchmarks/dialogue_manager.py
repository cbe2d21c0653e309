"""Claim: the dialogue manager takes .5 ms a turn, and 10,000 open conversations 100 MB.

    python -m benchmarks.dialogue_manager --write

Simulated people with goals talk to the example home; every turn is kept with what it knew. Then the
dialogue's own part of each turn is timed anew: whether it is an answer, whether it might be one if
it is nothing else, and the step that follows. Understanding is not in it; the whole turn is timed
beside it in the same run. The median of several rounds counts for each turn, in milliseconds of
processor, so that other work on the machine does not.

Open conversations are measured as they are kept: `take` holds nothing in memory between two turns,
so what counts is the bytes of a stored conversation, and, beside it, of as many contexts held as
objects, as a store of one's own might.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.hardware import write_result
from benchmarks.simulated_users import ERRANDS, START
from sayso.cli.demo import example_home
from sayso.cli.train import train_home
from sayso.dialogue.policy import Act, State, act_of, state_of
from sayso.dialogue.precedence import answered, last_resort
from sayso.dialogue.respond import respond
from sayso.evaluation.goals.errands import read_errands
from sayso.evaluation.goals.figures import meetings
from sayso.runtime.engine import Engine
from sayso.runtime.home import Home
from sayso.stores import codec
from sayso.types.context import Context
from sayso.types.people import ANYBODY
from sayso.types.readings import Basis, Decision, Outcome, Utterance
from sayso.understanding.heard import encoder_of, hear

OPEN = 10_000
ROUNDS = 5
NOTHING = Decision(Outcome.ABSTAIN)


@dataclass(frozen=True, slots=True)
class Kept:
    """A turn as it was: what was said, what was known, what was decided, what all of it took."""

    utterance: Utterance
    context: Context
    decision: Decision
    whole_ms: float

    @property
    def kind(self) -> str:
        """What was open, and what was heard."""
        return f"{state_of(self.context)}: {act_of(self.decision, self.context)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--home", type=Path, help="a trained copy of the example home")
    parser.add_argument("--number", type=int, default=400, help="of dialogues")
    parser.add_argument("--write", action="store_true", help="write results/dialogue_manager.json")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "home"
        shutil.copytree(args.home or example_home(), folder)
        if args.home is None:
            train_home(folder, quiet=True)
        with Home.open(folder) as home:
            errands, phrases = read_errands(ERRANDS, home.skills())
            with kept(home.engine) as turns:
                for _ in meetings(home, errands, phrases, args.number, 3, START):
                    pass
            result = {**timed(home.engine, turns), **held([turn.context for turn in turns])}
    print(json.dumps(result, indent=2))
    if args.write:
        write_result("dialogue_manager", result)


@contextmanager
def kept(engine: Engine) -> Iterator[list[Kept]]:
    """Every turn that the engine takes meanwhile."""
    turns: list[Kept] = []
    take = engine.turn

    def turn(utterance: Utterance, context: Context, *args: Any, **how: Any) -> Any:
        began = time.thread_time()
        found = take(utterance, context, *args, **how)
        whole_ms = (time.thread_time() - began) * 1000
        turns.append(Kept(utterance, context, found.decision, whole_ms))
        return found

    engine.turn = turn  # type: ignore[method-assign]
    try:
        yield turns
    finally:
        engine.turn = take  # type: ignore[method-assign]


def timed(engine: Engine, turns: Sequence[Kept]) -> dict[str, Any]:
    """Milliseconds of the dialogue's own part, of all turns and by what was open and heard."""
    took = [median(dialogue_ms(engine, turn) for _ in range(ROUNDS)) for turn in turns]
    kinds: dict[str, list[float]] = {}
    for turn, each in zip(turns, took, strict=True):
        kinds.setdefault(turn.kind, []).append(each)
    asked = [e for t, e in zip(turns, took, strict=True) if state_of(t.context) is not State.QUIET]
    answers = [
        e for t, e in zip(turns, took, strict=True) if act_of(t.decision, t.context) is Act.ANSWER
    ]
    return {
        "turns": len(turns),
        "dialogue_ms": spread(took),
        "with_something_open_ms": spread(asked),
        "answers_ms": spread(answers),
        "whole_turn_ms": spread([turn.whole_ms for turn in turns]),
        "by_kind_ms": {k: spread(v) for k, v in sorted(kinds.items()) if len(v) >= 10},
    }


def dialogue_ms(engine: Engine, turn: Kept) -> float:
    """Answering, what comes last where it was no answer, and the step."""
    context, view = turn.context, engine.view(turn.context.locale)
    # Heard anew each time: what is made of a sentence is kept with it.
    heard = hear(turn.utterance, encoder_of(engine.encoder, context.locale))
    began = time.thread_time()
    if turn.utterance.text:
        decision = answered(heard, context, view)
        if decision is None:
            # What was taken as the answer had been decided otherwise, or not at all.
            taken = turn.decision.basis is Basis.ANSWER
            last_resort(NOTHING if taken else turn.decision, heard, context, view)
    respond(turn.decision, context, view.skills)
    return (time.thread_time() - began) * 1000


def held(contexts: Sequence[Context]) -> dict[str, Any]:
    """Megabytes of OPEN conversations, as rows and as objects; only those with something open."""
    is_open = [each for each in contexts if each.awaiting is not None or each.active is not None]
    # What is read anew for each turn is not kept; see `runtime/saving.py`.
    kept = [replace(each, person=ANYBODY, trial={}) for each in is_open]
    stored = [codec.encode(kept[at % len(kept)]) for at in range(OPEN)]
    tracemalloc.start()
    objects = [codec.read(Context, json.loads(row)) for row in stored]
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return {
        "open": len(objects),
        "stored_mb": round(sum(map(len, stored)) / 1e6, 1),
        "as_objects_mb": round(size / 1e6, 1),
        "row_bytes": {"p50": int(median(map(len, stored))), "max": max(map(len, stored))},
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile, of how many."""
    p50, p95, p99 = (round(float(np.percentile(values, q)), 3) for q in (50, 95, 99))
    return {"p50": p50, "p95": p95, "p99": p99, "turns": len(values)}


if __name__ == "__main__":
    main()
