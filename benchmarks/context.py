"""How often what goes on around turns a sentence to the right skill, and by which signal.

    python -m benchmarks.context --write     # the figures
    python -m benchmarks.context --ship      # learn the weights that the package holds

Weights are learnt from `situations/training.yaml` and judged by `tests/runtime/situations.yaml`;
no skill, thing or sentence stands in both. All test skills are installed at once. A turn counts as
right if its first reading is of the right skill. Intervals are Wilson's, of 95 %, as if there were
as many turns as sentences: those that share one hang together. `later` was written when all else
was settled.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import sayso.understanding.situation
from benchmarks.hardware import write_result
from benchmarks.situations.learning import requests, scenarios
from benchmarks.situations.world import TESTING, TRAINING, Situation, context_of, read, skills_of
from sayso.encoders import Encoder
from sayso.runtime.engine import Engine
from sayso.training.situating import fit_situational
from sayso.types.context import Context, Device
from sayso.types.readings import Decision, Outcome
from sayso.understanding.situation import Situational
from sayso.understanding.situation.facts import SIGNALS

LEFT_OUT: Mapping[str, Sequence[str]] = {
    "all signals": (),
    **{f"without {signal}": (signal,) for signal in SIGNALS},
    "none": SIGNALS,
}
PARTS = {"state": "state", "capabilities": "capabilities", "type": "type", "place": "place"}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    parser.add_argument("--ship", action="store_true", help="put new weights into the package")
    arguments = parser.parse_args()
    encoder = Encoder.load()
    if arguments.ship:
        ship(learnt(encoder))
        return
    engine, written = engine_of(TESTING, encoder), read(TESTING)
    turns, later = written["turns"], written["later"]["turns"]
    result = {
        "skills": len(engine.skills),
        "turns": ablation(engine, turns),
        "later": ablation(engine, later),
        "cost_ms": cost(engine, [*turns, *later]),
    }
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("context", result)


def engine_of(path: Path, encoder: Encoder) -> Engine:
    """An engine with all skills of a file."""
    engine, written = Engine([], encoder=encoder), read(path)
    later = written.get("later", {}).get("skills", {})
    for skill in skills_of({**written["skills"], **later}):
        engine.add(skill)
    return engine


def learnt(encoder: Encoder) -> Situational:
    """The weights that the training scenarios teach."""
    engine = engine_of(TRAINING, encoder)
    found = [each for one in scenarios(read(TRAINING)) for each in requests(engine, one)]
    print(f"{len(found)} requests")
    return fit_situational(found)


def without(context: Context, signals: Iterable[str]) -> Context:
    """The context with these signals left out."""
    plain, device, happened = Device(), context.device, context.happened
    for signal in signals:
        if signal in PARTS:
            device = replace(device, **{PARTS[signal]: getattr(plain, PARTS[signal])})
        if signal in ("events", "used"):
            happened = tuple(x for x in happened if x.used is (signal == "events"))
        if signal == "locale":
            context = replace(context, locale="en")
    return replace(context, device=device, happened=happened)


def decided(engine: Engine, turn: Situation, left_out: Iterable[str] = ()) -> Decision:
    """The decision on a turn of the file."""
    return engine.decide(turn["say"], without(context_of(turn), left_out))


def is_right(decision: Decision, turn: Situation) -> bool:
    """Whether the first reading is of the right skill."""
    return bool(decision.hypotheses) and decision.hypotheses[0].skill == turn["means"]


def ablation(engine: Engine, turns: Sequence[Situation]) -> dict[str, Any]:
    """For each choice of signals how many turns are right, of those that must turn and must not."""
    must = [turn for turn in turns if turn["signal"] != "against"]
    must_not = [turn for turn in turns if turn["signal"] == "against"]
    return {
        name: {
            "turned": figure(engine, must, left_out),
            "not_turned": figure(engine, must_not, left_out),
            "by_signal": by_signal(engine, must, left_out),
        }
        for name, left_out in LEFT_OUT.items()
    }


def figure(engine: Engine, turns: Sequence[Situation], left_out: Sequence[str]) -> dict[str, Any]:
    """How many are right, the share and its interval, and how many were acted upon, how well."""
    decisions = [decided(engine, turn, left_out) for turn in turns]
    right = [is_right(*pair) for pair in zip(decisions, turns, strict=True)]
    acted = [each.outcome is Outcome.ACT for each in decisions]
    sentences = len({turn["say"].lower().rstrip("?") for turn in turns})
    share = sum(right) / len(turns)
    return {
        "right": f"{sum(right)}/{len(turns)}",
        "share": [round(share, 3), *wilson(share, sentences)],
        "acted": sum(acted),
        "acted_wrongly": sum(a and not r for a, r in zip(acted, right, strict=True)),
    }


def by_signal(
    engine: Engine, turns: Sequence[Situation], left_out: Sequence[str]
) -> dict[str, str]:
    """Signal -> how many of its turns are right."""
    found = {}
    for signal in SIGNALS:
        mine = [turn for turn in turns if turn["signal"] == signal]
        if mine:
            right = sum(is_right(decided(engine, turn, left_out), turn) for turn in mine)
            found[signal] = f"{right}/{len(mine)}"
    return found


def wilson(share: float, count: int, z: float = 1.96) -> list[float]:
    """The interval of a share of so many (Wilson 1927)."""
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach = share * (1 - share) / count + z * z / (4 * count * count)
    wide = z / (1 + z * z / count) * reach**0.5
    return [round(max(0.0, middle - wide), 3), round(min(1.0, middle + wide), 3)]


def cost(engine: Engine, turns: Sequence[Situation], rounds: int = 15) -> dict[str, float]:
    """Median milliseconds of a decision, with what goes on and without, in turns."""
    spent: dict[str, list[float]] = {"with": [], "without": []}
    for _ in range(rounds):
        for turn in turns:
            for name, left_out in (("with", ()), ("without", SIGNALS)):
                began = time.perf_counter()
                decided(engine, turn, left_out)
                spent[name].append((time.perf_counter() - began) * 1000)
    return {name: round(float(np.median(each)), 3) for name, each in spent.items()}


def ship(weights: Situational) -> None:
    """Write the weights into the package, to four digits."""
    path = Path(sayso.understanding.situation.__file__).parent / "situation.json"
    short = {
        kind: {name: float(f"{weight:.4g}") for name, weight in mine.items() if abs(weight) >= 1e-3}
        for kind, mine in weights.to_json().items()
    }
    lines = ",\n".join(f" {json.dumps(kind)}: {json.dumps(mine)}" for kind, mine in short.items())
    path.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
