"""How many errors the re-ranker takes from the shortlist, over all full English skills.

    python -m benchmarks.reranking DATA/skills --write

DATA/skills as its README describes it. Nearly 700 skills of eight ecosystems are one home
(`home`); a third of each intent's samples is held out, and simulated people
(`sayso.evaluation.people`, fixed parameters) ask for them. Each request gets a shortlist of ten
with all that is known of the person; its readings are ranked anew. An error is a first skill that
is not the one asked for; `same`: nor one that has the very sentence. Rankers are cross-fitted over
fifths of the skills: none has seen a skill it is judged on as the right one. Intervals are of 95 %,
by bootstrap over skills. The product's own row is the ranker that `sayso.train` wrote: what it
ships with was fitted on this home.

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
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track
from threadpoolctl import threadpool_limits

import sayso
from benchmarks.hardware import write_result
from benchmarks.reranking import nets
from benchmarks.reranking.home import Home, read_home
from benchmarks.reranking.lists import (
    FOLDS,
    Bools,
    Floats,
    Lists,
    columns,
    fit_linear,
    lists_of,
    softmax,
)
from benchmarks.reranking.traffic import Asked, Listener
from sayso.routing.rank import Ranker
from sayso.training.ranking import FITTED

BEFORE = ("cosine", "overlap", "carrier", "probability", "strength", "accept", "unresolved")
PEOPLE, SEED, BINS, EPOCHS = 150, 7, 15, 12
Scores = Callable[[Floats, Bools], Floats]
Fit = Callable[[Floats, Floats, Bools, Any], Scores]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with the parquet files of skills")
    parser.add_argument("--bundle", type=Path, help="keep the trained home in this folder")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    if not (arguments.data / "alexa_models.parquet").is_file():
        sys.exit(f"skipped: {arguments.data} lacks alexa_models.parquet")
    home = read_home(arguments.data)
    with tempfile.TemporaryDirectory() as passing, threadpool_limits(1, "blas"):
        folder = arguments.bundle or Path(passing)
        if not any(folder.glob("versions/*")):
            sayso.train(home.skills, folder)
        result = measure(home, folder, arguments.people)
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("reranking", result)


def measure(home: Home, folder: Path, people: int) -> dict[str, Any]:
    """The table, and what it is made of."""
    engine = sayso.load(folder)
    requests = Listener(engine, home).simulated(people=people, seed=SEED, asked=home.asked)
    asked = list(track(requests, "asking"))
    lists = lists_of(asked)
    product = _product(asked, engine.rankers.of("en-US"))
    rows = {"shortlist alone": _first_of_shortlist(asked)}
    rows["as `sayso.train` leaves it"] = judged(product, lists, asked, rows["shortlist alone"])
    for name, (names, fit) in methods().items():
        started = time.thread_time()
        scores = cross_fitted(lists, names, fit)
        rows[name] = judged(scores, lists, asked, rows["shortlist alone"])
        rows[name]["fit_s"] = round(time.thread_time() - started, 1)
    shown = np.array([bool(each.same) for each in asked])
    return {
        "home": home.counts,
        "requests": len(asked),
        "same_sentence_elsewhere": round(float(shown.mean()), 3),
        "found": round(float(np.mean([x.skill in dict(x.shortlist) for x in asked])), 3),
        "read": round(float(lists.its.any(axis=1).mean()), 3),
        "readings": round(float(lists.there.sum(axis=1).mean()), 1),
        "rows": rows,
        "microseconds_a_list": _microseconds(asked, engine.rankers.of("en-US")),
        "which": fitted_weights(lists),
    }


def methods() -> dict[str, tuple[Sequence[str], Fit]]:
    """Name -> the features it sees, and how it is fitted."""
    found: dict[str, tuple[Sequence[str], Fit]] = {
        "list-wise logit, features as before": (BEFORE, _linear),
        "list-wise logit, selection beside them": ((*BEFORE, "selection"), _linear),
        "list-wise logit, all but size": ([x for x in FITTED if x != "size"], _linear),
        "list-wise logit (ships)": (FITTED, _linear),
    }
    if find_spec("torch") is not None:
        found["point-wise net"] = (FITTED, _net(nets.pointwise, listwise=False))
        found["list-wise net"] = (FITTED, _net(nets.pointwise))
        found["list-wise bi-LSTM"] = (FITTED, _net(nets.lstm))
        found["set transformer"] = (FITTED, _net(nets.attention))
    if find_spec("lightgbm") is not None:
        found["LambdaMART"] = (FITTED, lambda table, _, there, right: _trees(table, there, right))
    return found


def _linear(table: Floats, fixed: Floats, there: Bools, right: Any) -> Scores:
    weights = fit_linear(table[..., :-1], fixed + table[..., -1], there, right)
    return lambda lists, seen: lists[..., :-1] @ weights + lists[..., -1]


def _net(make: Callable[[int], Any], *, listwise: bool = True) -> Fit:
    return lambda table, fixed, there, right: nets.fit_net(
        make, table, fixed, there, right, listwise=listwise, epochs=EPOCHS
    )


def _trees(table: Floats, there: Bools, right: Any) -> Scores:
    return nets.fit_trees(table, there, right)


def cross_fitted(lists: Lists, names: Sequence[str], fit: Fit) -> Floats:
    """(n, m) scores of every request by what requests for other skills taught.

    What is known of the person is the last column; a linear ranker adds it as it is.
    """
    table = np.concatenate([columns(lists, names), lists.personal[..., None]], axis=-1)
    scores = np.zeros(lists.there.shape)
    for fold in range(FOLDS):
        mine, others = lists.folds == fold, (lists.folds != fold) & lists.taught
        made = fit(table[others], lists.fixed[others], lists.there[others], lists.right[others])
        scores[mine] = made(table[mine], lists.there[mine]) + lists.fixed[mine]
    return np.where(lists.there, scores, -np.inf)


def fitted_weights(lists: Lists) -> dict[str, float]:
    """What all the requests together teach: the weights that ship, rounded, come from such."""
    own = lists.taught
    weights = fit_linear(
        columns(lists, FITTED)[own],
        (lists.fixed + lists.personal)[own],
        lists.there[own],
        lists.right[own],
    )
    return {name: round(float(x), 2) for name, x in zip(FITTED, weights, strict=True)}


def _first_of_shortlist(asked: Sequence[Asked]) -> dict[str, Any]:
    first = [x.shortlist[0][0] for x in asked]
    wrong = np.array([name != x.skill for name, x in zip(first, asked, strict=True)])
    other = np.array([name not in x.same for name, x in zip(first, asked, strict=True)])
    return {"errors": interval(wrong, asked), "same": interval(wrong & other, asked)}


def _product(asked: Sequence[Asked], ranker: Ranker) -> Floats:
    """(n, m) logarithms of the product's confidences."""
    scores = np.full((len(asked), 10), -np.inf)
    for n, each in enumerate(asked):
        sure = {(x.skill, x.intent): x.confidence for x in ranker.rank(each.readings)}
        for at, reading in enumerate(each.readings[:10]):
            scores[n, at] = np.log(max(sure[reading.skill, reading.intent], 1e-12))
    return scores


