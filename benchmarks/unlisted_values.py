"""Claim: a sample is understood as one whatever stands in its slots.

    python -m benchmarks.unlisted_values DATA/skills --write

DATA/skills holds the real Alexa models of `benchmarks.real_skills`. English skills of at least two
intents with four samples each, and of 400 samples at most, are two homes, every second skill in
each. Samples are filled with values of the other home's skills, which are in no catalogue here, and
read by a home trained on all samples, with and without what frames say (`framed`, see
`sayso.understanding.frames`). The price: the same homes trained on every second sample of each
intent, which read the others. The two weights of `framed` were chosen on these skills, by values of
another draw; nothing else was.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from rich.progress import track

from benchmarks.hardware import write_result
from benchmarks.real_skills import FILES, read_rows
from sayso.routing.rank import Ranker, Rankers
from sayso.runtime.engine import Engine
from sayso.runtime.load import load
from sayso.skills.alexa import import_model
from sayso.skills.labels import labels
from sayso.training.train import train
from sayso.types.context import Context
from sayso.types.lessons import Label
from sayso.types.readings import Outcome
from sayso.types.skills import Language, Skill
from sayso.understanding.values.resolve import Resolver

MOST_SAMPLES, LEAST_SAMPLES = 400, 4  # of a skill, of an intent
MOST_READ = 12  # sentences of a skill
LOCALE = "en-US"
HERE = Context(conversation="", now=datetime(2026, 11, 20, 9, tzinfo=UTC))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="read every n-th skill only")
    parser.add_argument("--write", action="store_true", help="write results/unlisted_values.json")
    args = parser.parse_args()
    if not all((args.folder / name).is_file() for name in FILES):
        print(f"skipped: {args.folder} has no {' or no '.join(FILES)}")
        return
    skills = [*real_skills(args.folder)][:: args.every]
    read: Counter[tuple[str, str, str]] = Counter()
    for home in (0, 1):
        mine, others = skills[home::2], skills[1 - home :: 2]
        asked = [x for skill in mine for x in unlisted(skill, values_of(others), seed=home + 10)]
        read += outcomes("unlisted", mine, asked)
        kept = [replace(skill, languages=(half(skill, 0),)) for skill in mine]
        left = [replace(skill, languages=(half(skill, 1),)) for skill in mine]
        asked = [x for skill in left for x in [*labels(skill, LOCALE, per_sample=1)][:MOST_READ]]
        read += outcomes("held out", kept, asked)
    result = figures(read)
    for name, found in result.items():
        print(f"{name}: {found}")
    if args.write:
        write_result("unlisted_values", {"skills": len(skills), **result})


def real_skills(folder: Path) -> Iterator[Skill]:
    """The skills that take part."""
    for row in read_rows(folder):
        name = row["skill_name"] or row["skill_id"]
        model = json.loads(row["model"])
        language, _ = import_model(model, id=row["skill_id"], name=name, locale=row["locale"])
        sizes = [len(intent.samples) for intent in language.intents if not intent.builtin]
        if sum(size >= LEAST_SAMPLES for size in sizes) >= 2 and sum(sizes) <= MOST_SAMPLES:
            yield Skill(row["skill_id"], name, languages=(replace(language, locale=LOCALE),))


def half(skill: Skill, which: int) -> Language:
    """A skill's language with every second sample of each intent."""
    language = skill.languages[0]
    intents = tuple(replace(x, samples=tuple(x.samples)[which::2]) for x in language.intents)
    return replace(language, intents=intents)


def values_of(skills: Sequence[Skill]) -> list[str]:
    """What stands in the catalogues of these, one to five words."""
    said = {
        value.value
        for skill in skills
        for kind in skill.languages[0].types
        for value in kind.values
    }
    return sorted(value for value in said if 1 <= len(value.split()) <= 5)


def unlisted(skill: Skill, values: Sequence[str], seed: int) -> Iterator[Label]:
    """Samples of a skill with other values in slots that any words may fill, or a catalogue's."""
    language, chance = skill.languages[0], Random(f"{seed}/{skill.id}")
    resolver = Resolver(language)
    made = [x for x in labels(skill, LOCALE, per_sample=1, seed=seed) if x.spans]
    chance.shuffle(made)
    count = 0
    for label in made:
        intent, text = language.intent(label.intent), label.text
        for span in reversed(label.spans):
            slot = intent.slot(span.name) if intent is not None else None
            if slot is not None and not resolver.is_read(slot):
                text = text[: span.start] + chance.choice(values) + text[span.end :]
        if text != label.text and count < MOST_READ:
            count += 1
            yield replace(label, text=text, spans=())


def outcomes(
    kind: str, skills: Sequence[Skill], asked: Sequence[Label]
) -> Counter[tuple[str, str, str]]:
    """What a home of these skills makes of the sentences, with frames and without."""
    found: Counter[tuple[str, str, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        train(skills, folder)
        engine = load(folder)
        ways = {"framed": engine.rankers, "unframed": unframed(engine.rankers)}
        for label in track(asked, f"{kind}: sentences"):
            for way, rankers in ways.items():
                engine.rankers = rankers
                found[kind, way, outcome(engine, label)] += 1
    return found


def unframed(rankers: Rankers) -> Rankers:
    """The same without what frames say."""

    def without(ranker: Ranker) -> Ranker:
        which = {**ranker.which, "framed": 0.0} if ranker.which is not None else None
        return replace(ranker, weights={**ranker.weights, "framed": 0.0}, which=which)

    tongues = {tongue: without(each) for tongue, each in rankers.tongues.items()}
    return Rankers(without(rankers.main), tongues)


def outcome(engine: Engine, label: Label) -> str:
    """Acted upon, rightly or wrongly; else whether what was meant came first."""
    decision = engine.decide(label.text, HERE)
    first = next(iter(decision.hypotheses), None)
    right = first is not None and (first.skill, first.intent) == (label.skill, label.intent)
    if decision.outcome is Outcome.ACT:
        return "right" if right else "wrong"
    return "first" if right else "missed"


def figures(read: Mapping[tuple[str, str, str], int]) -> dict[str, dict[str, float]]:
    """Shares of the sentences, by kind and way."""
    result: dict[str, dict[str, float]] = {}
    for kind, way in sorted({key[:2] for key in read}):
        counts = {name: read[kind, way, name] for name in ("right", "wrong", "first", "missed")}
        total = sum(counts.values())
        result[f"{kind}, {way}"] = {
            "sentences": total,
            "acted_rightly": round(counts["right"] / total, 4),
            "acted_wrongly": round(counts["wrong"] / total, 4),
            "meant_comes_first": round((counts["right"] + counts["first"]) / total, 4),
        }
    return result


if __name__ == "__main__":
    main()
