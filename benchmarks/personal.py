"""How often the right skill comes first: for nobody in particular, and for people with skills.

    python -m benchmarks.personal DATA/skills --write
    python -m benchmarks.personal DATA/skills --ship      # the weights that the package holds

DATA/skills as for `benchmarks.selection`. English skills are halved by a hash of their id: the
scores are fitted on phrases of one half and reported on phrases of the other, all 18,825 skills
competing. One pair of models serves all rows. Figures are exact, in float32: no index. The people
are simulated (`sayso.evaluation.people`); a topic is one of 60 clusters, as the store names a
category for one skill in twenty. Intervals are of 95 %, by bootstrap over people.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

import sayso.understanding
from benchmarks.asking import DROPPED, TEN, Heard, Listener
from benchmarks.exact import TEST, TUNING, TURNS, Places, Store, Turn, read_store
from benchmarks.hardware import write_result
from sayso.evaluation.people import Population
from sayso.training.selecting import PersonalRequest, Request, fit_fusion, fit_personal
from sayso.understanding.fusion import FEATURES, Floats, Fusion
from sayso.understanding.personal import ATTENTION, FLAGS, PERSONAL, Personal

KS = (1, 5, 20)
RANDOM = 60  # skills beside those that come near, for the score to know what is far
ELSEWHERE = (1.0, 2.0, 4.0, 8.0, 16.0)  # weights tried for requests for skills that are not enabled
MAY_COST = 0.007  # of recall@1 on the tuning half, where the right skill is not enabled
SETTLED = 30  # requests after which a person has habits
KINDS = {"none": (), "flags": FLAGS, "attention": ATTENTION, "both": (*FLAGS, *ATTENTION)}
TEN_OF_ANY = Population(fewest=TEN, most=TEN, off_topic=1.0, explores=0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with the two parquet files")
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    parser.add_argument("--ship", action="store_true", help="put the weights into the package")
    arguments = parser.parse_args()
    store = read_store(arguments.data)
    fusion, scores = fitted(store)
    learner, tester = (Listener(store, scores, part) for part in (TUNING, TEST))
    people = list(
        learner.simulated(sorted(learner.phrases), people=200, each=30, seed=1, dropped=DROPPED)
    )
    weight, personal = chosen(people, learner)
    result = {
        "elsewhere_weight": weight,
        "nobody": nobody(store, scores),
        **table(store, scores, personal),
        "people": compared(people, weight, tester),
        "weights": {name: round(value, 2) for name, value in personal.weights.items()},
    }
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("personal", result)
    if arguments.ship:
        ship(fusion, personal)


def fitted(store: Store) -> tuple[Fusion, Floats]:
    """The score fitted on the tuning half, and (asked, skills) scores that no phrase taught.

    Phrases of the tuning half are scored by what the other quarter of all skills taught.
    """
    quarters = np.array([_quarter(store, asked.skill) for asked in store.asked])
    tables = dict(_heard(store, quarters % 2 == TUNING, "learning", _near))
    lists = {n: _request(store, n, *near) for n, near in tables.items()}
    models = {
        quarter: fit_fusion([x for n, x in lists.items() if x and quarters[n] == quarter])
        for quarter in np.unique(quarters[quarters % 2 == TUNING])
    }
    fusion = fit_fusion([x for x in lists.values() if x])

    def scored(number: int, features: Floats) -> Floats:
        others = [model for quarter, model in models.items() if quarter != quarters[number]]
        return (others[0] if quarters[number] % 2 == TUNING else fusion).scores(features)

    everything = np.ones(len(store.asked), np.bool_)
    scores = np.zeros((len(store.asked), len(store.skills)), np.float32)
    for number, row in _heard(store, everything, "scoring", scored):
        scores[number] = row
    return fusion, scores


def _quarter(store: Store, skill: int) -> int:
    return crc32(store.skills[skill].encode()) % 4


def _heard(
    store: Store,
    wanted: NDArray[np.bool_],
    what: str,
    made: Callable[[int, Floats], Any],
) -> Iterable[tuple[int, Any]]:
    """Number of each phrase that is wanted, and what is made of all skills' features for it."""
    for number in range(TURNS):
        turn = Turn(store, number)
        own = [n for n, x in enumerate(store.asked) if x.turn == number and wanted[n]]
        for n in track(own, f"{what}, {number + 1} of {TURNS}"):
            yield n, made(n, turn.features(store.asked[n].row))


def _near(number: int, features: Floats) -> tuple[Places, Places, Floats]:
    """Skills that come near, these and some that do not, and the features of the latter."""
    column = {name: features[:, at] for at, name in enumerate(FEATURES)}
    cosine = np.maximum(column["name_cosine"], column["line_cosine"])
    words = np.maximum(column["name_words"], column["line_words"])
    examples = 0.6 * column["example_cosine"] + 0.4 * column["example_words"]
    orders = (
        (np.maximum(examples, 0.6 * cosine + 0.4 * words), 150),
        (examples + 0.5 * column["line_cosine"], 150),
        (column["all_words"], 30),
        (column["example_cosine"], 30),
    )
    near = np.unique(np.concatenate([np.argpartition(-x, k)[:k] for x, k in orders]))
    others = np.random.default_rng(number).choice(len(features), RANDOM)
    beside = np.union1d(near, others)
    return near, beside, features[beside]


def _request(
    store: Store, number: int, near: Places, beside: Places, features: Floats
) -> Request | None:
    """What there is to learn of a phrase; None if its skill did not come near."""
    right = store.asked[number].skill
    if right not in near:
        return None
    return Request(features, int(np.searchsorted(beside, right)))


