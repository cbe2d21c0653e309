"""How well Sayso reads German, Spanish, French, Italian, Japanese, Portuguese and Hindi.

    python -m benchmarks.locales FOLDER --write

FOLDER holds `skills/` with the two parquet files of Alexa models, and the validation sentences of
xSID under `nlu/xsid`. Needs the extra `multilingual`. Four measurements:

- own samples: every model of these languages is imported, trained as `sayso train` does, and its
  own samples, filled with another seed, are read by the whole engine (as benchmarks/alexa_models.py
  counts them: a sample that two intents share is right with either).
- halves: the protocol of benchmarks/real_skills.py, three fillings a training sample: half of each
  intent's utterances train, the rest test; mean over skills. `shared` is read with the multilingual
  encoder's vectors, with those of the encoder of English, and with none; `maxent-crf` as it is.
- xsid: trained on two thirds of the English sentences, tested on translations of the other third
  in languages that were never seen. Intents only: the English side has no slots.
- the encoder: median time of a text of some ten words beside the packaged encoder's, memory.

The skills are few and the settings were chosen on them: a check that it works, no comparison of
languages.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table
from threadpoolctl import threadpool_limits

from benchmarks.alexa_models import SEED
from benchmarks.hardware import write_result
from benchmarks.real_skills import FILES, Case, Tally, make_case, progress_bar, score, split
from sayso.encoders import Encoder, Encoders
from sayso.encoders.multilingual import Multilingual, installed
from sayso.errors import SaysoError
from sayso.runtime.engine import Engine
from sayso.runtime.engine_settings import EngineSettings
from sayso.runtime.load import load
from sayso.skills import import_model
from sayso.skills.labels import labels
from sayso.training.train import train
from sayso.types.context import Context
from sayso.types.lessons import Label
from sayso.types.readings import Utterance
from sayso.types.skills import Language, Skill
from sayso.understanding import maxent_crf, shared
from sayso.understanding.contract import Heard, Reading, SkillModel
from sayso.understanding.fold import fold
from sayso.understanding.heard import TextEncoder, clean, hear_all

LANGUAGES = ("de", "es", "fr", "it", "ja", "pt", "hi")
XSID = Path("nlu", "xsid", "validation.parquet")
ZERO_SHOT = ("de", "it", "ja", "nl", "tr", "zh", "ar")
SENTENCES = (
    "stell bitte einen Wecker auf morgen früh um sieben Uhr dreißig",
    "quelle sera la météo demain matin dans le sud de la France",
    "明日の朝七時に目覚ましをかけて、それから天気を教えて",
    "por favor añade leche y pan a la lista de la compra",
)
REPEATS = 100

Hearings = Mapping[str, Mapping[str, Heard]]  # by encoder, by text


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="commit the result to results/")
    arguments = parser.parse_args()
    needed = [*(Path("skills", name) for name in FILES), XSID]
    missing = [str(path) for path in needed if not (arguments.folder / path).is_file()]
    if missing or not installed():
        sys.exit(f"skipped: lacks {', '.join(missing) or 'the extra multilingual'}")
    with threadpool_limits(1, "blas"):
        result = measure(arguments.folder, arguments.seeds)
    show(result)
    if arguments.write:
        write_result("locales", result)


def measure(folder: Path, seeds: int) -> dict[str, Any]:
    default = Encoder.load()
    before = psutil.Process().memory_info().rss
    multilingual = Multilingual.load()
    megabytes = (psutil.Process().memory_info().rss - before) / 1e6
    skills, imports = read_skills(folder / "skills")
    with progress_bar() as bar:
        own = own_samples(skills, Encoders(default), bar)
        halves, sizes = held_out(skills, default, multilingual, seeds, bar)
    return {
        "imports": imports,
        "own_samples": own,
        "halves": {"skills": sizes, "seeds": seeds, "fillings": 3, "methods": halves},
        "xsid": zero_shot(folder / XSID, default, multilingual),
        "encoder": {**speed(default, multilingual), "memory_mb": round(megabytes)},
    }


def read_skills(folder: Path) -> tuple[list[Skill], dict[str, Any]]:
    """Every model of these languages, in the locale it names; and what failed."""
    from pyarrow import parquet

    columns = ["skill_id", "skill_name", "locale", "lang_text", "model"]
    found = [
        row
        for name in FILES
        for row in parquet.read_table(folder / name, columns=columns).to_pylist()
    ]
    skills: dict[tuple[str, str], Skill] = {}
    counts: Counter[str] = Counter()
    failures = []
    for row in sorted(found, key=lambda row: (row["skill_id"], str(row["locale"]))):
        tongue = row["lang_text"]
        # A model in another language than its locale says is read for what it is.
        locale = row["locale"] if str(row["locale"]).startswith(tongue) else f"{tongue}-XX"
        if tongue not in LANGUAGES or (row["skill_id"], tongue) in skills:
            continue
        counts[f"{tongue} models"] += 1
        try:
            language, accounting = import_model(
                json.loads(row["model"]),
                id=row["skill_id"],
                name=row["skill_name"] or "skill",
                locale=locale,
            )
        except SaysoError as error:
            failures.append(f"{row['skill_id']}: {error}")
            continue
        counts[f"{tongue} imported"] += 1
        counts["accounting_adds_up"] += accounting.adds_up
        skills[row["skill_id"], tongue] = Skill(
            row["skill_id"], row["skill_name"] or "skill", languages=(language,)
        )
    return list(skills.values()), {**counts, "failures": failures}


def tongue_of(language: Language) -> str:
    return language.locale.split("-")[0]


def own_samples(skills: Sequence[Skill], encoders: Encoders, bar: Progress) -> dict[str, Any]:
    """By language: skills trained, samples read, and the share that came back, and acted upon."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    job = bar.add_task("own samples", total=len(skills))
    for skill in skills:
        (language,) = skill.languages
        if any(not intent.builtin for intent in language.intents):
            read_back(skill, encoders, counts[tongue_of(language)])
        bar.advance(job)
    return {
        tongue: {
            "skills": count["trained"],
            "samples": count["samples"],
            "came_back": round(count["right"] / max(count["samples"], 1), 4),
            "acted": round(count["acted"] / max(count["samples"], 1), 4),
            "known_acted": round(count["known_acted"] / max(count["samples"], 1), 4),
        }
        for tongue, count in sorted(counts.items())
    }


