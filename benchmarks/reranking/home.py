"""The home of all full English skills: those of which there are intents with samples.

Alexa's interaction models by Sayso's importer; lines of the other assistants' intent files as
`samples` reads them, their entity rows and the values marked in sentences as slot types. A third of
each intent's samples is taken out, filled, and asked; the skill is trained without them.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

from benchmarks import real_skills
from benchmarks.reranking.samples import samples_of
from sayso.errors import SaysoError
from sayso.skills import builtin_types, import_model
from sayso.skills.labels import labels
from sayso.skills.templates import slot_names
from sayso.types.lessons import Label
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue
from sayso.understanding.fold import fold

LOCALE = "en-US"
OTHERS = ("ovos", "thingpedia", "susi", "snips_alice", "rasa", "leon", "dialogflow")
SAID = ("template", "utterance", "user_turn_train", "user_turn_dev")
LEAST_SAMPLES = 2  # that a skill has of its own, or it is no full one
MOST_SAMPLES, MOST_VALUES = 40, 400  # of an intent, of a slot type; chosen by their hash
ASKED = 3  # every third sample of an intent is asked, where it has two at least
SEED = 1  # of the fillings that are asked; training's is 0


@dataclass(frozen=True, slots=True)
class Home:
    """Skills as they are trained, and what people say to each.

    asked: skill -> sentences that were held out; said: folded sentence -> the skills that have it,
    trained or held out; counts: what was read and what was left out.
    """

    skills: Sequence[Skill]
    asked: Mapping[str, Sequence[Label]]
    said: Mapping[str, frozenset[str]]
    counts: Mapping[str, Any]


def read_home(data: Path) -> Home:
    """All full English skills of DATA/skills."""
    counts: Counter[str] = Counter()
    whole = [*_alexa(data, counts), *(x for name in OTHERS for x in _other(data, name, counts))]
    skills, asked = [], {}
    said: dict[str, set[str]] = defaultdict(set)
    for skill in whole:
        trained, held = _halved(skill)
        own = {fold(label.text) for label in labels(trained, LOCALE)}
        sentences = [
            label
            for label in labels(held, LOCALE, per_sample=1, seed=SEED)
            if fold(label.text) not in own
        ]
        for text in own | {fold(label.text) for label in sentences}:
            said[text].add(skill.id)
        skills.append(trained)
        if sentences:
            asked[skill.id] = sentences
        counts["intents"] += len(trained.languages[0].intents)
        counts["samples"] += sum(len(x.samples) for x in trained.languages[0].intents)
    counts.update(skills=len(skills), asked_skills=len(asked))
    counts["sentences"] = sum(map(len, asked.values()))
    return Home(skills, asked, {text: frozenset(x) for text, x in said.items()}, dict(counts))


def _alexa(data: Path, counts: Counter[str]) -> Iterable[Skill]:
    for row in real_skills.read_rows(data):
        counts["read alexa"] += 1
        id = _id("alexa", row["skill_id"])
        try:
            language, _ = import_model(
                json.loads(row["model"]), id=id, name=row["skill_name"] or "", locale=row["locale"]
            )
        except SaysoError:
            counts["left out: not importable"] += 1
            continue
        own = [len(x.samples) for x in language.intents if not x.builtin]
        if sum(own) < LEAST_SAMPLES:
            counts["left out: too few samples of its own"] += 1
            continue
        counts["alexa"] += 1
        intents = tuple(_fewer(intent) for intent in language.intents)
        types = tuple(replace(x, values=_some(x.values, MOST_VALUES)) for x in language.types)
        language = replace(language, locale=LOCALE, intents=intents, types=types)
        name = row["skill_name"] or language.invocation_name or id
        yield Skill(id, name, languages=(language,))


def _other(data: Path, ecosystem: str, counts: Counter[str]) -> Iterable[Skill]:
    from pyarrow import parquet

    rows = parquet.read_table(data / ecosystem / "utterances.parquet").to_pylist()
    by_skill: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if (row["lang"] or "").startswith("en"):
            by_skill[row["skill"]].append(row)
    for name, own in sorted(by_skill.items()):
        counts[f"read {ecosystem}"] += 1
        language = _language(own)
        if sum(len(intent.samples) for intent in language.intents) < LEAST_SAMPLES:
            counts["left out: too few samples of its own"] += 1
            continue
        counts[ecosystem] += 1
        yield Skill(_id(ecosystem, name), _spoken_name(name), languages=(language,))


def _language(rows: Sequence[Mapping[str, Any]]) -> Language:
    """What the lines of one skill make."""
    samples: dict[str, dict[str, None]] = defaultdict(dict)
    values: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        if row["kind"] == "entity":
            values[_word(row["intent"])][row["text"]] = None
        if row["kind"] in SAID and not row["intent"].startswith("("):
            slots = json.loads(row["slots"] or "[]")
            for sample in samples_of(row, slots):
                samples[_word(row["intent"])][sample.text] = None
                for slot, words in sample.values:
                    values[_word(slot)][words] = None
    intents = [_fewer(_intent(name, list(own), values)) for name, own in samples.items()]
    types = [SlotType(name, _some(_values(own), MOST_VALUES)) for name, own in values.items()]
    return Language(LOCALE, intents=tuple(intents), types=tuple(types))


def _intent(name: str, samples: Sequence[str], values: Mapping[str, Any]) -> Intent:
    names = dict.fromkeys(slot for sample in samples for slot in slot_names(sample))
    slots = [Slot(slot, _word(slot) if _word(slot) in values else _builtin(slot)) for slot in names]
    return Intent(name, samples=tuple(samples), slots=tuple(slots))


def _builtin(slot: str) -> str:
    return builtin_types.PREFIX + builtin_types.list_name(slot)


def _values(texts: Iterable[str]) -> list[TypeValue]:
    """Entity rows: a value and its synonyms, joined by bars."""
    parts = [[part.strip() for part in text.split(" | ")] for text in texts]
    return [TypeValue(first, synonyms=tuple(more)) for first, *more in parts if first]


def _fewer(intent: Intent) -> Intent:
    return replace(intent, samples=_some(tuple(dict.fromkeys(intent.samples)), MOST_SAMPLES))


def _some(things: Sequence[Any], most: int) -> tuple[Any, ...]:
    if len(things) <= most:
        return tuple(things)
    return tuple(sorted(things, key=lambda thing: crc32(str(thing).encode()))[:most])


def _halved(skill: Skill) -> tuple[Skill, Skill]:
    """The skill as it is trained, and one of the samples that are held out."""
    (language,) = skill.languages
    kept, out = [], []
    for intent in language.intents:
        order = sorted(intent.samples, key=lambda text: crc32(text.encode()))
        aside = set() if intent.builtin else set(order[: len(order) // ASKED or len(order) // 2])
        kept.append(replace(intent, samples=tuple(x for x in intent.samples if x not in aside)))
        out.append(replace(intent, samples=tuple(x for x in intent.samples if x in aside)))
    return (
        replace(skill, languages=(replace(language, intents=tuple(kept)),)),
        replace(skill, languages=(replace(language, intents=tuple(out)),)),
    )


def _id(ecosystem: str, name: str) -> str:
    return f"{ecosystem}.{re.sub(r'[^A-Za-z0-9._-]+', '-', name)}"


def _spoken_name(name: str) -> str:
    bare = re.sub(r"^(ovos-skill-|mycroft-|skill-|org\.thingpedia\.)", "", name.split("/")[-1])
    return re.sub(r"[-_.]+", " ", bare).strip() or name


def _word(name: str) -> str:
    return re.sub(r"\W+", "_", name).strip("_") or "intent"
