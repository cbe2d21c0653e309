"""How many errors the re-ranker takes from the shortlist, over all full English skills.

    python -m benchmarks.reranking DATA/skills --write

DATA/skills as its README describes it. Nearly 700 skills of eight ecosystems are one home
(`home`); a third of each intent's samples is held out, and simulated people
(`sayso.evaluation.people`, fixed parameters) ask for them. Each request gets a shortlist of ten
with all that is known of the person; its readings are ranked anew. An error is a first skill that
is not the one asked for; `same`: nor one that has the very sentence. Intervals are of 95 %, by
bootstrap over skills.

Rankers learn from other people (`lessons`): what is held out, by people and by nobody in
particular, and samples that the skills have, which count four times, as does what is held out of
the example home. Without these a sentence that
a skill has would speak against it: all that people are judged on was taken out of the right skill.
Rankers are cross-fitted over fifths of the skills: none has seen a skill it is judged on as the
right one. The product's own row is the ranker that `sayso.train` wrote; its shipped weights were
fitted, as `ships` shows, on three fifths of the skills: `unseen` is for the other two.

torch and LightGBM are needed for four rows of the comparison, which are skipped without them.
`--bundle FOLDER` keeps the trained home there and takes it if it is there.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track
from threadpoolctl import threadpool_limits

import sayso
from benchmarks import confidence
from benchmarks.hardware import write_result
from benchmarks.reranking import nets
from benchmarks.reranking.figures import acted, first_of_shortlist, judged, microseconds, product
from benchmarks.reranking.home import Home, read_home
from benchmarks.reranking.lists import (
    ALL,
    FOLDS,
    KNOWN,
    WORDS,
    Bools,
    Floats,
    Lists,
    columns,
    fit_linear,
    lists_of,
)
from benchmarks.reranking.traffic import Asked, Listener
from sayso.encoders import Encoder
from sayso.skills.labels import labels

BEFORE = ("cosine", "overlap", "carrier", "probability", "strength", "accept", "unresolved")
HABITS = ("uses", "hour")
PEOPLE, SEED, EPOCHS = 150, 7, 5
LESSONS, OF_SAMPLES = 100, 4.0  # people to learn from; how much what is a sample counts
TAUGHT = (0, 1, 2)  # folds of skills that the shipped weights have seen
Scores = Callable[[Floats, Bools], Floats]
Fit = Callable[[Floats, Lists], Scores]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with the parquet files of skills")
    parser.add_argument("--bundle", type=Path, help="keep the trained home in this folder")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--lessons", type=int, default=LESSONS, help="people to learn from")
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    if not (arguments.data / "alexa_models.parquet").is_file():
        sys.exit(f"skipped: {arguments.data} lacks alexa_models.parquet")
    home = read_home(arguments.data)
    with tempfile.TemporaryDirectory() as passing, threadpool_limits(1, "blas"):
        folder = arguments.bundle or Path(passing)
        if not any(folder.glob("versions/*")):
            sayso.train(home.skills, folder)
        result = measure(
            home, folder, arguments.people, arguments.lessons, strangers(arguments.data)
        )
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("reranking", result)


def strangers(data: Path) -> Sequence[str]:
    """Sentences that no skill is for: CLINC150's, if it lies beside DATA/skills."""
    file = data.parent / "nlu" / "clinc150" / "validation.parquet"
    if not file.is_file():
        return ()
    from pyarrow import parquet

    rows = parquet.read_table(file, columns=["text", "intent"]).to_pylist()
    return [row["text"] for row in rows if row["intent"] == "oos"]


