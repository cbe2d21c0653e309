"""Claim: online rewriting repairs requests that nobody has asked for before, and spoils at most 2
in 1,000 of those that were fine.

    python -m benchmarks.online_people DATA --cache FOLDER --write

DATA holds `nlu/` and `kg/`. A world of `online_world.py` by a seed that nothing was fitted on:
requests and habits of ten days, figures of four days after. Shown apart: how a request came to be
wrong, people without any habits, values that nobody asked for before; everyone's requests alone,
and each person's on top. Intervals are of 95 %, by bootstrap over people.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from benchmarks.hardware import write_result
from benchmarks.online_world import Days, World, turns
from sayso.rewriting.online.examples import Examples, collect
from sayso.rewriting.online.fit import figures, pick
from sayso.types.context import Context
from sayso.understanding.online import NOBODY, Online, Ranker, shipped_ranker

SEED = 5
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
RESAMPLES = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="folder of what is trained")
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--write", action="store_true", help="write results/online_people.json")
    arguments = parser.parse_args()
    if not (arguments.data / "nlu").is_dir():
        print(f"skipped: {arguments.data} has no nlu/")
        return
    arguments.cache.mkdir(parents=True, exist_ok=True)
    world = World(arguments.data, arguments.cache / f"world-{arguments.seed}", arguments.seed)
    said = turns(world, arguments.people, arguments.seed)
    ranker = shipped_ranker()
    days = Days(world, said, arguments.cache, ranker.projection, Context("", NOW))
    online = Online({"en": days.index}, ranker)
    result: dict[str, Any] = {"people": arguments.people, "requests": len(days.index)}
    for layers in ("everyone", "everyone and own"):
        told = list(days.cases(personal=layers != "everyone"))
        examples = collect(online, track([case for _, case in told], layers))
        result[layers] = {"all": measured(examples, ranker)}
        how = np.array([one.how for one, _ in told])
        cold = np.array([case.habits is NOBODY for _, case in told])
        for name in sorted(set(how.tolist())):
            result[layers][name] = measured(examples.of(how == name), ranker)
        result[layers]["never asked for before"] = measured(examples.of(~examples.there), ranker)
        if layers != "everyone":
            result[layers]["people without habits"] = measured(examples.of(cold), ranker)
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("online_people", result)


def measured(examples: Examples, ranker: Ranker) -> dict[str, Any]:
    """Figures of some turns."""
    found = figures(examples, pick(examples, ranker))
    wrong = ~examples.right
    return {
        "turns": found.turns,
        "wrong": int(wrong.sum()),
        "right_one_found": round(float(examples.there[wrong].mean()), 3) if wrong.any() else None,
        "wins": found.wins,
        "losses": found.losses,
        "wrong_to_wrong": found.idle,
        "asked": found.asked,
        "asked_rightly": found.asked_rightly,
        "fine_asked": found.asked_fine,
        "fine_asked_in_vain": found.asked_in_vain,
        "repaired": round(found.repaired, 3),
        "repaired_95": _interval(examples, ranker),
        "false_rate": round(found.false_rate, 5),
    }


def _interval(examples: Examples, ranker: Ranker) -> list[float]:
    """Of the share of wrong turns that are repaired."""
    people, which = np.unique(examples.person, return_inverse=True)
    if not len(people):
        return [0.0, 0.0]
    wins = np.zeros(len(people))
    for at, person in enumerate(people.tolist()):
        part = examples.of(examples.person == person)
        wins[at] = figures(part, pick(part, ranker)).wins
    wrong = np.bincount(which, weights=~examples.right, minlength=len(people))
    draws = np.random.default_rng(0).integers(0, len(people), (RESAMPLES, len(people)))
    shares: NDArray[np.float64] = wins[draws].sum(axis=1) / np.maximum(wrong[draws].sum(axis=1), 1)
    return [round(float(x), 3) for x in np.quantile(shares, (0.025, 0.975))]


if __name__ == "__main__":
    main()
