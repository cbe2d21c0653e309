"""Claim: what was said before is carried to the slot that it is meant for, and nothing else is.

    python -m benchmarks.carry_over DATA --write

On the validation part of SGD; what a request lacks, which value is right, and distance in turns are
defined in `benchmarks.carrying.requests`. For each slot that a request lacks one value or none is
carried; carried and right is a hit, carried and not right is false, right and not carried (or
another one is) is missed. In the same run:

    never    nothing is carried
    always   the latest value of a slot of the same name, else of the same type
    scorer   the likeliest candidate from the line on: what `carry.json`, fitted on train, says
    served   the same with the warrant and the guards with which Sayso serves it

Services that train has no schema of are counted apart, too. `unmoved`: full requests to the example
home after another one, and how many of them are read otherwise for that. Last, what deciding costs.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.carrying.requests import Want, wants
from benchmarks.carrying.unmoved import counted, pairs
from benchmarks.hardware import write_result
from benchmarks.sgd.reading import dialogues, schema
from benchmarks.two_requests import furnished
from sayso.dialogue.carrying.likeness import likeness
from sayso.dialogue.carrying.roles import GUARDED
from sayso.dialogue.carrying.weigh import LINE, Alike, Weights, best, shipped_weights, warrant
from sayso.encoders import Encoder
from sayso.runtime.home import Home

FAR = 4  # turns from which on distances are counted together
Policy = Callable[[Want], int | None]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder of the data, with dialogues/sgd in it")
    parser.add_argument("--part", default="validation", choices=("train", "validation"))
    parser.add_argument("--home", type=Path, help="a trained copy of the example home")
    parser.add_argument("--pairs", type=int, default=1000, help="of requests to the example home")
    parser.add_argument("--every", type=int, default=1, help="take every n-th dialogue")
    parser.add_argument("--write", action="store_true", help="write results/carry_over.json")
    arguments = parser.parse_args()
    folder = arguments.data / "dialogues" / "sgd"
    if not folder.is_dir():
        raise SystemExit(f"{folder}: no such folder; give the folder that has dialogues/sgd in it")
    services = schema(folder / f"schema_{arguments.part}.json")
    known = {*schema(folder / "schema_train.json")}
    read = dialogues(folder / f"{arguments.part}.parquet", every=arguments.every)
    found = [want for dialogue in read for want in wants(dialogue, services)]
    result: dict[str, Any] = {"dialogues": len(read), **counts(found, known)}
    for name, policy in policies(likeness(Encoder.load(threads=1))).items():
        result[name] = figures(found, policy, known)
        for row, values in result[name].items():
            print(f"{name:8}{row:22}{values}")
    result["us_per_slot"] = cost(found, policies(likeness(Encoder.load(threads=1)))["served"])
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.home or furnished(Path(scratch) / "home")
        with Home.open(folder) as home:
            moved = list(pairs(home.engine, arguments.pairs))
    result["unmoved"] = counted(moved)
    for each in moved:
        if each.is_moved:
            print(f"{each.before} / {each.text} -> {each.then.chosen and each.then.chosen.carried}")
    print({key: value for key, value in result.items() if key not in policies(likeness(None))})
    if arguments.write:
        write_result("carry_over", result)


def policies(alike: Alike, weights: Weights | None = None) -> Mapping[str, Policy]:
    """The place of the candidate that each of the ways to carry chooses, or None."""
    known = weights or shipped_weights()

    def chosen(want: Want, places: Sequence[int], line: float) -> int | None:
        offers = [want.offers[place] for place in places]
        found = best(offers, want.wanted, want.turn, alike, known)
        likely = found is not None and found[1] >= line
        return places[offers.index(found[0])] if found is not None and likely else None

    def served(want: Want) -> int | None:
        near = want.wanted.guarded
        places = [
            place
            for place, each in enumerate(want.offers)
            if warrant(each.spoken, want.wanted) and not (near and want.turn - each.spoken.turn > 1)
        ]
        return chosen(want, places, want.wanted.line)

    return {
        "never": lambda want: None,
        "always": always,
        "scorer": lambda want: chosen(want, range(len(want.offers)), LINE),
        "served": served,
    }


def always(want: Want) -> int | None:
    """The latest value of the same name, else the latest of the same type."""
    for same in ("name", "type"):
        for place, each in enumerate(want.offers):
            if getattr(each.spoken.value, same) == getattr(want.wanted, same):
                return place
    return None


def counts(found: Sequence[Want], known: Iterable[str]) -> dict[str, int]:
    """What there is to carry."""
    right = [want for want in found if want.right]
    return {
        "slots_lacking": len(found),
        "with_candidates": sum(bool(want.offers) for want in found),
        "to_carry": len(right),
        "within": sum(_within(want, nearest(want)) for want in right),
        "across": sum(not _within(want, nearest(want)) for want in right),
        "unseen_services": sum(want.wanted.skill not in known for want in right),
        "pointed_at": sum(want.wanted.is_pointed_at for want in right),
        "named_by_the_system_alone": sum(want.beyond for want in found),
        "guarded": sum(want.wanted.role in GUARDED for want in right),
    }


def figures(
    found: Sequence[Want], policy: Policy, known: Iterable[str]
) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and their counts: of all, by service, and by distance in turns."""
    tallies: dict[str, Counter[str]] = {}
    seen = {*known}
    for want in found:
        place = policy(want)
        hit = place is not None and place in want.right
        if place is not None:
            for row in _rows(want, place, seen):
                tallies.setdefault(row, Counter())["hits" if hit else "false"] += 1
        if want.right and not hit:
            for row in _rows(want, nearest(want), seen):
                tallies.setdefault(row, Counter())["missed"] += 1
    return {row: _scores(tally) for row, tally in sorted(tallies.items())}


def nearest(want: Want) -> int:
    """The right candidate that was said last; within the skill, where there is one."""
    return min(want.right, key=lambda place: (not _within(want, place), _distance(want, place)))


def _rows(want: Want, place: int, known: set[str]) -> list[str]:
    """The rows that a slot counts for, by the candidate that is in question."""
    which = "within" if _within(want, place) else "across"
    far = _distance(want, place)
    ago = f"{far}" if far < FAR else f"{FAR}+"
    service = "seen" if want.wanted.skill in known else "unseen"
    return ["all", which, f"{which} {ago} turns", f"{service} services", f"{service} {which}"]


def _within(want: Want, place: int) -> bool:
    return want.offers[place].spoken.skill == want.wanted.skill


def _distance(want: Want, place: int) -> int:
    return max(1, want.turn - want.offers[place].spoken.turn)


def _scores(tally: Counter[str]) -> dict[str, float]:
    hits, false, missed = tally["hits"], tally["false"], tally["missed"]
    return {
        "precision": round(hits / max(hits + false, 1), 4),
        "recall": round(hits / max(hits + missed, 1), 4),
        "f1": round(2 * hits / max(2 * hits + false + missed, 1), 4),
        "hits": hits,
        "false": false,
        "missed": missed,
    }


def cost(found: Sequence[Want], policy: Policy, rounds: int = 5) -> float:
    """Median microseconds of processor for one lacking slot, with all its candidates."""
    took = []
    some = [want for want in found if want.offers][:500]
    for _ in range(rounds):
        started = time.process_time()
        for want in some:
            policy(want)
        took.append((time.process_time() - started) / max(len(some), 1) * 1e6)
    return round(float(np.median(took)), 1)


if __name__ == "__main__":
    main()