def measure(
    home: Home, folder: Path, people: int, teachers: int, strange: Sequence[str]
) -> dict[str, Any]:
    """The table, and what it is made of."""
    engine = sayso.load(folder)
    listener = Listener(engine, home)
    requests = listener.simulated(home.asked, people=people, seed=SEED)
    asked = list(track(requests, "asking"))
    ranker = engine.rankers.of("en-US")
    lists, taught = lists_of(asked), lessons(listener, home, teachers)
    alone = first_of_shortlist(asked)
    confidences = product(asked, ranker)
    rows = {
        "shortlist alone": alone,
        "as `sayso.train` leaves it": judged(confidences, lists, asked),
    }
    for name, (names, fit) in methods().items():
        started = time.thread_time()
        rows[name] = judged(cross_fitted(taught, lists, names, fit), lists, asked)
        rows[name]["fit_s"] = round(time.thread_time() - started, 1)
    unseen = [x for x, fold in zip(asked, lists.folds, strict=True) if fold not in TAUGHT]
    shown = np.array([bool(each.same) for each in asked])
    others = listener.simulated(home.asked, people=people // 5, seed=SEED, strange=strange)
    return {
        "home": home.counts,
        "requests": len(asked),
        "lessons": len(taught.right),
        "same_sentence_elsewhere": round(float(shown.mean()), 3),
        "found": round(float(np.mean([x.skill in dict(x.shortlist) for x in asked])), 3),
        "read": round(float(lists.its.any(axis=1).mean()), 3),
        "readings": round(float(lists.there.sum(axis=1).mean()), 1),
        "rows": rows,
        "unseen": {
            "requests": len(unseen),
            "shortlist alone": first_of_shortlist(unseen),
            "as `sayso.train` leaves it": judged(product(unseen, ranker), lists_of(unseen), unseen),
        },
        "acted": acted(confidences, lists, list(others) if strange else (), ranker),
        "microseconds_a_list": microseconds(asked, ranker),
        "ships": fitted_weights(taught),
    }


def lessons(listener: Listener, home: Home, teachers: int) -> Lists:
    """What rankers learn from: held-out sentences and samples, by people and by nobody.

    And what is held out of the example home, a small one, by nobody; of which nothing is judged.
    """
    samples = {
        skill.id: [x for x in labels(skill, "en-US", per_sample=1, seed=1) if x.own]
        for skill in home.skills
    }
    asked: list[Asked] = []
    counting: list[float] = []
    kinds = [  # what is said, by how many people, whether they are known, and what it counts
        (home.asked, teachers, False, 1.0),
        (samples, teachers * 2 // 5, False, OF_SAMPLES),
        (home.asked, teachers * 3 // 10, True, 1.0),
        (samples, teachers // 6, True, OF_SAMPLES),
    ]
    for number, (sentences, people, nameless, weight) in enumerate(kinds):
        seed = 101 * (number + 1)
        own = listener.simulated(sentences, people=people, seed=seed, nameless=nameless)
        asked += track(own, "learning")
        counting += [weight] * (len(asked) - len(counting))
    example = [
        Asked("", each.meant.skill, each.meant.intent, "", frozenset(), (), each.readings)
        for judged in confidence.read_home(Encoder.load(), ())
        for kind, each in ((one.kind, one.choice) for one in judged)
        if kind == "lesson" and each.meant is not None
    ]
    lists = lists_of([*asked, *example], [*counting, *[OF_SAMPLES] * len(example)])
    nowhere = np.arange(len(lists.folds)) >= len(asked)
    return replace(lists, folds=np.where(nowhere, FOLDS, lists.folds))


def methods() -> dict[str, tuple[Sequence[str], Fit]]:
    """Name -> the features it sees, and how it is fitted."""
    found: dict[str, tuple[Sequence[str], Fit]] = {
        "list-wise logit, features as before": ((*BEFORE, *KNOWN), _linear),
        "list-wise logit, selection beside them": ((*BEFORE, "selection", *KNOWN), _linear),
        "list-wise logit, all but size": ([x for x in ALL if x != "size"], _linear),
        "list-wise logit, all but habits": ([x for x in ALL if x not in HABITS], _linear),
        "list-wise logit, words alone": (WORDS, _linear),
        "list-wise logit (ships)": (ALL, _linear),
    }
    if find_spec("torch") is not None:
        found["point-wise net"] = (ALL, _net(nets.pointwise, listwise=False))
        found["list-wise net"] = (ALL, _net(nets.pointwise))
        found["list-wise bi-LSTM"] = (ALL, _net(nets.lstm))
        found["set transformer"] = (ALL, _net(nets.attention))
    if find_spec("lightgbm") is not None:
        found["LambdaMART"] = (ALL, _trees)
    return found


def _linear(table: Floats, lists: Lists) -> Scores:
    weights = fit_linear(table, lists.fixed, lists.there, lists.right, lists.weights)
    return lambda read, seen: read @ weights


def _net(make: Callable[[int], Any], *, listwise: bool = True) -> Fit:
    def fit(table: Floats, lists: Lists) -> Scores:
        times = np.repeat(np.arange(len(table)), lists.weights.astype(int))
        own = (table[times], lists.fixed[times], lists.there[times], lists.right[times])
        return nets.fit_net(make, *own, listwise=listwise, epochs=EPOCHS)

    return fit


def _trees(table: Floats, lists: Lists) -> Scores:
    times = np.repeat(np.arange(len(table)), lists.weights.astype(int))
    return nets.fit_trees(table[times], lists.there[times], lists.right[times])


def cross_fitted(taught: Lists, lists: Lists, names: Sequence[str], fit: Fit) -> Floats:
    """(n, m) scores of every request by what requests for other skills taught."""
    table = columns(lists, names)
    scores = np.zeros(lists.there.shape)
    for fold in range(FOLDS):
        mine, others = lists.folds == fold, taken(taught, taught.folds != fold)
        made = fit(columns(others, names), others)
        scores[mine] = made(table[mine], lists.there[mine]) + lists.fixed[mine]
    return np.where(lists.there, scores, -np.inf)


def taken(lists: Lists, which: Bools) -> Lists:
    """The lists of which the right reading is there, among these."""
    kept = which & (lists.right >= 0)
    return Lists(**{each.name: getattr(lists, each.name)[kept] for each in fields(Lists)})


def fitted_weights(taught: Lists) -> dict[str, float]:
    """The weights that ship, as these lessons have them; of what is known, times what ships now."""
    own = taken(taught, np.isin(taught.folds, (*TAUGHT, FOLDS)))
    weights = fit_linear(columns(own, ALL), own.fixed, own.there, own.right, own.weights)
    return {name: round(float(x), 2) for name, x in zip(ALL, weights, strict=True)}


if __name__ == "__main__":
    main()