def judged(
    scores: Floats, lists: Lists, asked: Sequence[Asked], alone: dict[str, Any]
) -> dict[str, Any]:
    """Errors with intervals, how many fewer, MRR over skills, and ECE of the first skill."""
    order = np.argsort(-scores, axis=1)
    its = np.take_along_axis(lists.its, order, axis=1)
    same = np.take_along_axis(lists.same, order, axis=1)
    wrong = ~its[:, 0]
    other = wrong & ~same[:, 0]
    sums = np.exp(np.where(np.isfinite(scores), scores, -np.inf)).sum(axis=1)
    shares = np.exp(scores) if (sums < 1.001).all() else softmax(scores)
    sure = np.where(lists.there.any(axis=1), shares.max(axis=1), 0.0)
    ranks = np.where(its.any(axis=1), its.argmax(axis=1) + 1, np.inf)
    made = {"errors": interval(wrong, asked), "same": interval(other, asked)}
    fewer = {f"fewer_{name}": round(1 - made[name][0] / alone[name][0], 3) for name in made}
    found = lists.right >= 0
    return {
        **made,
        **fewer,
        "mrr": round(float((1 / ranks).mean()), 3),
        "ece": round(_ece(sure, ~other), 3),
        "ece_where_found": round(_ece(sure[found], ~other[found]), 3),
    }


def _ece(sure: Floats, right: Bools) -> float:
    parts = np.array_split(np.argsort(sure, kind="stable"), BINS)
    gaps = [len(x) * abs(sure[x].mean() - right[x].mean()) for x in parts if len(x)]
    return float(sum(gaps) / max(len(sure), 1))


def interval(values: Bools, asked: Sequence[Asked]) -> list[float]:
    """The mean, and its interval when skills are drawn anew."""
    _, skill = np.unique([x.skill for x in asked], return_inverse=True)
    sums, counts = np.bincount(skill, values), np.bincount(skill)
    drawn = np.random.default_rng(0).integers(0, len(sums), (1000, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    return [round(float(x), 4) for x in (values.mean(), *np.quantile(means, (0.025, 0.975)))]


def _microseconds(asked: Sequence[Asked], ranker: Ranker) -> dict[str, float]:
    """Of this thread, for a list of eight readings: the median of what the product's takes."""
    eight = [list(x.readings) for x in asked if len(x.readings) == 8][:500]
    times = []
    for readings in eight:
        started = time.perf_counter()
        ranker.rank(readings)
        times.append(1e6 * (time.perf_counter() - started))
    return {"lists": len(eight), "median": round(float(np.median(times)), 1)} if eight else {}


if __name__ == "__main__":
    main()