def read_back(skill: Skill, encoders: Encoders, count: Counter[str]) -> None:
    """Train a home of one skill and read its own samples, as alexa_models.py does.

    acted: the right intent was acted upon, with no sentence looked up; known_acted: looked up.
    """
    (language,) = skill.languages
    with tempfile.TemporaryDirectory() as folder:
        bundle = train([skill], folder, encoder=encoders)
        settings = EngineSettings(known_sentences=False)
        reader = load(bundle, encoder=encoders, settings=settings)
        usual = load(bundle, encoder=encoders)
        own = [
            label
            for label in labels(skill, language.locale, per_sample=1, seed=SEED)
            if not label.intent.startswith("AMAZON.")
        ]
        allowed = defaultdict(set)
        for label in own:
            allowed[fold(label.text)].add(label.intent)
        count["trained"] += 1
        for label in own:
            right = allowed[fold(label.text)]
            count["samples"] += 1
            readings = reader.understand(label.text, locale=language.locale)
            count["right"] += bool(readings) and readings[0].intent in right
            count["acted"] += acts(reader, label.text, language.locale, right)
            count["known_acted"] += acts(usual, label.text, language.locale, right)


def acts(engine: Engine, text: str, locale: str, right: set[str]) -> bool:
    context = Context(conversation="", now=datetime(2026, 1, 5, 9, tzinfo=UTC), locale=locale)
    chosen = engine.decide(text, context).chosen
    return chosen is not None and chosen.intent in right


def held_out(
    skills: Sequence[Skill],
    default: Encoder,
    multilingual: Multilingual,
    seeds: int,
    bar: Progress,
) -> tuple[dict[str, Any], dict[str, int]]:
    """By method and language: macro intent accuracy and slot F1; and how many skills took part."""
    counts: Counter[str] = Counter()
    cases = [
        case
        for skill in skills
        if (case := make_case(skill.id, skill.languages[0], 3, counts)) is not None
    ]
    heard = hearings(cases, default, multilingual, bar)
    job = bar.add_task("skills x seeds", total=len(cases) * seeds)
    tallies: dict[str, dict[tuple[str, str], Tally]] = {name: {} for name in METHODS}
    for case in cases:
        for seed in range(seeds):
            train, test = split(case, seed)
            for name, (method, encoder) in METHODS.items():
                key = (tongue_of(case.language), case.id)
                tally = tallies[name].setdefault(key, Tally())
                model = method(case, train, heard[encoder])
                score(partial(_best, model), test, heard[encoder], tally)
            bar.advance(job)
    sizes = Counter(tongue_of(case.language) for case in cases)
    tongues = [*sorted(sizes), "all"]
    figures = {
        name: {tongue: summary(tally, tongue) for tongue in tongues}
        for name, tally in tallies.items()
    }
    return figures, {**sizes, "all": len(cases)}


def _best(model: SkillModel, said: Heard) -> Reading:
    return model.read(said, limit=1)[0]


def _advance(bar: Progress, job: TaskID, done: int) -> None:
    bar.update(job, completed=done)


