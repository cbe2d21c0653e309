"""Make the weights that judge what was meant: understanding/online/online.safetensors.

    python scripts/make_online.py DATA --cache FOLDER

DATA holds `nlu/`, `kg/` and `skills/`; needs the extras `learn` and `train` (torch). First the map
of vectors, from sentences of public sets and themselves misheard; then the two models, from
simulated households whose skills are made of hwu64, each turn once with and once without habits,
and from the people of `benchmarks/online_world.py`, two worlds of other seeds, who count less: no
log stands behind them. Now and then all ask for what no skill does. The figures that are printed
are of people not fitted on. What takes long is kept in FOLDER. It takes about an hour.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from benchmarks.learning_worlds import world
from benchmarks.online_world import VOICES, Days, World, beyond, turns
from numpy.typing import NDArray
from rich.progress import track

from sayso.encoders import Encoder, Encoders
from sayso.evaluation.households.assistant import Assistant
from sayso.evaluation.households.goals import Goal
from sayso.evaluation.households.goals import World as Home
from sayso.evaluation.households.oracle import goal_of
from sayso.evaluation.households.simulate import simulate, town
from sayso.evaluation.households.truth import Kind, Truth
from sayso.jobs.nights import Nights
from sayso.rewriting.online.examples import Case, Examples, collect
from sayso.rewriting.online.fit import figures, fit, pick, tuned
from sayso.rewriting.online.pairs import parts
from sayso.types.context import Context, Device
from sayso.types.lessons import LoggedTurn
from sayso.types.readings import Utterance
from sayso.understanding.contract import Heard
from sayso.understanding.fold import fold
from sayso.understanding.online import (
    NOBODY,
    Entry,
    Habits,
    Index,
    Online,
    Projection,
    Ranker,
    Thresholds,
    asked,
    habits,
    own_requests,
)
from sayso.understanding.online.figures import KEEP, MEANT
from sayso.understanding.online.suggest import always

TARGET = Path("src/sayso/understanding/online/online.safetensors")
WORLDS = ((1, 900), (2, 500))  # seed, people
HOUSEHOLDS, PEOPLE, DAYS, LEARNT = 101, 700, 6, 4  # seed; days, those before any turn counts
WORLDS_WEIGHT = 0.4  # of .4 and 1, on seed 1 of the example home's people
SENTENCES, SIZE, ROUNDS, BATCH, HARD = 55_000, 128, 6, 1024, 256
# What a question and a wrong action cost is the router's; the rest was chosen on the simulated
# people of the example home with one seed (1); what is told of them is of other seeds.
LIMITS = Thresholds()
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="folder of what takes long")
    arguments = parser.parse_args()
    arguments.cache.mkdir(parents=True, exist_ok=True)
    try:
        import torch
    except ImportError:
        sys.exit("torch is not installed; run: pip install 'sayso[train]'")
    torch.manual_seed(0)
    worlds = {
        seed: World(arguments.data, arguments.cache / f"world-{seed}", seed) for seed, _ in WORLDS
    }
    projection = _projection(arguments.data, arguments.cache / "projection.npy", worlds[2])
    found = [
        _examples(worlds[seed], seed, people, arguments.cache, projection)
        for seed, people in WORLDS
    ]
    examples = _together([*found, _households(arguments.data, arguments.cache, projection)])
    fitting, tuning, judging = parts(examples)
    part = replace(fit(fitting, projection), thresholds=LIMITS)
    print("best on these people:", tuned(tuning, part).thresholds)
    for name, some in (("fitted", fitting), ("thresholds", tuning), ("judged", judging)):
        print(name, asdict(figures(some, pick(some, part))))
    ranker = replace(fit(examples, projection), thresholds=LIMITS)
    TARGET.write_bytes(ranker.to_bytes())


def _examples(
    world: World, seed: int, people: int, cache: Path, projection: Projection
) -> Examples:
    kept = cache / f"examples-{seed}.pickle"
    if kept.exists():
        held: Examples = pickle.loads(kept.read_bytes())
        return held
    folder = cache / f"index-{seed}"
    folder.mkdir(exist_ok=True)
    days = Days(world, turns(world, people, seed), folder, projection, Context("", NOW))
    cases = [case for _, case in days.cases()]
    found = collect(_unjudged(days.index, projection), track(cases, f"world {seed}"))
    weight = np.full(len(found), WORLDS_WEIGHT)
    found = replace(found, person=found.person + 100_000 * seed, weight=weight)
    kept.write_bytes(pickle.dumps(found))
    return found


def _unjudged(index: Index, projection: Projection) -> Online:
    return Online({"en": index}, Ranker(always(0.5, KEEP), always(0.5, MEANT), projection))


def _households(data: Path, cache: Path, projection: Projection) -> Examples:
    """Turns of people in homes, whose requests a night's `sayso learn` has gathered."""
    kept = cache / "examples-households.pickle"
    if kept.exists():
        held: Examples = pickle.loads(kept.read_bytes())
        return held
    skills, speech, engine = world("hwu64", data, cache / "households")
    assistant = Assistant(engine, refuses=False)
    people = town(speech, skills, PEOPLE, HOUSEHOLDS, strict=False)
    people.world.beyond = beyond(data)  # other sentences than those of any benchmark
    nights, encoder = Nights(Encoders(Encoder.load())), Encoder.load()
    rows: list[LoggedTurn] = []
    found: list[Examples] = []
    for day, (some, truth) in enumerate(simulate(people, assistant, DAYS, HOUSEHOLDS)):
        if day >= LEARNT:
            learnt = nights(rows, day - 1).online
            assert learnt is not None
            said = list(_said(some, truth, rows, people.world, assistant, encoder, projection))
            online = _unjudged(learnt.indexes["en"], projection)
            for own in (True, False):
                cases = said if own else [replace(case, habits=NOBODY) for case in said]
                found.append(collect(online, track(cases, f"households, day {day}")))
        rows += some
    nights.close()
    examples = _together(found)
    kept.write_bytes(pickle.dumps(examples))
    return examples


