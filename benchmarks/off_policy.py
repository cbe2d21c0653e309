"""Do off-policy estimates keep their word? Simulated logs whose truth is known.

    python -m benchmarks.off_policy --write
    python -m benchmarks.off_policy --logs 20         # a look

Two worlds of `sayso.evaluation.simulated_log`: one whose policy acts early and tries the runner-up
often, one as a home is by default, with a tenth. For each candidate: its true worth; how often each
95 % interval holds it, how wide it is and how far its middle lies off on average; and how often the
verdict would release it, for its gain alone and with the agreement that each domain demands.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from rich.progress import track

from benchmarks.hardware import write_result
from sayso.evaluation.logged import Action, Logged, Policy, ranked_by, where_known
from sayso.evaluation.off_policy import Report, evaluate_policy
from sayso.evaluation.simulated_log import Situation, World, draw_log, situations, truth
from sayso.routing.rank import Ranker

WORLDS = {"early": World(caution=0.4, share=0.2), "as a home": World(caution=0.6, share=0.1)}
WORSE = Ranker({"cosine": 3.0, "accept": -1.0, "carrier": 2.0}, 0.0)
POOL, LOGS = 4000, 120
ROWS = {"early": 2000, "as a home": 4000}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--logs", type=int, default=LOGS, help="how many logs a world")
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    worlds = {name: measure(name, world, arguments.logs) for name, world in WORLDS.items()}
    result = {"logs": arguments.logs, "worlds": worlds}
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("off_policy", result)


def measure(name: str, world: World, logs: int) -> dict[str, Any]:
    pool = situations(world, POOL, seed=1)
    policies = {key: remembered(policy) for key, policy in candidates(world).items()}
    truths = {key: truth(world, pool, policy) for key, policy in policies.items()}
    reports: dict[str, list[Report]] = {key: [] for key in policies}
    tried: list[float] = []
    for seed in track(range(logs), name):
        rows, _ = draw_log(world, pool, ROWS[name], seed)
        tried.append(float(np.mean([row.taken != row.usual for row in rows])))
        for key, policy in policies.items():
            reports[key].append(evaluate_policy(rows, policy))
    usual = truths["the same"]
    return {
        "rows": ROWS[name],
        "tried": round(float(np.mean(tried)), 4),
        "may_be_tried": round(share_open(world, pool), 4),
        "candidates": {key: described(found, truths[key], usual) for key, found in reports.items()},
    }


def candidates(world: World) -> Mapping[str, Policy]:
    better, worse = ranked_by(world.meant, world.costs), ranked_by(WORSE, world.costs)
    return {
        "the same": ranked_by(world.serves, world.costs),
        "better, where known": where_known(better),
        "better, every second turn": halved(where_known(better)),
        "worse, where known": where_known(worse),
        "better, everywhere": better,
    }


def halved(policy: Policy) -> Policy:
    """The policy every second time, the usual action otherwise."""

    def choose(row: Logged) -> Mapping[Action, float]:
        half = {action: chance / 2 for action, chance in policy(row).items()}
        return {**half, row.usual: half.get(row.usual, 0.0) + 0.5}

    return choose


def remembered(policy: Policy) -> Policy:
    """The policy, asked once for each situation of the pool."""
    known: dict[int, Mapping[Action, float]] = {}

    def choose(row: Logged) -> Mapping[Action, float]:
        key = id(row.readings)
        if key not in known:
            known[key] = policy(row)
        return known[key]

    return choose


def share_open(world: World, pool: Sequence[Situation]) -> float:
    """Of the situations, those in which the runner-up may be tried."""
    rows, _ = draw_log(world, pool, len(pool), seed=0)
    return float(np.mean([len(row.support) > 1 for row in rows]))


def described(reports: Sequence[Report], true: float, usual: float) -> dict[str, Any]:
    gains = [report.gain for report in reports]
    held = [gain.low <= true - usual <= gain.high for gain in gains]
    blocked = [len([x for x in report.objections if "agrees" not in x]) for report in reports]
    return {
        "true": round(true, 4),
        "true_gain": round(true - usual, 4),
        "unknown": round(float(np.mean([report.unknown for report in reports])), 4),
        "telling": round(float(np.mean([report.telling for report in reports])), 1),
        "gain_held": round(float(np.mean(held)), 3),
        "released_for_its_gain": round(float(np.mean([count == 0 for count in blocked])), 3),
        "released": round(float(np.mean([report.released for report in reports])), 3),
        "estimates": {name: kept(reports, name, true) for name in reports[0].estimates},
    }


def kept(reports: Sequence[Report], name: str, true: float) -> dict[str, float]:
    found = [report.estimates[name] for report in reports]
    return {
        "held": round(float(np.mean([x.low <= true <= x.high for x in found])), 3),
        "width": round(float(np.mean([x.high - x.low for x in found])), 4),
        "off": round(float(np.mean([x.value for x in found])) - true, 4),
        "deviation": round(float(np.std([x.value for x in found])), 4),
    }


if __name__ == "__main__":
    main()
