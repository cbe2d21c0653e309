"""How well new skills are understood from ten examples an intent, and SNIPS from all of them.

    python -m benchmarks.fewshot DATA --encoder clinc150=FOLDER --encoder banking77=FOLDER --write

DATA holds `nlu/`. The validation part is what is scored, out-of-scope rows left out; training parts
are the given draw of 5 or 10 examples an intent and two more by seed. Methods: the `shared` engine
as skills use it, the same without the hints of intents' names, and logistic regression on sentence
vectors, each with the packaged encoder and with those of `--encoder`; `--encoder reference=FOLDER`
is read for every set. With `--finetune` also `finetuned`: the `shared` engine above layers that
learnt the ten examples, as `sayso train --finetune` makes them, but whatever its gate would say.

The packaged encoder has learnt from these sets' training parts: its figures here say little. Those
that count come from an encoder made by `sayso pretrain --without SET`, named after the set.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.hardware import write_result
from benchmarks.real_skills import C, interval, noise_of, progress_bar
from sayso.encoders import Encoder
from sayso.types.lessons import Label, Span
from sayso.types.readings import Utterance
from sayso.types.skills import Intent, Language
from sayso.understanding import shared
from sayso.understanding.contract import Heard
from sayso.understanding.heard import hear_all
from sayso.understanding.hints import hints
from sayso.understanding.noise import spoiled

SETS = ("clinc150", "banking77", "hwu64")
SHOTS = (5, 10)
SEEDS = 3
PACKAGED, LEFT_OUT, REFERENCE = KINDS = ("packaged", "left out", "reference")
TUNED_SHOTS = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--encoder", action="append", default=[], metavar="SET=FOLDER")
    parser.add_argument("--sets", nargs="+", default=list(SETS))
    parser.add_argument("--shots", nargs="+", type=int, default=list(SHOTS))
    parser.add_argument("--finetune", action="store_true", help="needs the extra train (torch)")
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=KINDS)
    parser.add_argument("--write", action="store_true", help="write results/fewshot.json")
    arguments = parser.parse_args()
    if not (arguments.data / "nlu").is_dir():
        print(f"skipped: {arguments.data} has no nlu/")
        return
    given = dict(pair.split("=", 1) for pair in arguments.encoder)
    result: dict[str, Any] = {}
    for name in arguments.sets:
        folders = {PACKAGED: None, LEFT_OUT: given.get(name), REFERENCE: given.get(REFERENCE)}
        for kind in arguments.kinds:
            folder = folders[kind]
            if kind == PACKAGED or folder:
                encoder = Encoder.load(folder, threads=2)
                figures = measure(
                    arguments.data / "nlu" / name,
                    encoder,
                    arguments.shots,
                    # What it has learnt already says little when it is learnt again.
                    finetune=arguments.finetune and kind != PACKAGED,
                )
                result.setdefault(name, {})[kind] = {"encoder": encoder.name, **figures}
                show(name, kind, figures)
    print(json.dumps(result))
    if arguments.write:
        write_result("fewshot", result)


def measure(
    folder: Path, encoder: Encoder, shots: Sequence[int], *, finetune: bool
) -> dict[str, Any]:
    """Accuracy of each method at each number of examples an intent."""
    tested = in_scope(folder / "validation.parquet")
    draws = {shot: [draw(folder, shot, seed) for seed in range(SEEDS)] for shot in shots}
    intents = sorted({label.intent for labels in draws[shots[0]] for label in labels})
    language = Language(
        "en-US", intents=tuple(Intent(intent, samples=("-",)) for intent in intents)
    )
    names = hints("set", language)
    every = [label for several in draws.values() for labels in several for label in labels]
    asked = {label.text.casefold() for label in tested}
    noise = [x for x in spoiled(every, language.locale) if x.text.casefold() not in asked]
    texts = {label.text for label in [*every, *noise, *tested, *names]}
    with progress_bar() as bar:
        job = bar.add_task(f"hearing {folder.name}", total=len(texts))
        said = [Utterance(text, text) for text in sorted(texts)]
        heard = hear_all(said, encoder, lambda done: bar.update(job, completed=done))
    by_text = {one.utterance.text: one for one in heard}
    figures: dict[str, Any] = {"tested": len(tested)}
    for shot, several in draws.items():
        rights: dict[str, list[list[bool]]] = {}
        for labels in several:
            lessons = [*labels, *noise_of(labels, noise)]
            for method, right in judge(lessons, names, tested, language, by_text).items():
                rights.setdefault(method, []).append(right)
            if finetune and shot == TUNED_SHOTS:
                right = finetuned([*lessons, *names], tested, language, encoder)
                rights.setdefault("finetuned", []).append(right)
        figures[f"{shot} examples"] = {
            method: over_sentences(np.array(right)) for method, right in rights.items()
        }
    return figures


def judge(
    lessons: Sequence[Label],
    names: Sequence[Label],
    tested: Sequence[Label],
    language: Language,
    heard: Mapping[str, Heard],
) -> dict[str, list[bool]]:
    """Which tested sentences each method gets right."""
    from sklearn.linear_model import LogisticRegression

    def right(lessons: Sequence[Label]) -> list[bool]:
        model = shared.fit(lessons, [heard[x.text] for x in lessons], language)
        return [model.likely(heard[x.text])[0][0] == x.intent for x in tested]

    labels = [x for x in lessons if x.own]
    regression = LogisticRegression(C=C, max_iter=1000)
    regression.fit([heard[x.text].pooled for x in labels], [x.intent for x in labels])
    guessed = regression.predict(np.stack([np.asarray(heard[x.text].pooled) for x in tested]))
    return {
        "shared": right([*lessons, *names]),
        "shared-no-names": right(lessons),
        "vectors-regression": [str(g) == x.intent for g, x in zip(guessed, tested, strict=True)],
    }


def finetuned(
    lessons: Sequence[Label], tested: Sequence[Label], language: Language, encoder: Encoder
) -> list[bool]:
    """Which tested sentences are read rightly with layers that learnt the lessons."""
    from sayso.training.finetuning.finetune import PLAN, tuned_layers
    from sayso.training.finetuning.tune import steps_of

    with progress_bar() as bar:
        job = bar.add_task("tuning", total=steps_of(len(lessons), PLAN.few))
        layers = tuned_layers(encoder, lessons, PLAN.few, lambda: bar.advance(job))
    own = encoder.tuned(layers.tobytes())
    heard = hear_all([x.text for x in lessons], own)
    model = shared.fit(lessons, heard, language, PLAN.heads)
    read = [model.likely(x)[0][0] for x in hear_all([x.text for x in tested], own)]
    return [intent == x.intent for intent, x in zip(read, tested, strict=True)]


def over_sentences(right: Any) -> dict[str, float]:
    """Mean accuracy, with an interval by bootstrap over sentences. right: (draws, sentences)."""
    by_sentence = right.mean(axis=0)
    return interval(lambda pick: by_sentence[pick].mean(), len(by_sentence))


def in_scope(path: Path) -> list[Label]:
    import pyarrow.parquet as pq

    rows = pq.read_table(path).to_pylist()
    return [label(row) for row in rows if row["intent"] and row["intent"] != "oos"]


def label(row: Mapping[str, Any]) -> Label:
    slots = json.loads(row.get("slots") or "[]")
    spans = tuple(Span(x["slot"], x["start"], x["end"]) for x in slots if "start" in x)
    return Label(row["text"], "set", row["intent"], "en-US", spans if row.get("tags") else ())


def draw(folder: Path, shots: int, seed: int) -> list[Label]:
    """The set's own draw for seed 0, else one from its training part; the same for all methods."""
    if seed == 0:
        return in_scope(folder / f"train_fewshot_{shots}.parquet")
    by_intent: dict[str, list[Label]] = {}
    for one in in_scope(folder / "train.parquet"):
        by_intent.setdefault(one.intent, []).append(one)
    return [
        one
        for intent in sorted(by_intent)
        for one in Random(f"{seed}/{intent}").sample(
            by_intent[intent], min(shots, len(by_intent[intent]))
        )
    ]


def show(name: str, kind: str, figures: Mapping[str, Any]) -> None:
    table = Table(title=f"{name}, encoder {kind}")
    for heading in ("examples an intent", "method", "accuracy"):
        table.add_column(heading)
    for shots, methods in figures.items():
        if isinstance(methods, Mapping):
            for method, x in methods.items():
                cell = f"{x['mean']:.3f} [{x['low']:.3f}, {x['high']:.3f}]"
                table.add_row(shots, method, cell)
    Console().print(table)


if __name__ == "__main__":
    main()
