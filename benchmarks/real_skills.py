"""How well the engines tell the intents and find the slots of real Alexa skills.

    python -m benchmarks.real_skills FOLDER --write

FOLDER holds `alexa_models.parquet` and `alexa_models-2.parquet`, one interaction model a row. Of
every English skill one model is read (en-US before others) by Sayso's own importer, and every
sample is filled once from the slot's type, or from Sayso's list for a built-in type. Custom intents
of at least four utterances take part, of skills with at least two of them. A text that two intents
share is left out; of a text that one intent has twice, one is kept: none is on both sides of a
split. Half of each intent's utterances train, the others test; five seeds. Each figure is a mean
over skills, with a 95 % interval by bootstrap over skills.

`--fillings 3` makes three texts of each training sample with slots, as `sayso train` does.
`--reference FOLDER` is an encoder of MiniLM (docs/encoder.md), whose frozen vectors a regression
sees beside those of the packaged encoder. IRER is the share of utterances with any intent or slot
wrong.
`shared-no-names` is the shared engine without the hints in intents' names. Logistic regression
sees the encoder's sentence vectors. Settings were tuned on held-out halves of every second skill;
the shared engine then got five more changes after a first full run, watched on all skills. These
figures are therefore no blind test, and both engines were not tuned as long (docs/log.md).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from benchmarks.hardware import RESULTS, hardware
from sayso.encoders import Encoder
from sayso.skills.alexa import import_model
from sayso.skills.labels import labels
from sayso.types.lessons import Label
from sayso.types.readings import Utterance
from sayso.types.skills import Language, Skill
from sayso.understanding import maxent_crf, shared
from sayso.understanding.contract import Heard, Reading
from sayso.understanding.heard import hear_all
from sayso.understanding.hints import hints
from sayso.understanding.noise import spoiled

RESULT = RESULTS / "real_skills.json"
FILES = ("alexa_models.parquet", "alexa_models-2.parquet")
LEAST_UTTERANCES, LEAST_INTENTS = 4, 2
C = 100.0  # of logistic regression on unit vectors
RESAMPLES = 10_000
BASELINE, REFERENCE = "maxent-crf", "minilm-regression"

Read = Callable[[Heard], Reading]


@dataclass(frozen=True, slots=True)
class Case:
    """A skill that takes part.

    more: further fillings of an utterance's sample, by its text; noise: utterances with a word
    spoiled, as a skill learns them beside its samples.
    """

    id: str
    language: Language
    utterances: Sequence[Label]
    more: Mapping[str, Sequence[Label]]
    names: Sequence[Label]
    noise: Sequence[Label]


Fit = Callable[[Case, Sequence[Label], Mapping[str, Heard]], Read]


@dataclass(slots=True)
class Tally:
    """What one method did on one skill, over all seeds."""

    accuracy: list[float] = field(default_factory=list)
    irer: list[float] = field(default_factory=list)
    fit_s: list[float] = field(default_factory=list)
    found: int = 0
    said: int = 0
    right: int = 0

    @property
    def slot_f1(self) -> float | None:
        """Over all slots of all test halves; None for a skill without slots."""
        return 2 * self.right / (self.found + self.said) if self.said else None


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--fillings", type=int, default=1, help="texts of a training sample")
    parser.add_argument("--encoder", type=Path, help="instead of the packaged one")
    parser.add_argument("--reference", type=Path, help="an encoder folder of MiniLM")
    parser.add_argument("--every", type=int, default=1, help="read every n-th skill only")
    parser.add_argument("--write", action="store_true", help=f"write {RESULT.name}")
    arguments = parser.parse_args()
    missing = [name for name in FILES if not (arguments.folder / name).is_file()]
    if missing:
        print(f"skipped: {arguments.folder} has no {' and no '.join(missing)}")
        return
    rows = read_rows(arguments.folder)
    cases, counts = make_cases(rows, arguments.fillings)
    cases = cases[:: arguments.every]
    encoder = Encoder.load(arguments.encoder)
    with progress_bar() as bar:
        heard = hear_texts(cases, encoder, bar)
        methods = dict(METHODS)
        if arguments.reference:
            seen = hear_texts(cases, Encoder.load(arguments.reference), bar)
            methods[REFERENCE] = with_vectors_of(seen)
        tallies = run(cases, heard, methods, arguments.seeds, bar)
    result = {
        "hardware": hardware(),
        "encoder": {"name": encoder.name, "fingerprint": encoder.fingerprint},
        "data": counts,
        "seeds": arguments.seeds,
        "fillings": arguments.fillings,
        "methods": {method: summary(method, tallies) for method in tallies},
    }
    show(result)
    if arguments.write:
        write(result)


def read_rows(folder: Path) -> list[dict[str, Any]]:
    """English models of both files, one a skill: en-US before other locales."""
    import pyarrow.parquet as pq

    columns = ["skill_id", "skill_name", "locale", "lang_text", "model"]
    rows = [
        row for name in FILES for row in pq.read_table(folder / name, columns=columns).to_pylist()
    ]
    english = [row for row in rows if row["lang_text"] == "en"]
    chosen: dict[str, dict[str, Any]] = {}
    for row in sorted(english, key=lambda row: str(row["locale"] != "en-US")):
        chosen.setdefault(row["skill_id"], row)
    return [chosen[key] for key in sorted(chosen)]


def make_cases(
    rows: Sequence[Mapping[str, Any]], fillings: int
) -> tuple[list[Case], dict[str, int]]:
    """Skills that take part, and counts of what was read and left out."""
    counts: Counter[str] = Counter(english_skills=len(rows))
    cases = []
    for row in rows:
        language, _ = import_model(
            json.loads(row["model"]),
            id=row["skill_id"],
            name=row["skill_name"] or "",
            locale=row["locale"],
        )
        case = make_case(row["skill_id"], language, fillings, counts)
        if case is not None:
            cases.append(case)
            counts["skills"] += 1
            counts["intents"] += len({label.intent for label in case.utterances})
            counts["utterances"] += len(case.utterances)
            counts["utterances_with_slots"] += sum(bool(x.spans) for x in case.utterances)
    return cases, dict(counts)


def make_case(id: str, language: Language, fillings: int, counts: Counter[str]) -> Case | None:
    skill = Skill(id, id, languages=(language,))
    by_sample: dict[tuple[str, str | None], list[Label]] = {}
    for label in labels(skill, language.locale, per_sample=fillings):
        if not label.intent.startswith("AMAZON."):
            by_sample.setdefault((label.intent, label.template), []).append(label)
    by_text: dict[str, list[Sequence[Label]]] = {}
    for made in by_sample.values():
        by_text.setdefault(made[0].text.casefold(), []).append(made)
    counts["texts_of_two_intents_left_out"] += sum(map(shared_by_intents, by_text.values()))
    single = [same for same in by_text.values() if not shared_by_intents(same)]
    counts["repeated_texts_left_out"] += sum(len(same) - 1 for same in single)
    sizes = Counter(same[0][0].intent for same in single)
    kept = {intent for intent, size in sizes.items() if size >= LEAST_UTTERANCES}
    if len(kept) < LEAST_INTENTS:
        return None
    samples = [same[0] for same in single if same[0][0].intent in kept]
    chosen = [made[0] for made in samples]
    said = {label.text.casefold() for label in chosen}
    return Case(
        id,
        language,
        chosen,
        {made[0].text: made[1:] for made in samples},
        [x for x in hints(id, language) if x.intent in kept and x.text not in said],
        [x for x in spoiled(chosen, language.locale) if x.text.casefold() not in said],
    )


def shared_by_intents(same: Sequence[Sequence[Label]]) -> bool:
    return len({made[0].intent for made in same}) > 1


def hear_texts(cases: Sequence[Case], encoder: Encoder, bar: Progress) -> dict[str, Heard]:
    texts = {x.text for case in cases for x in (*case.utterances, *case.names, *case.noise)}
    texts |= {x.text for case in cases for more in case.more.values() for x in more}
    job = bar.add_task("hearing", total=len(texts))
    said = [Utterance(text, text) for text in sorted(texts)]
    heard = hear_all(said, encoder, lambda done: bar.update(job, completed=done))
    return {one.utterance.text: one for one in heard}


def run(
    cases: Sequence[Case],
    heard: Mapping[str, Heard],
    methods: Mapping[str, Fit],
    seeds: int,
    bar: Progress,
) -> dict[str, dict[str, Tally]]:
    """Method -> skill -> tally."""
    tallies: dict[str, dict[str, Tally]] = {method: {} for method in methods}
    job = bar.add_task("skills x seeds", total=len(cases) * seeds)
    for case in cases:
        for seed in range(seeds):
            train, test = split(case, seed)
            for method, fit in methods.items():
                tally = tallies[method].setdefault(case.id, Tally())
                start = time.perf_counter()
                read = fit(case, train, heard)
                tally.fit_s.append(time.perf_counter() - start)
                score(read, test, heard, tally)
            bar.advance(job)
    return tallies


def split(case: Case, seed: int) -> tuple[list[Label], list[Label]]:
    """Half of each intent's utterances, rounded up, with their further fillings; and the rest."""
    chance = random.Random(f"{seed}/{case.id}")
    by_intent: dict[str, list[Label]] = {}
    for label in case.utterances:
        by_intent.setdefault(label.intent, []).append(label)
    train: list[Label] = []
    test: list[Label] = []
    for same in by_intent.values():
        chance.shuffle(same)
        half = (len(same) + 1) // 2
        train += same[:half]
        test += same[half:]
    tested = {label.text.casefold() for label in test}
    more = [x for label in train for x in case.more[label.text]]
    return train + [label for label in more if label.text.casefold() not in tested], test