def chosen(people: Sequence[Heard], learner: Listener) -> tuple[float, Personal]:
    """The least weight of requests for other skills that costs these no more than it may."""
    elsewhere = list(learner.ten(alike=False, own=False))
    without = recall(elsewhere, Personal({}))[0]
    for weight in ELSEWHERE:
        personal = learnt(people, weight)
        if recall(elsewhere, personal)[0] >= without - MAY_COST:
            break
    return weight, personal


def learnt(people: Sequence[Heard], weight: float, names: Sequence[str] = PERSONAL) -> Personal:
    """Weights that these people teach."""
    return fit_personal(
        [
            PersonalRequest(x.scores, x.features, x.right, 1.0 if x.own else weight)
            for x in people
            if x.right >= 0
        ],
        names,
    )


def ranks(heard: Sequence[Heard], personal: Personal) -> NDArray[np.int64]:
    """Place of the right skill, from 0; in the middle of those that score the same."""
    return np.array([_rank(personal.added(x.scores, x.features), x.right) for x in heard])


def _rank(scores: Floats, right: int) -> int:
    if right < 0:
        return 10**6
    better, equal = scores > scores[right], scores == scores[right]
    return int(better.sum() + (equal.sum() - 1) // 2)


def recall(heard: Sequence[Heard], personal: Personal) -> list[float]:
    """At 1, 5 and 20."""
    found = ranks(heard, personal)
    return [round(float((found < k).mean()), 3) for k in KS]


def nobody(store: Store, scores: Floats) -> dict[str, Any]:
    """Recall for nobody in particular, among all skills, of phrases of the test half."""
    own = [n for n, x in enumerate(store.asked) if store.part(x.skill) == TEST and x.turn == 0]
    found = np.array([_rank(scores[n], store.asked[n].skill) for n in own])
    return {"asked": len(own), "recall": [round(float((found < k).mean()), 3) for k in KS]}


def table(store: Store, scores: Floats, personal: Personal) -> dict[str, Any]:
    """Recall@1 of people with ten skills, without habits and with them."""
    tester = Listener(store, scores, TEST, first_turn=True)
    anybody = list(tester.ten(alike=False, own=True))
    rows: dict[str, Any] = {"oracle_filter": {}, "enabled": {}, "with_habits": {}, "elsewhere": {}}
    for name, alike in (("random", False), ("alike", True)):
        own = list(tester.ten(alike=alike, own=True))
        rows["oracle_filter"][name] = recall(own, Personal({"enabled": 1e4}))[0]
        rows["enabled"][name] = recall(own, personal)[0]
        rows["elsewhere"][name] = recall(list(tester.ten(alike=alike, own=False)), personal)[0]
        used = [x for x in _settled(store, scores, alike) if x.before >= SETTLED]
        rows["with_habits"][name] = {
            "asked": len(used),
            "recall": recall(used, personal)[0],
            "without": recall(used, _without_habits(personal))[0],
        }
    rows["elsewhere"]["nobody"] = recall(anybody, Personal({}))[0]
    return rows


def _without_habits(personal: Personal) -> Personal:
    return Personal(personal.weights, habits=False)


def _settled(store: Store, scores: Floats, alike: bool) -> Iterable[Heard]:
    """What people with ten skills of the whole store ask for; alike: all ten of one topic."""
    listener = Listener(store, scores, TEST)
    if not alike:
        everything = range(len(store.skills))
        yield from listener.simulated(
            everything, people=500, each=60, seed=3, population=TEN_OF_ANY
        )
        return
    for topic in np.unique(store.topics):
        same = np.flatnonzero(store.topics == topic)
        if len(same) > TEN:
            yield from listener.simulated(
                same.tolist(), people=8, each=60, seed=100 + int(topic), population=TEN_OF_ANY
            )


def compared(people: Sequence[Heard], weight: float, tester: Listener) -> dict[str, Any]:
    """Recall@1 of what simulated people ask for, each kind of knowledge fitted by itself."""
    heard = list(tester.simulated(sorted(tester.phrases), people=150, each=30, seed=2))
    names = np.array([x.person for x in heard])
    own = np.array([x.own for x in heard])
    first = {
        kind: ranks(heard, learnt(people, weight, features) if features else Personal({})) < 1
        for kind, features in {**KINDS, "all": PERSONAL}.items()
    }
    rows: dict[str, Any] = {"asked": len(heard)}
    for kind, right in first.items():
        rows[kind] = {
            "recall": interval(right, names),
            "enabled": round(float(right[own].mean()), 3),
            "elsewhere": round(float(right[~own].mean()), 3),
        }
    pairs = (("flags", "none"), ("attention", "flags"), ("both", "flags"), ("all", "both"))
    rows["differences"] = {
        f"{better} - {worse}": interval(first[better].astype(float) - first[worse], names)
        for better, worse in pairs
    }
    return rows


def interval(values: NDArray[Any], names: NDArray[np.str_]) -> list[float]:
    """The mean, and its interval when people are drawn anew."""
    _, person = np.unique(names, return_inverse=True)
    sums, counts = np.bincount(person, values), np.bincount(person)
    drawn = np.random.default_rng(0).integers(0, len(sums), (1000, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    return [round(float(x), 3) for x in (values.mean(), *np.quantile(means, (0.025, 0.975)))]


def ship(fusion: Fusion, personal: Personal) -> None:
    """Write the weights into the package, to five digits."""
    folder = Path(sayso.understanding.__file__).parent
    for name, raw in (("fusion", fusion.to_json()), ("personal", personal.to_json())):
        text = json.dumps(raw, default=str)
        short = json.loads(text, parse_float=lambda digits: float(f"{float(digits):.5g}"))
        (folder / f"{name}.json").write_text(json.dumps(short) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
