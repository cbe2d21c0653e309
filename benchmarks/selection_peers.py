"""Finding one of very many skills: Sayso's register beside what people use instead.

    pip install semantic-router bm25s
    python -m benchmarks.selection_peers DATA/skills --skills 10000 --write

The same skills (the store's English ones, and made-up ones near them), the same sentences, the same
encoder, one after another in one process of one thread:

    sayso            a register on disk, as `sayso train` writes it, searched by `Index`
    flat             all rows' vectors as float32, one product, best row of each skill
    bm25             bm25s over all that a skill says of itself
    semantic-router  IndexedRouter with LocalIndex, a route a skill, its rows as utterances

Times are per sentence, encoding included where there is any; `ratio` is a peer's median over
Sayso's in this run. `add_ms` puts one more skill in, encoding left out.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track

from benchmarks.hardware import write_result
from sayso.bundle import Segment
from sayso.cli.output import progress
from sayso.encoders import Encoder
from sayso.evaluation.crowd import Said, asked, crowd
from sayso.skills.catalogue import CATALOGUE, read_catalogue
from sayso.training.registering import register_alone
from sayso.types.skills import Skill
from sayso.understanding.heard import hear
from sayso.understanding.installing import examples_of
from sayso.understanding.shortlist import Examples, Index, Register, Registered
from sayso.understanding.turning import scoring_for

LOCALE, K = "en-US", 5
Search = Callable[[str], Sequence[str]]
Add = Callable[[Examples], object]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with catalogue.parquet")
    parser.add_argument("--skills", type=int, default=10_000)
    parser.add_argument("--asked", type=int, default=500, help="sentences")
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    if not (arguments.data / CATALOGUE).is_file():
        sys.exit(f"skipped: {arguments.data} lacks {CATALOGUE}")
    try:
        import bm25s  # noqa: F401
        import semantic_router  # noqa: F401
    except ImportError as error:
        sys.exit(f"skipped: {error.name} is missing; pip install semantic-router bm25s")
    made = list(crowd(read_catalogue(arguments.data), arguments.skills, locale=LOCALE))
    result = measure(made, asked(made, arguments.asked))
    print(json.dumps(result, indent=1))
    if arguments.write:
        write_result("selection_peers", result)


def measure(skills: Sequence[Skill], questions: Sequence[Said]) -> dict[str, Any]:
    encoder = Encoder.load()
    with tempfile.TemporaryDirectory() as place, progress() as tell:
        register_alone(skills, Path(place), encoder, tell)
        register = Register(Segment(Path(place) / "en.register"))
        examples = [
            examples_of([(skill, skill.languages[0])], encoder)[0]
            for skill in track(skills, "hearing for the peers")
        ]
        contenders = {
            "sayso": sayso_(register, encoder),
            "flat": flat(examples, encoder),
            "bm25": bm25(examples),
            "semantic-router": semantic(examples, encoder),
        }
        found = {
            name: timed(name, search, add, questions, examples[0])
            for name, (search, add) in contenders.items()
        }
    for one in found.values():
        one["ratio"] = round(one["p50_ms"] / found["sayso"]["p50_ms"], 1)
    return {"skills": len(skills), "asked": len(questions), **found}


def timed(
    name: str, search: Search, add: Add, questions: Sequence[Said], more: Examples
) -> dict[str, Any]:
    search(questions[0].text)
    times, first, among = [], 0, 0
    for one in track(questions, name):
        start = time.perf_counter()
        names = search(one.text)
        times.append(1000 * (time.perf_counter() - start))
        first += one.skill in names[:1]
        among += one.skill in names[:K]
    start = time.perf_counter()
    add(Examples("one-more", more.intents, more.texts, more.vectors))
    p50, p99 = np.quantile(times, (0.5, 0.99))
    return {
        "p50_ms": round(float(p50), 2),
        "p99_ms": round(float(p99), 2),
        "add_ms": round(1000 * (time.perf_counter() - start), 2),
        "recall@1": round(first / len(questions), 3),
        "recall@5": round(among / len(questions), 3),
    }


def sayso_(register: Register, encoder: Encoder) -> tuple[Search, Add]:
    view = Registered(register, register.serving(LOCALE, ()))
    index = Index([], registered=view, scoring=scoring_for(encoder))

    def add(more: Examples) -> Index:
        return Index([more], registered=view, old=index)

    return lambda text: [skill for skill, _ in index.search(hear(text, encoder), K).skills], add


def flat(examples: Sequence[Examples], encoder: Encoder) -> tuple[Search, Add]:
    names = [each.skill for each in examples]
    vectors = np.concatenate([vectors_of(each) for each in examples]).astype(np.float32)
    starts = np.cumsum([0, *(len(each.texts) for each in examples[:-1])])

    def search(text: str) -> list[str]:
        best = np.maximum.reduceat(vectors @ pooled(text, encoder), starts)
        near = np.argpartition(-best, K)[:K]
        return [names[at] for at in near[np.argsort(-best[near])]]

    return search, lambda more: np.concatenate([vectors, vectors_of(more)])


def vectors_of(examples: Examples) -> Any:
    assert examples.vectors is not None
    return examples.vectors


def pooled(text: str, encoder: Encoder) -> Any:
    found = hear(text, encoder).pooled
    assert found is not None
    return found


def bm25(examples: Sequence[Examples]) -> tuple[Search, Add]:
    import bm25s

    names = [each.skill for each in examples]
    texts = ["\n".join(each.texts) for each in examples]

    def built(documents: Sequence[str]) -> Any:
        index = bm25s.BM25()
        index.index(bm25s.tokenize(documents, show_progress=False), show_progress=False)
        return index

    index = built(texts)

    def search(text: str) -> list[str]:
        tokens = bm25s.tokenize([text], show_progress=False)
        places, _ = index.retrieve(tokens, k=K, show_progress=False)
        return [names[at] for at in places[0]]

    return search, lambda more: built([*texts, "\n".join(more.texts)])


def semantic(examples: Sequence[Examples], encoder: Encoder) -> tuple[Search, Add]:
    from semantic_router import IndexedRouter, Route
    from semantic_router.encoders import DenseEncoder

    known = {
        text: vector
        for each in examples
        for text, vector in zip(each.texts, vectors_of(each), strict=True)
    }

    class Ours(DenseEncoder):  # type: ignore[misc]
        """The same encoder; what was heard before is not heard again."""

        name: str = "sayso"

        def __call__(self, docs: list[Any]) -> list[list[float]]:
            heard = (known[text] if text in known else pooled(text, encoder) for text in docs)
            return [vector.tolist() for vector in heard]

    routes = [Route(name=x.skill, utterances=[*dict.fromkeys(x.texts)]) for x in examples]
    router = IndexedRouter(Ours(), routes, top_k=20, aggregation="max", confidence_threshold=0.0)

    def search(text: str) -> list[str]:
        chosen = router(text, limit=K)
        return [one.name for one in chosen]

    return search, lambda more: router.add(
        [Route(name=more.skill, utterances=[f"{text} again" for text in more.texts])]
    )


if __name__ == "__main__":
    main()
