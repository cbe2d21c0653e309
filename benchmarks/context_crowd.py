"""Whether the right skill of each test turn is found among all English skills of a store.

    python -m benchmarks.context_crowd DATA/skills --write

The test skills of `benchmarks.context` stand among the store's. Places are those of the shortlist,
by words alone, and what they would be if what goes on around were added to the first 64: how near
each fact lies to a skill's rows, and whether it comes from it. The index does not do the latter.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.hardware import write_result
from benchmarks.situations.world import TESTING, Situation, context_of, read, skills_of
from sayso.encoders import Encoder
from sayso.skills import read_skills
from sayso.understanding.heard import hear
from sayso.understanding.installing import examples_of
from sayso.understanding.shortlist import Examples, Index
from sayso.understanding.situation import Around, look_around, shipped_situational
from sayso.understanding.situation.relate import STRANGERS
from sayso.understanding.turning import scoring_for

LOCALE = "en-US"
FIRST = (1, 3, 8, 16, 64)
MOST = 64


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with catalogue.parquet")
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    written, encoder = read(TESTING), Encoder.load()
    skills = list(skills_of({**written["skills"], **written["later"]["skills"]}))
    store = read_skills(arguments.data / "catalogue.parquet")
    skills += [skill for skill in store if skill.language(LOCALE) is not None]
    plans = [(skill, skill.language(LOCALE) or skill.languages[0]) for skill in skills]
    examples = {one.skill: one for one in examples_of(plans, encoder)}
    index = Index(examples.values(), scoring=scoring_for(encoder))
    turns = [*written["turns"], *written["later"]["turns"]]
    pairs = [places(turn, index, examples, encoder) for turn in turns]
    must = np.array([turn["signal"] != "against" for turn in turns])
    result = {
        "skills": len(examples),
        "turns": int(must.sum()),
        **{
            name: {f"first {k}": int((found[must] < k).sum()) for k in FIRST}
            for name, found in zip(("words", "with_situation"), np.array(pairs).T, strict=True)
        },
    }
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("context_crowd", result)


def places(
    turn: Situation, index: Index, examples: Mapping[str, Examples], encoder: Encoder
) -> tuple[int, int]:
    """Place of the right skill, from 0, by words alone and with what goes on; MOST if not found."""
    found = index.search(hear(turn["say"], encoder), MOST).skills
    around = look_around(context_of(turn), encoder)
    scores = [score + added(around, examples[skill]) for skill, score in found]
    names = [skill for skill, _ in found]
    if turn["means"] not in names:
        return MOST, MOST
    at = names.index(turn["means"])
    return at, sum(score > scores[at] for score in scores)


def added(around: Around, examples: Examples) -> float:
    """What goes on, in log-odds, for a skill as a whole: the fact that lies nearest, and `same`."""
    if around.vectors is None or examples.vectors is None:
        return 0.0
    near = (examples.vectors @ around.vectors.T).max(axis=0) - STRANGERS
    near = np.maximum(near, 0.0) / (1 - STRANGERS)
    weights: list[Mapping[str, float]] = [
        shipped_situational().weights[fact.kind] for fact in around.facts
    ]
    best = int(near.argmax())
    total = float(near[best]) * weights[best].get("near", 0.0)
    own = (fact.skill == examples.skill for fact in around.facts)
    return total + sum(w.get("same", 0.0) for w, mine in zip(weights, own, strict=True) if mine)


if __name__ == "__main__":
    main()
