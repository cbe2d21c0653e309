"""What learning from the log is worth, on simulated people whose truth is known.

    python -m benchmarks.learning --write                         # the example home
    python -m benchmarks.learning DATA --worlds home hwu64
    python -m benchmarks.learning --learner markov=module:function
    python -m benchmarks.learning --learner ... --rings 50 500    # accounts that teach nonsense

The same people live through the same days with no learning, with each baseline and with each
learner that is named: a function `learn(rows so far, day) -> folded text -> text`, called after
every day, or a class that is made for the world's skills and whose objects give the same, or a
`Night`. What it returns serves the next day. All rows are plain `LoggedTurn`s; the
truth stays here. Days before `--measured` are for learning alone; figures are of those after. The
oracle is told beside: what any rewriting, one table for all, and one with a floor of thirty people
could do.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table as Grid

from benchmarks.hardware import write_result
from benchmarks.learning_worlds import HOME, decided_before, world
from benchmarks.real_skills import progress_bar
from sayso.evaluation.households.assistant import Assistant
from sayso.evaluation.households.oracle import Ceiling, ceiling
from sayso.evaluation.households.simulate import simulate, town
from sayso.evaluation.households.trouble import Ring, Trouble
from sayso.evaluation.households.truth import Kind, Truth, measure
from sayso.jobs.nights import Night
from sayso.routing.policies import NO_POLICIES
from sayso.types.context import Context
from sayso.types.lessons import Arm, LoggedTurn
from sayso.types.readings import Rewriting, Utterance
from sayso.types.skills import Skill
from sayso.understanding.fold import fold
from sayso.understanding.online.entries import NOTHING, Undone
from sayso.understanding.rewrites import NO_REWRITES, Rewrites

Learnt = Mapping[str, str] | Night
Learner = Callable[[Sequence[LoggedTurn], int], Learnt]
BASELINES = {
    "frequency": "benchmarks.learning_frequency:learn",
    "neighbour": "benchmarks.learning_neighbour:learn",
}
FLOOR = 30  # people


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, nargs="?", help="holds nlu/; for worlds but the home")
    parser.add_argument("--worlds", nargs="+", default=[HOME])
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--measured", type=int, default=7, help="first day that is measured")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--rings", type=int, nargs="*", default=[], help="accounts that mean to mislead, by ring"
    )
    parser.add_argument("--learner", action="append", default=[], metavar="NAME=MODULE:FUNCTION")
    parser.add_argument("--no-baselines", action="store_true")
    parser.add_argument("--bundles", type=Path, help="keeps what is trained and decided")
    parser.add_argument("--write", action="store_true", help="write results/learning.json")
    arguments = parser.parse_args()
    learners = {} if arguments.no_baselines else dict(BASELINES)
    learners |= dict(pair.split("=", 1) for pair in arguments.learner)
    result: dict[str, Any] = {}
    for name in arguments.worlds:
        if name != HOME and arguments.data is None:
            print(f"skipped: {name} needs DATA")
            continue
        with TemporaryDirectory() as scratch:
            bundles = arguments.bundles or Path(scratch)
            result[name] = lives(name, bundles / name, learners, arguments)
        show(name, result[name])
    print(json.dumps(result))
    if arguments.write:
        write_result("learning", result)


def lives(
    name: str, bundle: Path, learners: Mapping[str, str], arguments: argparse.Namespace
) -> dict[str, Any]:
    """The same days with each learner."""
    skills, speech, engine = world(name, arguments.data, bundle)
    kept = bundle.with_suffix(".decided")
    decided = decided_before(kept, engine.version) or {}
    people, seed = arguments.people, arguments.seed
    figures: dict[str, Any] = {"people": people, "days": arguments.days, "seed": seed}
    trouble = Trouble(
        rings=[Ring(accounts, "stop", "add batteries to the list") for accounts in arguments.rings]
    )
    with progress_bar() as bar:
        for learner in ["none", *learners]:
            job = bar.add_task(f"{name}: {learner}", total=arguments.days)
            learn = _found(learners[learner], skills) if learner in learners else _nothing
            assistant = Assistant(engine, decided=decided, refuses=name == HOME)
            # People remember what worked: each learner is given them as they were.
            everyone = town(speech, skills, people, seed, strict=name == HOME)
            engine.rewrites, engine.online = NO_REWRITES, None
            engine.policies = NO_POLICIES
            assistant.second_thoughts.personal = getattr(learn, "personal", True)
            rows: list[LoggedTurn] = []
            truth: list[Truth] = []
            days = simulate(everyone, assistant, arguments.days, seed, trouble)
            for day, (some, true) in enumerate(days):
                rows += some
                truth += true
                serve(assistant, learn(rows, day))
                bar.update(job, completed=day + 1)
            later = [one for one in truth if one.at_day >= arguments.measured]
            figures[learner] = {**measure(later).as_json(), "by_day": by_day(truth)}
            if trouble.rings:
                figures[learner]["misled"] = misled(rows, truth)
            if learner == "none":
                best = ceiling(everyone.world, assistant, later, FLOOR)
                figures["oracle"] = told(best)
                figures["log"] = described(rows, truth)
                kept.write_bytes(pickle.dumps((engine.version, decided)))
    engine.rewrites, engine.online = NO_REWRITES, None
    return figures


@dataclass(frozen=True, slots=True)
class Table(Rewrites):
    """Plain pairs in the place of the engine's own rewrites: for everybody, nobody held out."""

    table: Mapping[str, str] = field(default_factory=dict)

    def apply(self, utterance: Utterance, context: Context, undone: Undone = NOTHING) -> Utterance:
        """The utterance as it is to be read."""
        del undone
        meant = self.table.get(fold(utterance.text))
        if meant is None or meant == utterance.text or context.awaiting is not None:
            return utterance
        found = Rewriting(f"t-{fold(utterance.text)}", utterance.text, meant, Arm.APPLIED)
        return replace(utterance, text=meant, rewriting=found)