def _said(
    some: Sequence[LoggedTurn],
    truth: Sequence[Truth],
    before: Sequence[LoggedTurn],
    world: Home,
    assistant: Assistant,
    encoder: Encoder,
    projection: Projection,
) -> Iterator[Case]:
    """Requests of a day as the engine read them, and how they should have been."""
    past: dict[str, list[LoggedTurn]] = defaultdict(list)
    for row in before:
        past[row.user].append(row)
    known: dict[str, Habits] = {}
    for row, one in zip(some, truth, strict=True):
        if one.kind is not Kind.REQUEST or one.right is None or row.basis not in ("words", "trial"):
            continue
        if row.user not in known:
            entries = own_requests(past[row.user])
            last = max((entry.last_s for entry in entries), default=0.0)
            known[row.user] = habits(entries, encoder, projection, now_s=last)
        heard = Heard(Utterance(row.said, row.said), (), encoder.encode([row.said])[0].pooled)
        context = Context("", row.at, device=Device(type=row.device_type))
        meant = partial(_serves, world=world, assistant=assistant, goal=goal_of(one), at=row.at)
        turn = asked(heard, assistant.decide(row.said, row.at), context)
        yield Case(turn, bool(one.right), meant, known[row.user], 1_000_000 + one.person)


def _serves(entry: Entry, *, world: Home, assistant: Assistant, goal: Goal, at: datetime) -> bool:
    found = assistant.decide(entry.shown, at).chosen
    return goal.skill is not None and found is not None and world.fits(found, goal)


def _together(several: list[Examples]) -> Examples:
    held: dict[str, Any] = {
        each.name: np.concatenate([getattr(one, each.name) for one in several])
        for each in fields(Examples)
    }
    starts = np.cumsum([0, *map(len, several)])
    held["turn"] = np.concatenate(
        [one.turn + start for one, start in zip(several, starts, strict=False)]
    )
    return Examples(**held)


def _projection(data: Path, kept: Path, world: World) -> Projection:
    """In-batch softmax of cosines; every second round, batches are of sentences that are alike."""
    if kept.exists():
        return Projection(np.load(kept))
    import torch
    from torch.nn.functional import cross_entropy, normalize

    misheard, plain = (torch.tensor(x) for x in _pairs(data, world))
    _, directions = torch.linalg.eigh(plain.T @ plain)
    matrix = directions.flip(1)[:, :SIZE].clone().requires_grad_(True)
    scale = torch.tensor(np.log(20.0), dtype=torch.float32, requires_grad=True)
    steps = torch.optim.Adam([matrix, scale], lr=2e-3)
    chance = np.random.default_rng(0)
    cells = (plain @ plain[torch.tensor(chance.permutation(len(plain))[:HARD])].T).argmax(1).numpy()
    for round_ in range(ROUNDS):
        place = chance.random(len(plain))
        if round_ % 2:
            place += 1000 * chance.random(HARD)[cells]
        order = np.argsort(place)
        blocks = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        chance.shuffle(blocks)
        for block in blocks:
            said, meant = (normalize(x[block] @ matrix, dim=1) for x in (misheard, plain))
            scores, right = said @ meant.T * scale.exp(), torch.arange(len(block))
            loss = (cross_entropy(scores, right) + cross_entropy(scores.T, right)) / 2
            steps.zero_grad()
            loss.backward()
            steps.step()
        print(f"projection, round {round_}: loss {float(loss.detach()):.3f}")
    found = matrix.detach().numpy()
    np.save(kept, found)
    return Projection(found)


def _pairs(data: Path, world: World) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(n, d) vectors of sentences misheard, and as they were said."""
    import pyarrow.parquet as pq

    texts: set[str] = set()
    for name in ("hwu64", "slurp", "snips", "clinc150"):
        table = pq.read_table(data / "nlu" / name / "train.parquet", columns=["text"])
        texts |= {fold(text) for text in table.column(0).to_pylist()}
    table = pq.read_table(data / "skills" / "alexa_utterances.parquet")
    for row in table.select(["filled", "locale"]).to_pylist():
        if row["filled"] and row["locale"] == "en-US":
            texts.add(fold(row["filled"]))
    chance = Random(77)
    ordered = sorted(text for text in texts if 2 <= len(text.split()) <= 14)
    ordered += [world.wish(chance).text for _ in range(SENTENCES - len(ordered))]
    pairs = [(world.misheard(x, chance.randrange(VOICES), chance), x) for x in ordered]
    pairs = [pair for pair in pairs if pair[0] != pair[1]]
    encoder = Encoder.load(threads=2)
    said, meant = (
        np.stack([one.pooled for one in encoder.encode(list(side))])
        for side in zip(*pairs, strict=True)
    )
    return said, meant


if __name__ == "__main__":
    main()
