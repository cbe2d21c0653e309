"""How often the right skill comes first: for nobody in particular, and for people with skills.

    python -m benchmarks.personal DATA/skills --write
    python -m benchmarks.personal DATA/skills --ship      # the weights that the package holds
    python -m benchmarks.personal DATA/skills --plain     # without maps: for any other encoder

DATA/skills as for `benchmarks.selection`. English skills are halved by a hash of their id: the
scores are fitted on phrases of one half and reported on phrases of the other, all 18,825 skills
competing. One pair of models serves all rows. Figures are exact: no index. The people
are simulated (`sayso.evaluation.people`); a topic is one of 60 clusters, as the store names a
category for one skill in twenty. Intervals are of 95 %, by bootstrap over people.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sayso.understanding
from benchmarks.asking import DROPPED, TEN, Heard, Listener
from benchmarks.exact import TEST, TUNING, Store, read_store
from benchmarks.hardware import write_result
from benchmarks.scoring import fitted
from benchmarks.turning import PLAIN, turnings
from sayso.encoders import Encoder
from sayso.evaluation.people import Population
from sayso.training.selecting import PersonalRequest, fit_personal
from sayso.understanding.fusion import Floats, Fusion
from sayso.understanding.personal import ATTENTION, FLAGS, PERSONAL, Personal
from sayso.understanding.turning import MAPS, WEIGHTS, Turning

KS = (1, 5, 20)
UNKNOWN = 0.5  # share of the requests learnt from that come without habits
ELSEWHERE = (
    1.0,
    1.5,
    2.0,
    3.0,
    4.0,
    6.0,
    8.0,
    12.0,
)  # weights tried for requests for skills that are not enabled
MAY_COST = 0.01  # of recall@1 on the tuning half, where the right skill is not enabled
SETTLED = 30  # requests after which a person has habits
KINDS = {"none": (), "flags": FLAGS, "attention": ATTENTION, "both": (*FLAGS, *ATTENTION)}
TEN_OF_ANY = Population(fewest=TEN, most=TEN, off_topic=1.0, explores=0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with the two parquet files")
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    parser.add_argument("--plain", action="store_true", help="compare vectors as they are")
    parser.add_argument("--maps", type=Path, help="folder where learnt maps are kept meanwhile")
    parser.add_argument("--ship", action="store_true", help="put the weights into the package")
    arguments = parser.parse_args()
    store = read_store(arguments.data)
    maps = PLAIN if arguments.plain else turnings(store, arguments.maps)
    fusion, scores = fitted(store, maps)
    learner, tester = (Listener(store, scores, part) for part in (TUNING, TEST))
    people = list(
        learner.simulated(
            sorted(learner.phrases), people=200, each=30, seed=1, dropped=DROPPED, unknown=UNKNOWN
        )
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
        write_result("personal_plain" if arguments.plain else "personal", result)
    if arguments.ship:
        ship(fusion, personal, maps.get(None))


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
    kinds = ("oracle_filter", "enabled", "enabled_with_examples", "with_habits", "elsewhere")
    rows: dict[str, Any] = {kind: {} for kind in kinds}
    for name, alike in (("random", False), ("alike", True)):
        own = list(tester.ten(alike=alike, own=True))
        rows["oracle_filter"][name] = recall(own, Personal({"enabled": 1e4}))[0]
        rows["enabled"][name] = recall(own, personal)[0]
        rivals = list(tester.ten(alike=alike, own=True, with_examples=True))
        rows["enabled_with_examples"][name] = recall(rivals, personal)[0]
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


def ship(fusion: Fusion, personal: Personal, turning: Turning | None) -> None:
    """Write the weights into the package, to five digits; those of people only beside maps."""
    folder = Path(sayso.understanding.__file__).parent
    shipped: dict[str, Any] = {"fusion.json": fusion.to_json()}
    if turning is not None:
        np.save(folder / MAPS, turning.packed())
        ours = {"encoder": Encoder.load().fingerprint, "fusion": fusion.to_json()}
        shipped = {WEIGHTS: ours, "personal.json": personal.to_json()}
    for name, raw in shipped.items():
        text = json.dumps(raw, default=str)
        short = json.loads(text, parse_float=lambda digits: float(f"{float(digits):.5g}"))
        (folder / name).write_text(json.dumps(short) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
