"""How good an order of readings is, and how sure it is: errors, calibration, what is acted upon."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.reranking.lists import Bools, Floats, Lists, lists_of, softmax
from benchmarks.reranking.traffic import Asked
from sayso.routing.rank import Ranker

BINS = 15
SURE = 0.6  # confidence from which Sayso acts, nothing else being in sight


def first_of_shortlist(asked: Sequence[Asked]) -> dict[str, Any]:
    first = [x.shortlist[0][0] for x in asked]
    wrong = np.array([name != x.skill for name, x in zip(first, asked, strict=True)])
    other = np.array([name not in x.same for name, x in zip(first, asked, strict=True)])
    return {"errors": interval(wrong, asked), "same": interval(wrong & other, asked)}


def product(asked: Sequence[Asked], ranker: Ranker) -> Floats:
    """(n, m) logarithms of the product's confidences."""
    scores = np.full((len(asked), 10), -np.inf)
    for n, each in enumerate(asked):
        sure = {(x.skill, x.intent): x.confidence for x in ranker.rank(each.readings)}
        for at, reading in enumerate(each.readings[:10]):
            scores[n, at] = np.log(max(sure[reading.skill, reading.intent], 1e-12))
    return scores


def acted(
    scores: Floats, lists: Lists, strange: Sequence[Asked], ranker: Ranker
) -> dict[str, float]:
    """Of what is asked, the share acted upon and the errors in it; the same of what is for none."""
    sure = _sure(scores, lists)
    wrong = ~np.take_along_axis(lists.its, scores.argmax(axis=1)[:, None], axis=1)[:, 0]
    done = sure >= SURE
    made = {"share": float(done.mean()), "wrong": float(wrong[done].mean())}
    if strange:
        read = lists_of(strange)
        strangers = _sure(product(strange, ranker), read)
        right = np.concatenate([~wrong, np.zeros(len(strangers), np.bool_)])
        made["strange"] = float((strangers >= SURE).mean())
        made["ece_with_strange"] = _ece(np.concatenate([sure, strangers]), right)
    return {name: round(each, 3) for name, each in made.items()}


def _sure(scores: Floats, lists: Lists) -> Floats:
    """(n,) confidence in the first; of a product's row they are there, of others by softmax."""
    sums = np.exp(np.where(np.isfinite(scores), scores, -np.inf)).sum(axis=1)
    shares = np.exp(scores) if (sums < 1.001).all() else softmax(scores)
    sure: Floats = np.where(lists.there.any(axis=1), shares.max(axis=1), 0.0)
    return sure


def judged(scores: Floats, lists: Lists, asked: Sequence[Asked]) -> dict[str, Any]:
    """Errors with intervals, how many fewer, MRR over skills, and ECE of the first skill.

    ece: of being what was asked for; ece_same: of that or having the very sentence.
    """
    alone = first_of_shortlist(asked)
    order = np.argsort(-scores, axis=1)
    its = np.take_along_axis(lists.its, order, axis=1)
    same = np.take_along_axis(lists.same, order, axis=1)
    wrong = ~its[:, 0]
    other = wrong & ~same[:, 0]
    sure = _sure(scores, lists)
    ranks = np.where(its.any(axis=1), its.argmax(axis=1) + 1, np.inf)
    made = {"errors": interval(wrong, asked), "same": interval(other, asked)}
    fewer = {f"fewer_{name}": round(1 - made[name][0] / alone[name][0], 3) for name in made}
    return {
        **made,
        **fewer,
        "mrr": round(float((1 / ranks).mean()), 3),
        "ece": round(_ece(sure, ~wrong), 3),
        "ece_same": round(_ece(sure, ~other), 3),
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


def microseconds(asked: Sequence[Asked], ranker: Ranker) -> dict[str, float]:
    """Of this thread, for a list of eight readings: the median of what the product's takes."""
    eight = [list(x.readings) for x in asked if len(x.readings) == 8][:500]
    times = []
    for readings in eight:
        started = time.perf_counter()
        ranker.rank(readings)
        times.append(1e6 * (time.perf_counter() - started))
    return {"lists": len(eight), "median": round(float(np.median(times)), 1)} if eight else {}