def score(read: Read, test: Sequence[Label], heard: Mapping[str, Heard], tally: Tally) -> None:
    right = whole = 0
    for label in test:
        reading = read(heard[label.text])
        right += reading.intent == label.intent
        found = {(slot.name, slot.start, slot.end) for slot in reading.slots}
        said = {(span.name, span.start, span.end) for span in label.spans}
        tally.found += len(found)
        tally.said += len(said)
        tally.right += len(found & said)
        whole += reading.intent == label.intent and found == said
    tally.accuracy.append(right / len(test))
    tally.irer.append(1 - whole / len(test))


def fit_shared(case: Case, train: Sequence[Label], heard: Mapping[str, Heard]) -> Read:
    lessons = [*train, *case.names, *noise_of(train, case.noise)]
    model = shared.fit(lessons, [heard[label.text] for label in lessons], case.language)
    return lambda said: model.read(said, limit=1)[0]


def noise_of(labels: Sequence[Label], noise: Sequence[Label]) -> list[Label]:
    """Of the spoiled texts those that were made from these labels' samples."""
    taught = {(label.intent, label.sample) for label in labels}
    return [x for x in noise if (x.intent, x.sample) in taught]


def fit_shared_no_names(case: Case, train: Sequence[Label], heard: Mapping[str, Heard]) -> Read:
    lessons = [*train, *noise_of(train, case.noise)]
    model = shared.fit(lessons, [heard[label.text] for label in lessons], case.language)
    return lambda said: model.read(said, limit=1)[0]


