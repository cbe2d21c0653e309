"""Claim: a home that grows skill by skill keeps what it could, and ends where training all ends.

    python -m benchmarks.growth DATA --encoder FOLDER --write

DATA holds `nlu/clinc150`. Each intent is a skill of one intent with so many training sentences
and a name that no request speaks. An order is a permutation of the 150: the first 100 are trained
by `sayso.train`, the others come one by one through `engine.add`; at last they are removed again.
Asked are the 20 validation sentences of every intent, through `engine.decide`. Right is said of
three things: `acted` (the skill that is called), `reading` (the best reading, whatever is done
about it), `shortlist` (the first skill of the shortlist).

Some requests for an old skill rather belong to a new one. `moved` are those whose best reading is
of a new skill after growth. Of them `fitting` are those that a judge gives to the same skill: one
classifier over all 150 intents which has learnt all training sentences and knows of no order.
Goals: old requests that did not move to a fitting new skill lose at most 0.3 points; all requests
end within 1.0 of one training of all 150. `old_lost_by_joint` is what the same requests lose where
all 150 were trained together: nothing was forgotten there, there is only more to mix up;
`old_lost_not_moved`, what those lose whose best reading is still of an old skill. Intervals are
Student's t over orders.

The packaged encoder has learnt this set's training part: FOLDER is one made by `sayso pretrain
--without clinc150`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import sayso
from benchmarks.fewshot import draw, in_scope
from benchmarks.forgetting import (
    MEASURES,
    ORDERS,
    Seen,
    accuracy,
    changed,
    kept,
    moved_most,
    over_orders,
    points,
)
from benchmarks.hardware import write_result
from sayso.cli.output import progress
from sayso.encoders import Encoder
from sayso.runtime.engine import Engine
from sayso.types.context import Context
from sayso.types.lessons import Label
from sayso.types.skills import Intent, Language, Skill
from sayso.understanding import shared
from sayso.understanding.heard import hear_all

OLD, LOCALE = 100, "en-US"
STEP = 25  # skills added between two looks
COMPARED = 200  # requests whose scores are compared, skill by skill
GOALS = {"old_lost": 0.3, "behind_joint": 1.0}
_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--encoder", type=Path, help="made without clinc150")
    parser.add_argument("--shots", nargs="+", type=int, default=[10, 100])
    parser.add_argument("--orders", type=int, default=ORDERS)
    parser.add_argument("--write", action="store_true", help="write results/growth.json")
    arguments = parser.parse_args()
    folder = arguments.data / "nlu" / "clinc150"
    if not folder.is_dir():
        print(f"skipped: {arguments.data} has no nlu/clinc150")
        return
    encoder = Encoder.load(arguments.encoder, threads=1)
    asked = in_scope(folder / "validation.parquet")
    judged = judge(in_scope(folder / "train.parquet"), asked, encoder)
    result: dict[str, Any] = {"encoder": encoder.name, "asked": len(asked), "goals": GOALS}
    for shots in arguments.shots:
        lessons = draw(folder, shots, 0 if shots in (5, 10) else 1)
        result[f"{shots} examples"] = measure(lessons, asked, judged, encoder, arguments.orders)
        print(json.dumps(result[f"{shots} examples"], indent=1))
        if arguments.write:
            write_result("growth", result)


def measure(
    lessons: Sequence[Label],
    asked: Sequence[Label],
    judged: Sequence[str],
    encoder: Encoder,
    orders: int,
) -> dict[str, Any]:
    """All orders with these training sentences, beside one training of all."""
    skills = {skill.id: skill for skill in skills_of(lessons)}
    joint = look(trained(list(skills.values()), encoder), asked)
    runs = []
    for seed in range(orders):
        names = Random(seed).sample(sorted(skills), len(skills))
        engine = trained([skills[name] for name in names[:OLD]], encoder)
        run = grow(engine, [skills[name] for name in names[OLD:]], asked, judged, joint)
        print(f"order {seed}: {run['old_lost']} lost, {run['behind_joint']} behind", flush=True)
        runs.append(run)
    return {
        "joint": {name: accuracy(joint, asked, name) for name in MEASURES},
        "over_orders": over_orders(runs),
        "orders": runs,
    }


def grow(
    engine: Engine,
    new: Sequence[Skill],
    asked: Sequence[Label],
    judged: Sequence[str],
    joint: Sequence[Seen],
) -> dict[str, Any]:
    """One order: what was asked before, on the way, at the end, and after removing all again."""
    names = {skill.id for skill in new}
    rows = [i for i, each in enumerate(asked) if each.intent not in names]
    old = [asked[i] for i in rows]
    before, scores = look(engine, old), scores_of(engine, old)
    add_ms, curve = added(engine, new, old)
    started = time.perf_counter()
    grown = look(engine, asked)
    turn_ms = 1000 * (time.perf_counter() - started) / len(asked)
    moved = moved_most(scores, scores_of(engine, old))
    for skill in new:
        engine.remove(skill.id)
    after, together = [grown[i] for i in rows], [joint[i] for i in rows]
    return {
        **kept(before, after, together, old, [judged[i] for i in rows], names),
        "reading_on_the_way": curve,
        "all": {name: accuracy(grown, asked, name) for name in MEASURES},
        "behind_joint": {
            name: points(accuracy(joint, asked, name) - accuracy(grown, asked, name))
            for name in MEASURES
        },
        "scores_moved_most": moved,
        "scores_moved_most_after_removing": moved_most(scores, scores_of(engine, old)),
        "answers_changed_after_removing": changed(before, look(engine, old)),
        "add_in_turns": round(add_ms / turn_ms, 2),
    }


def added(engine: Engine, new: Sequence[Skill], old: Sequence[Label]) -> tuple[float, list[float]]:
    """Add the skills: median milliseconds until one is live, accuracy on old requests meanwhile."""
    add_ms, curve = [], []
    for number, skill in enumerate(new, start=1):
        started = time.perf_counter()
        engine.add(skill)
        engine.shortlist("which skill is it", 1)
        add_ms.append(1000 * (time.perf_counter() - started))
        if number % STEP == 0 and number < len(new):
            curve.append(round(accuracy(look(engine, old), old, "reading"), 4))
    return statistics.median(add_ms), curve


def judge(lessons: Sequence[Label], asked: Sequence[Label], encoder: Encoder) -> list[str]:
    """The intent of each request as one classifier over all of them sees it."""
    intents = sorted({each.intent for each in lessons})
    language = Language(LOCALE, intents=tuple(Intent(name, samples=("-",)) for name in intents))
    heard = hear_all([each.text for each in lessons], encoder)
    model = shared.fit(lessons, heard, language)
    return [model.likely(one)[0][0] for one in hear_all([each.text for each in asked], encoder)]


def skills_of(lessons: Sequence[Label]) -> list[Skill]:
    """A skill for each intent, under a name that nobody says: "time" would be heard everywhere."""
    samples: dict[str, list[str]] = {}
    for lesson in lessons:
        samples.setdefault(lesson.intent, []).append(lesson.text)
    return [
        Skill(
            name,
            name.replace("_", " "),
            languages=(
                Language(
                    LOCALE,
                    invocation_name=f"{name.replace('_', ' ')} skill",
                    intents=(Intent("Request", samples=tuple(texts)),),
                ),
            ),
        )
        for name, texts in samples.items()
    ]


def trained(skills: Sequence[Skill], encoder: Encoder) -> Engine:
    """A home of these skills, trained as any other."""
    folder = tempfile.mkdtemp()
    with progress() as tell:
        bundle = sayso.train(skills, Path(folder), encoder=encoder, progress=tell)
    return sayso.load(bundle, encoder=encoder)


def look(engine: Engine, asked: Sequence[Label]) -> list[Seen]:
    """Where each request goes."""
    return [_seen(engine, each.text) for each in asked]


def _seen(engine: Engine, text: str) -> Seen:
    decision = engine.decide(text, Context(conversation="", now=_NOON, locale=LOCALE))
    first = next(iter(decision.hypotheses), None)
    return Seen(
        decision.chosen.skill if decision.chosen else None,
        first.skill if first else None,
        decision.shortlist[0][0] if decision.shortlist else None,
    )


def scores_of(engine: Engine, asked: Sequence[Label]) -> list[Mapping[str, float]]:
    """For some of the requests: the shortlist's score of every skill, the ranker's of readings."""
    step = max(1, len(asked) // COMPARED)
    count = len(engine.skills)
    return [
        {
            **dict(engine.shortlist(each.text, count)),
            **{f"{x.skill}, read": x.score for x in engine.understand(each.text)},
        }
        for each in asked[::step]
    ]


if __name__ == "__main__":
    main()