def serve(assistant: Assistant, learnt: Learnt) -> None:
    """Let what was learnt answer from now on."""
    night = learnt if isinstance(learnt, Night) else None
    if night is not None and night.engine is not None:
        assistant.move_to(night.engine)
    engine = assistant.engine
    engine.online = night.online if night is not None else None
    engine.policies = night.policies if night is not None else NO_POLICIES
    engine.rewrites = learnt.rewrites if isinstance(learnt, Night) else Table(table=learnt)


def _found(place: str, skills: Sequence[Skill]) -> Learner:
    """The learner of that name; a class is made anew, so that it has learnt nothing yet."""
    module, name = place.split(":")
    found = getattr(import_module(module), name)
    learner: Learner = found(skills) if isinstance(found, type) else found
    return learner


def _nothing(rows: Sequence[LoggedTurn], day: int) -> Mapping[str, str]:
    del rows, day
    return {}


def misled(rows: Sequence[LoggedTurn], truth: Sequence[Truth]) -> int:
    """Turns of honest people in which what they said was read as what a ring wants."""
    wanted = {fold(one.heard) for one in truth if one.kind is Kind.ATTACK}
    return sum(
        row.text != row.said and {fold(row.said), fold(row.text)} <= wanted
        for row, one in zip(rows, truth, strict=True)
        if one.kind is not Kind.ATTACK
    )


def by_day(truth: Sequence[Truth]) -> list[float]:
    """Defect rate of each day."""
    wrong: dict[int, list[bool]] = defaultdict(list)
    for one in truth:
        if one.kind is Kind.REQUEST and one.right is not None:
            wrong[one.at_day].append(not one.right)
    return [round(sum(wrong[day]) / len(wrong[day]), 4) for day in sorted(wrong)]


def described(rows: Sequence[LoggedTurn], truth: Sequence[Truth]) -> dict[str, Any]:
    """What the log of the whole time is like."""
    failing: dict[str, set[int]] = defaultdict(set)
    asked = [one for one in truth if one.kind is Kind.REQUEST and one.right is not None]
    for one in asked:
        if not one.right:
            failing[fold(one.heard)].add(one.person)
    wrong = [one for one in asked if not one.right]
    often = {text for text, people in failing.items() if len(people) >= FLOOR}
    return {
        "turns": len(rows),
        "requests": len(asked),
        "misheard": round(sum(one.spoken != one.heard for one in asked) / len(asked), 4),
        "said_again": round(sum(one.rephrased_by is not None for one in wrong) / len(wrong), 4),
        "texts": len({fold(row.said) for row in rows}),
        "failing_texts": len(failing),
        "failing_for_10": sum(len(people) >= FLOOR // 3 for people in failing.values()),
        "failing_for_30": len(often),
        "defects_in_those": round(sum(fold(x.heard) in often for x in wrong) / len(wrong), 4),
    }


def told(best: Ceiling) -> dict[str, Any]:
    """The oracle's figures."""
    shares = {"any": best.any, "one table": best.by_table, "floor": best.by_floor}
    return {
        "defects": {k: [round(x, 5) for x in (v.value, v.low, v.high)] for k, v in shares.items()},
        "repairs": {
            "any": round(best.repairable, 4),
            "one table": round(best.table_repairs, 4),
            "floor": round(best.floor_repairs, 4),
        },
    }


def show(name: str, figures: Mapping[str, Any]) -> None:
    """The table on the screen."""
    table = Grid(title=f"{name}: {figures['log']}")
    for column in ("", "defects", "repaired", "of oracle", "win : loss", "false rewrites"):
        table.add_column(column)
    before, possible = figures["none"]["defects"][0], figures["oracle"]["repairs"]["any"]
    for learner, found in figures.items():
        if isinstance(found, Mapping) and "wins" in found:
            defects = found["defects"]
            repaired = 1 - defects[0] / before
            table.add_row(
                learner,
                f"{defects[0]:.2%} [{defects[1]:.2%}, {defects[2]:.2%}]",
                f"{repaired:.1%}",
                f"{repaired / possible:.1%}",
                f"{found['wins']} : {found['losses']}",
                f"{found['false_rewrites'][0]:.3%}",
            )
    for kind, share in figures["oracle"]["repairs"].items():
        defects = figures["oracle"]["defects"][kind]
        interval = f"{defects[0]:.2%} [{defects[1]:.2%}, {defects[2]:.2%}]"
        table.add_row(f"oracle, {kind}", interval, f"{share:.1%}", "", "", "")
    Console().print(table)
    Console().print(f"causes of defects: {figures['none']['causes']}")


if __name__ == "__main__":
    main()