def hearings(
    cases: Sequence[Case], default: Encoder, multilingual: Multilingual, bar: Progress
) -> Hearings:
    texts = {label.text for case in cases for label in (*case.utterances, *case.names)}
    texts |= {x.text for case in cases for more in case.more.values() for x in more}
    said = [Utterance(text, text) for text in sorted(texts)]
    encoders: dict[str, TextEncoder | None] = {
        "multilingual": multilingual,
        "default": default,
        "none": None,
    }
    heard = {}
    for name, encoder in encoders.items():
        job = bar.add_task(f"hearing, {name}", total=len(said))
        several = hear_all(said, encoder, partial(_advance, bar, job))
        heard[name] = {one.utterance.text: one for one in several}
    heard["sentences"] = {
        text: replace(x, states=None) for text, x in heard["multilingual"].items()
    }
    return heard


def fit_shared(case: Case, train: Sequence[Label], heard: Mapping[str, Heard]) -> SkillModel:
    lessons = [*train, *case.names]
    return shared.fit(lessons, [heard[label.text] for label in lessons], case.language)


def fit_maxent_crf(case: Case, train: Sequence[Label], heard: Mapping[str, Heard]) -> SkillModel:
    return maxent_crf.fit(train, [heard[label.text] for label in train], case.language)


Fit = Callable[[Case, Sequence[Label], Mapping[str, Heard]], SkillModel]
METHODS: Mapping[str, tuple[Fit, str]] = {
    "maxent-crf": (fit_maxent_crf, "none"),
    "shared, words alone": (fit_shared, "none"),
    "shared, encoder of English": (fit_shared, "default"),
    "shared, multilingual, sentences only": (fit_shared, "sentences"),
    "shared, multilingual": (fit_shared, "multilingual"),
}


def summary(tallies: Mapping[tuple[str, str], Tally], tongue: str) -> dict[str, float | None]:
    mine = [tally for (spoken, _), tally in tallies.items() if tongue in (spoken, "all")]
    slots = [tally.slot_f1 for tally in mine if tally.slot_f1 is not None]
    return {
        "intent_accuracy": round(float(np.mean([np.mean(tally.accuracy) for tally in mine])), 4),
        "slot_f1": round(float(np.mean(slots)), 4) if slots else None,
    }


def zero_shot(file: Path, default: Encoder, multilingual: Multilingual) -> dict[str, Any]:
    """Trained on English alone: intent accuracy in each language, by encoder."""
    from pyarrow import parquet

    columns = ["text", "text_en", "intent", "locale"]
    rows = [row for row in parquet.read_table(file, columns=columns).to_pylist() if row["text_en"]]
    english = {fold(row["text_en"]): (row["text_en"], row["intent"]) for row in rows}
    sentences = sorted(english)
    random.Random(0).shuffle(sentences)
    taught = set(sentences[: len(sentences) * 2 // 3])
    chosen = [english[sentence] for sentence in sorted(taught)]
    lessons = [Label(clean(text), "xsid", intent, "de-DE") for text, intent in chosen]
    accuracy: dict[str, Any] = {"english_sentences": len(lessons)}
    for name, encoder in (("default", default), ("multilingual", multilingual)):
        heard = hear_all([label.text for label in lessons], encoder)
        model = shared.fit(lessons, heard, Language("de-DE"))
        accuracy[name] = {}
        for tongue in ("en", *ZERO_SHOT):
            spoken = "de" if tongue == "en" else tongue
            test = [
                row
                for row in rows
                if row["locale"] == spoken and fold(row["text_en"]) not in taught
            ]
            texts = [row["text_en" if tongue == "en" else "text"] for row in test]
            likeliest = [model.likely(one)[0][0] for one in hear_all(texts, encoder)]
            right = [row["intent"] == guess for row, guess in zip(test, likeliest, strict=True)]
            accuracy[name][tongue] = round(statistics.mean(right), 4)
    return accuracy


def speed(default: Encoder, multilingual: Multilingual) -> dict[str, float]:
    """Median milliseconds a text, the two encoders by turns."""
    times: dict[str, list[float]] = {"default": [], "multilingual": []}
    for _ in range(REPEATS):
        for sentence in SENTENCES:
            for name, encoder in (("default", default), ("multilingual", multilingual)):
                start = time.perf_counter()
                encoder.encode([sentence])
                times[name].append(1e3 * (time.perf_counter() - start))
    return {f"{name}_p50_ms": round(statistics.median(taken), 2) for name, taken in times.items()}


def show(result: Mapping[str, Any]) -> None:
    methods = result["halves"]["methods"]
    tongues = list(result["halves"]["skills"])
    table = Table(title="held-out halves: intent accuracy / slot F1")
    table.add_column("method")
    for tongue in tongues:
        table.add_column(f"{tongue} ({result['halves']['skills'][tongue]})")
    for name, figures in methods.items():
        cells = (figures[tongue] for tongue in tongues)
        table.add_row(
            name, *(f"{x['intent_accuracy']:.3f} / {x['slot_f1'] or 0:.3f}" for x in cells)
        )
    Console().print(table)
    for name in ("imports", "own_samples", "xsid", "encoder"):
        print(name, json.dumps(result[name], indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