def fit_maxent_crf(case: Case, train: Sequence[Label], heard: Mapping[str, Heard]) -> Read:
    model = maxent_crf.fit(train, [heard[label.text] for label in train], case.language)
    return lambda said: model.read(said, limit=1)[0]


def fit_regression(case: Case, train: Sequence[Label], heard: Mapping[str, Heard]) -> Read:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=C, max_iter=2000)
    model.fit([heard[label.text].pooled for label in train], [label.intent for label in train])

    def read(said: Heard) -> Reading:
        return Reading(str(model.predict(np.asarray(said.pooled)[None])[0]), 1.0)

    return read


def with_vectors_of(seen: Mapping[str, Heard]) -> Fit:
    """Regression on another encoder's vectors, in training and in reading."""

    def fit(case: Case, train: Sequence[Label], heard: Mapping[str, Heard]) -> Read:
        read = fit_regression(case, train, seen)
        return lambda said: read(seen[said.utterance.text])

    return fit


METHODS: Mapping[str, Fit] = {
    "shared": fit_shared,
    "shared-no-names": fit_shared_no_names,
    "vectors-regression": fit_regression,
    BASELINE: fit_maxent_crf,
}


def summary(method: str, tallies: Mapping[str, Mapping[str, Tally]]) -> dict[str, Any]:
    """Means over skills, with intervals."""
    mine, base = list(tallies[method].values()), list(tallies[BASELINE].values())
    accuracy = np.array([np.mean(tally.accuracy) for tally in mine])
    errors = np.stack([1 - accuracy, [1 - np.mean(tally.accuracy) for tally in base]])
    wrong = np.array([[np.mean(tally.irer) for tally in each] for each in (mine, base)])
    slots = np.array([tally.slot_f1 for tally in mine if tally.slot_f1 is not None])
    finds_slots = any(tally.found for tally in mine)
    fits = np.array([seconds for tally in mine for seconds in tally.fit_s])
    return {
        "intent_accuracy": interval(lambda pick: accuracy[pick].mean(), len(mine)),
        "fewer_errors": interval(
            lambda pick: 1 - errors[0, pick].mean() / errors[1, pick].mean(), len(mine)
        ),
        "irer": interval(lambda pick: wrong[0, pick].mean(), len(mine)) if finds_slots else None,
        "fewer_irer": interval(
            lambda pick: 1 - wrong[0, pick].mean() / wrong[1, pick].mean(), len(mine)
        )
        if finds_slots
        else None,
        "fewer_errors_than_reference": fewer_than(tallies, method, REFERENCE),
        "slot_f1": interval(lambda pick: slots[pick].mean(), len(slots)) if finds_slots else None,
        "skills_with_slots": len(slots),
        "fit_s": {"mean": round(float(fits.mean()), 4), "most": round(float(fits.max()), 3)},
    }


