"""The targets: real skills and public sets, as the same nouns, with fixed seeds."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.real_skills import Case, make_case, make_cases, read_rows, split
from sayso.skills.templates import slot_names
from sayso.types.lessons import Label, LabelSource, Span
from sayso.types.skills import Intent, Language, Slot, SlotType, TypeValue
from sayso.understanding.heard import clean

SIZES: tuple[int | None, ...] = (5, 10, 25, 50, 100, None)  # utterances an intent; None is all
SETS = ("clinc150", "banking77", "hwu64", "snips", "slurp")
ECOSYSTEMS = ("ovos", "rasa", "thingpedia")
KINDS = ("template", "utterance", "example", "user_turn_train", "user_turn_dev")
MOST_AN_INTENT = 200  # an OVOS template stands for thousands of sentences that differ in a number
TUNING_SHARE = 5  # one skill in so many is for tuning and is never reported
LOCALE = "en-US"


@dataclass(frozen=True, slots=True)
class Target:
    """A skill or a set. train[seed] in the order in which subsamples take it; test[seed].

    kind: `alexa`, `ovos`, `rasa`, `thingpedia` or `set`.
    """

    id: str
    kind: str
    language: Language
    names: Sequence[Label]
    parts: Sequence[tuple[Sequence[Label], Sequence[Label]]]

    def largest(self, seed: int) -> int:
        """Training utterances of its largest intent."""
        return max(Counter(label.intent for label in self.parts[seed][0]).values())

    def sizes(self, seed: int, wanted: Sequence[int | None]) -> list[int]:
        """Sizes that differ: one as large as the largest intent stands for all above it."""
        most = self.largest(seed)
        return sorted({min(size or most, most) for size in wanted})


def subsample(labels: Sequence[Label], size: int) -> list[Label]:
    """The first `size` utterances of each intent: smaller subsamples are part of larger ones."""
    taken: Counter[str] = Counter()
    chosen = []
    for label in labels:
        taken[label.intent] += 1
        if taken[label.intent] <= size:
            chosen.append(label)
    return chosen


def for_tuning(id: str) -> bool:
    """Whether a skill is one of those that settings are chosen on."""
    return int(hashlib.sha256(id.encode()).hexdigest(), 16) % TUNING_SHARE == 0


def stratified(targets: Sequence[Target], wanted: int | None) -> list[Target]:
    """Skills evenly over kinds and sizes: every k-th in that order."""
    ordered = sorted(targets, key=lambda x: (x.kind, len(x.parts[0][0]), x.id))
    if wanted is None or wanted >= len(ordered):
        return ordered
    return [ordered[(2 * place + 1) * len(ordered) // (2 * wanted)] for place in range(wanted)]


def read_skills(data: Path, seeds: int) -> list[Target]:
    """English Alexa skills, and those of other ecosystems, that take part in `real_skills`."""
    cases, _ = make_cases(read_rows(data / "skills"), 1)
    targets = [_target(case, "alexa", seeds) for case in cases]
    for kind in ECOSYSTEMS:
        rows = _rows(data / "skills" / kind / "utterances.parquet")
        english = [row for row in rows if row["lang"] == "en"]
        for name in sorted({row["skill"] for row in english}):
            case = _bot([row for row in english if row["skill"] == name], f"{kind}:{name}")
            if case is not None:
                targets.append(_target(case, kind, seeds))
    return targets


def read_set(data: Path, name: str, seeds: int) -> Target:
    """A public set: test is its validation part. Out-of-scope rows are left out."""
    train, test = (
        [x for x in map(set_label, _rows(data / "nlu" / name / f"{part}.parquet")) if x]
        for part in ("train", "validation")
    )
    slots: dict[str, dict[str, None]] = {}
    for label in train:
        slots.setdefault(label.intent, {}).update(dict.fromkeys(x.name for x in label.spans))
    intents = [
        Intent(intent, slots=[Slot(slot, slot) for slot in names])
        for intent, names in slots.items()
    ]
    orders = [random.Random(f"{seed}/{name}").sample(train, len(train)) for seed in range(seeds)]
    language = Language(LOCALE, intents=intents)
    known = [label for label in test if label.intent in slots]
    return Target(name, "set", language, (), [(order, known) for order in orders])


def set_label(row: Mapping[str, Any]) -> Label | None:
    """A row of a public set; None for one without an intent, or out of scope."""
    if not row["intent"] or row["intent"] == "oos":
        return None
    text = clean(row["text"])
    tokens, tags = row.get("tokens"), row.get("tags")
    spans = () if tokens is None or tags is None else token_spans(text, tokens, tags)
    return Label(text, "set", row["intent"], LOCALE, spans, source=LabelSource.TEST)


def token_spans(text: str, tokens: Iterable[str], tags: Iterable[str]) -> tuple[Span, ...]:
    """BIO tags of tokens as characters of the text; a token that is not found there is passed."""
    spans: list[Span] = []
    at = 0
    for token, tag in zip(tokens, tags, strict=True):
        start = text.find(token, at)
        if start < 0:
            continue
        at = start + len(token)
        kind, _, name = tag.partition("-")
        if kind == "I" and spans and spans[-1].name == name:
            spans[-1] = Span(name, spans[-1].start, at)
        elif kind != "O":
            spans.append(Span(name, start, at))
    return tuple(spans)


def _target(case: Case, kind: str, seeds: int) -> Target:
    parts = [split(case, seed) for seed in range(seeds)]
    return Target(case.id, kind, case.language, case.names, parts)


def _bot(rows: Sequence[Mapping[str, Any]], id: str) -> Case | None:
    """A skill of another ecosystem: braces are slots, and a value said aloud becomes its brace."""
    samples: dict[str, dict[str, None]] = {}
    values: dict[str, dict[str, None]] = {}
    for row in rows:
        if row["kind"] == "entity":
            values.setdefault(row["intent"], {}).update(dict.fromkeys(row["text"].split(" | ")))
        if row["kind"] not in KINDS or not row["plain"]:
            continue
        sample = clean(row["plain"])
        for slot in json.loads(row["slots"] or "[]"):
            if slot.get("value") and slot["value"] in sample:
                sample = sample.replace(slot["value"], "{" + slot["name"] + "}", 1)
                values.setdefault(slot["name"], {}).setdefault(slot["value"])
        samples.setdefault(row["intent"], {}).setdefault(sample)
    chance = random.Random(id)
    intents = []
    for name, texts in samples.items():
        chosen = chance.sample(list(texts), min(len(texts), MOST_AN_INTENT))
        slots = dict.fromkeys(slot for text in chosen for slot in slot_names(text))
        intents.append(Intent(name, chosen, [Slot(x, _type(x, values)) for x in slots]))
    types = [SlotType(name, [TypeValue(x) for x in given]) for name, given in values.items()]
    language = Language(LOCALE, intents=intents, types=types)
    return make_case(id, language, 1, Counter())


def _type(slot: str, values: Mapping[str, Any]) -> str:
    return slot if slot in values else "AMAZON.SearchQuery"


def _rows(path: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows
