"""Worlds for the benchmarks of learning: the example home, and a labelled set made into skills.

A labelled set (DATA/nlu/NAME: hwu64, clinc150, snips) becomes skills as a developer would write
them in a hurry: a skill for each domain (for each intent, where there are none), ten samples an
intent, catalogues of the values that its slots have. The other sentences are what people say.
"""

from __future__ import annotations

import json
import pickle
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sayso
from sayso.cli.demo import example_home
from sayso.evaluation.households.labelled import labelled_speech, template
from sayso.evaluation.households.phrasings import Speech, example_speech
from sayso.evaluation.testset import Expectation, ExpectedSlot
from sayso.runtime.engine import Engine
from sayso.runtime.load import load
from sayso.types.readings import Decision
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue

HOME = "home"
MOST_VALUES = 300
# Whose sentences of one intent and the same slots ask for different things: a question about
# anything, a tweet. To say another one in its place would be no rewrite.
OPEN = frozenset({"cooking", "general", "news", "oos", "qa", "recommendation", "social"})
SAMPLES = 10  # of an intent


def world(name: str, data: Path | None, bundle: Path) -> tuple[list[Skill], Speech, Engine]:
    """Skills, what is said to them, and an engine trained on them (kept in `bundle`)."""
    if name == HOME:
        skills = list(sayso.read_skills(example_home() / "skills"))
        speech = example_speech(skills)
    else:
        assert data is not None
        folder = data / "nlu" / name
        skills = skills_of(folder)
        speech = labelled_speech(_rows(folder), skills)
    if not bundle.exists():
        sayso.train(skills, bundle)
    return skills, speech, load(bundle)


def decided_before(path: Path, version: str) -> dict[tuple[str, str], Decision] | None:
    """What this very engine decided in an earlier run; None where there was none."""
    if not path.is_file():
        return None
    of, decided = pickle.loads(path.read_bytes())
    return decided if of == version else None


def skills_of(folder: Path) -> list[Skill]:
    """A skill a domain, from ten examples an intent."""
    samples: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    slots: dict[str, set[str]] = defaultdict(set)
    for row in _few(folder):
        text, domain = template(row["text"], _slots(row)), _domain(row)
        if text is not None and domain not in OPEN:
            samples[domain][row["intent"]].append(text)
            slots[row["intent"]] |= {slot.name for slot in _slots(row)}
    values = _values(folder, slots)
    return [
        Skill(
            domain.replace("_", "-"),
            domain,
            languages=(
                Language(
                    "en-US",
                    domain.replace("_", " "),
                    intents=tuple(_intent(name, mine, slots[name]) for name, mine in own.items()),
                    types=tuple(
                        SlotType(kind.upper(), tuple(TypeValue(v) for v in values[domain, kind]))
                        for kind in sorted({s for name in own for s in slots[name]})
                    ),
                ),
            ),
        )
        for domain, own in sorted(samples.items())
    ]


def _few(folder: Path) -> Iterator[dict[str, Any]]:
    """Ten sentences an intent: those that the set names, else its first."""
    named = folder / "train_fewshot_10.parquet"
    counts: Counter[str] = Counter()
    for row in _read(named if named.is_file() else folder / "train.parquet"):
        counts[row["intent"]] += 1
        if counts[row["intent"]] <= SAMPLES:
            yield row


def _domain(row: Mapping[str, Any]) -> str:
    return str(row["domain"] or row["intent"]).lower()


def _intent(name: str, samples: list[str], slots: set[str]) -> Intent:
    return Intent(
        name,
        samples=tuple(dict.fromkeys(samples)),
        slots=tuple(Slot(slot, slot.upper()) for slot in sorted(slots)),
    )


def _values(folder: Path, slots: Mapping[str, set[str]]) -> dict[tuple[str, str], list[str]]:
    """(domain, slot) -> the values that it has anywhere, as a developer's catalogue would."""
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for row in _read(folder / "train.parquet"):
        for slot in _slots(row):
            if slot.name in slots.get(row["intent"], ()):
                found[_domain(row), slot.name][slot.value] = None
    return {key: list(values)[:MOST_VALUES] for key, values in found.items()}


def _rows(folder: Path) -> Iterator[Expectation]:
    for part in ("train", "validation"):
        for row in _read(folder / f"{part}.parquet"):
            yield Expectation(row["text"], row["intent"], slots=_slots(row))


def _slots(row: Mapping[str, Any]) -> tuple[ExpectedSlot, ...]:
    return tuple(
        ExpectedSlot(slot["slot"], slot["value"], slot.get("start"))
        for slot in json.loads(row.get("slots") or "[]")
    )


def _read(path: Path) -> list[dict[str, Any]]:
    from pyarrow import parquet

    rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return rows