def fewer_than(
    tallies: Mapping[str, Mapping[str, Tally]], method: str, other: str
) -> dict[str, float] | None:
    """Share of another method's intent errors that this one does not make."""
    if other not in tallies:
        return None
    mine, theirs = (
        np.array([1 - np.mean(tally.accuracy) for tally in tallies[name].values()])
        for name in (method, other)
    )
    return interval(lambda pick: 1 - mine[pick].mean() / theirs[pick].mean(), len(mine))


def interval(figure: Callable[[Any], float], size: int) -> dict[str, float]:
    """A figure over all skills, and the middle 95 % of it over resampled ones."""
    chance = np.random.default_rng(0)
    picks = chance.integers(0, size, (RESAMPLES, size))
    low, high = np.quantile([figure(pick) for pick in picks], (0.025, 0.975))
    whole = figure(np.arange(size))
    return {"mean": round(float(whole), 4), "low": round(low, 4), "high": round(high, 4)}


def show(result: Mapping[str, Any]) -> None:
    table = Table(title=f"{result['data']['skills']} skills, {result['seeds']} seeds")
    keys = (
        "intent_accuracy",
        "fewer_errors",
        "fewer_errors_than_reference",
        "slot_f1",
        "irer",
        "fewer_irer",
    )
    for heading in ("method", *(key.replace("_", " ") for key in keys), "fit s"):
        table.add_column(heading)
    for method, figures in result["methods"].items():
        cells = [
            f"{x['mean']:.3f} [{x['low']:.3f}, {x['high']:.3f}]" if x else "-"
            for x in (figures[key] for key in keys)
        ]
        table.add_row(method, *cells, f"{figures['fit_s']['mean']:.3f}")
    Console().print(table)
    print(json.dumps(result["data"]))


def write(result: Mapping[str, Any]) -> None:
    """Keep the result beside those of other numbers of fillings."""
    kept = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.is_file() else {}
    kept[f"fillings_{result['fillings']}"] = result
    RESULT.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
    )


if __name__ == "__main__":
    main()
